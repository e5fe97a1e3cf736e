import { afterAll, expect, it } from "vitest";
import { endSpareProcesses } from "../../../sandbox/execution-environment.ts";
import { ALARM_IDS } from "../../../sandbox/scenarios/alarm-watch.ts";
import { playScenario } from "../../../sandbox/scenarios/play-scenario.ts";
import { findScenarios, listScenarios, runScenarios, SCENARIOS } from "../../../sandbox/scenarios/run-scenarios.ts";
import type { Scenario } from "../../../sandbox/scenarios/scenario.ts";
import { buildTemporaryBundle } from "../../../sandbox/world.ts";
import { findLeaks } from "../../e2e/fixtures/leaks.ts";
import { createTranscript } from "./transcript.ts";

const bundle = buildTemporaryBundle();
afterAll(() => {
  endSpareProcesses();
  bundle.remove();
});

const MIDNIGHT_MS = Date.UTC(2026, 0, 1);

function scenarioCalled(name: string): Scenario {
  const [scenario] = findScenarios(name) ?? [];
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  return scenario;
}

async function play(scenario: Scenario) {
  const transcript = createTranscript();
  const played = await playScenario(bundle.path, scenario, MIDNIGHT_MS, transcript);
  return { ...played, text: transcript.text() };
}

it.concurrent.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  "ends %s as it claims, and shows no secret",
  async (_, scenario) => {
    const { problems, text } = await play(scenario);

    expect(problems).toEqual([]);
    expect(findLeaks(text, ["sandbox-client-secret"])).toEqual([]);
  },
  // Half a day is 64 runs.
  60_000,
);

it("tells a story of every alarm", () => {
  const told = new Set(SCENARIOS.flatMap(({ alarms }) => alarms));

  expect(ALARM_IDS.filter((id) => !told.has(id))).toEqual([]);
});

it("tells losses where a pair is lost, and nowhere else", () => {
  const losses = SCENARIOS.filter(({ isLost }) => isLost).map(({ name }) => name);

  expect(losses).toEqual(["both-stores-out", "answer-lost", "answer-cut-off", "killed-after-exchange"]);
});

it.concurrent("shows what a tick did, wrote and raised, what was lost, and what to type and read", async () => {
  const { text } = await play(scenarioCalled("malformed"));

  const lines = text.split("\n").map((line) => line.trim());
  expect(lines[0]).toBe("malformed  somebody saves a note into the token secret by mistake");
  expect(lines).toContain("metrics   Severity 4");
  expect(lines).toContain(
    "ALARM     PersonNeeded: A connection cannot go on without a person: npx --no xt-token connections says which, status says what to type",
  );
  expect(lines).toContain("… and 3 more until day 0 00:45: halted ×3");
  expect(lines).toContain("✓ the newest refresh token that XT issued is in a version beside AWSCURRENT");
  expect(lines).toContain("type      npx --no xt-token status");
  expect(lines).toContain(
    "see       AWSCURRENT of the token secret holds no token pair, and ticks leave it unchanged: the value must be JSON, type npx --no xt-token recover",
  );
  expect(lines).toContain("read      docs/runbook.md#personneeded");
  expect(lines).toContain("OK        PersonNeeded");
  expect(lines).toContain("✓ XT granted 2 of 2 requests for a pair: no token was spent twice");
});

it.concurrent("says that a pair is lost where it is, and that it is not where a person has authorized again", async () => {
  const { text } = await play(scenarioCalled("answer-cut-off"));

  const lost = text.indexOf("✗ the newest refresh token that XT issued reached no store: it is lost");
  const mended = text.indexOf("✓ the newest refresh token that XT issued is in AWSCURRENT");
  expect(lost).toBeGreaterThan(-1);
  expect(mended).toBeGreaterThan(lost);
});

const UNTRUE: readonly (readonly [string, Partial<Scenario>, problem: string])[] = [
  [
    "another outcome",
    { scenes: [{ title: "the renewal is due", expected: { settled: 1 } }] },
    '"the renewal is due" came to rotated ×1, expected settled ×1',
  ],
  ["another alarm", { alarms: ["PersonNeeded"] }, "the alarms were none, expected PersonNeeded"],
  ["a loss", { isLost: true }, "a pair was not lost, expected otherwise"],
  [
    "no remedy where there is a need of one",
    {
      scenes: [
        {
          title: "spoilt",
          prepare: ({ secretsManager }) => secretsManager.put("xt/token", "note"),
          expected: { halted: 1 },
        },
      ],
      alarms: ["PersonNeeded"],
    },
    "AWSCURRENT does not hold XT's newest living refresh token in the end",
  ],
];

it.concurrent.each(UNTRUE)("finds a scenario out that claims %s", async (_, claim, problem) => {
  const scenario = { ...scenarioCalled("store-hiccup"), ...claim };

  const { problems } = await play(scenario);

  expect(problems).toEqual([problem]);
});

it("sums several scenarios up in a table, with each one's loss and alarms, and names those that went wrong", async () => {
  // given
  const transcript = createTranscript();
  const scenarios = [
    scenarioCalled("reseeded-meanwhile"),
    { ...scenarioCalled("answer-cut-off"), name: "gone-wrong", alarms: [] },
  ];

  // when
  const problems = await runScenarios(bundle.path, scenarios, transcript);

  // then
  expect(problems).toEqual(["gone-wrong: the alarms were PersonNeeded, expected none"]);
  expect(transcript.text().split("\n").slice(-3)).toEqual([
    "  scenario            lost    alarms",
    "✓ reseeded-meanwhile  -       -",
    "✗ gone-wrong          a pair  PersonNeeded",
  ]);
});

it("lists every scenario with its sentence", () => {
  const transcript = createTranscript();

  listScenarios(transcript);

  const lines = transcript.text().split("\n");
  expect(lines).toHaveLength(SCENARIOS.length + 1);
  expect(lines[0]).toBe(
    "life                       a connection is seeded, renewed at two thirds of its life, and settled after a run that dies",
  );
  expect(lines.at(-1)).toBe("all                        plays them one after another and sums them up");
});

it("finds a scenario by its name, all of them by `all`, and none by any other", () => {
  expect(findScenarios("held")?.map(({ name }) => name)).toEqual(["held"]);
  expect(findScenarios("all")).toHaveLength(24);
  expect(findScenarios("no-such-thing")).toEqual([]);
  expect(findScenarios(undefined)).toBeUndefined();
});
