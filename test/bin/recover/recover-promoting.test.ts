import { expect, it } from "vitest";
import type { Fault } from "../../../sandbox/faults.ts";
import { createPerson, MINUTE_MS, startPeopleWorld } from "../fixtures/people-world.ts";
import { id, pairOf, runRecover } from "../fixtures/recovering.ts";

const YES = { yes: true } as const;
const DENIED: Fault = { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' };

it("says what will change, asks, and puts the chosen pair in use", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: good } = world.aws.labels("token");
  world.aws.put("token", "plain text", { versionId: id("b") });
  const person = createPerson("9", "1", true);

  const run = await runRecover(world, { person });

  expect(run.exit).toBe(0);
  expect(run.questions).toEqual([
    "number of the pair to put in use (1; 0 leaves all as it is)",
    "number of the pair to put in use (1; 0 leaves all as it is)",
    "go ahead?",
  ]);
  expect(run.screen.slice(-4)).toEqual([
    "xt-token: it must be 1 or 0",
    `AWSCURRENT moves from version ${id("b")}, which becomes AWSPREVIOUS, to version ${good}`,
    "workloads read an access token that has expired, or may have, until the next tick has renewed it",
    expect.stringMatching(
      new RegExp(`^version ${good} of token is in use, the next tick takes it up: npx xt-token status `),
    ),
  ]);
  expect(world.aws.labels("token")).toMatchObject({ AWSCURRENT: good, AWSPREVIOUS: id("b") });
});

it.each([
  ["0", ["0"]],
  ["no to the last question", ["1", false]],
])("leaves all as it is at %s", async (_what, answers) => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  world.aws.put("token", "plain text", { versionId: id("b") });

  const run = await runRecover(world, { person: createPerson(...answers) });

  expect(run.exit).toBe(3);
  expect(world.aws.labels("token")["AWSCURRENT"]).toBe(id("b"));
});

it("promotes without a terminal what --promote names and --yes confirms", async () => {
  const world = await startPeopleWorld({ token: pairOf("a", { expires_at: "2026-11-24T12:00:00.000Z" }) });
  const { AWSCURRENT: good = "" } = world.aws.labels("token");
  world.aws.put("token", "plain text");

  const run = await runRecover(world, { given: { promote: good, ...YES } });

  expect(run).toMatchObject({ exit: 0, questions: [] });
  expect(world.parameterStore.calls.map(({ operation }) => operation)).toEqual(["GetParametersByPath"]);
  expect(run.screen).toContain("workloads read its access token, which lives until 2026-11-24 12:00:00Z");
  expect(world.aws.labels("token")["AWSCURRENT"]).toBe(good);
});

it("changes nothing without a terminal and without --yes", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: good = "" } = world.aws.labels("token");
  world.aws.put("token", "plain text", { versionId: id("b") });

  const run = await runRecover(world, { given: { promote: good } });

  expect(run.exit).toBe(3);
  expect(run.screen.at(-1)).toBe("xt-token: left as it is; with --promote, --yes goes ahead without asking");
  expect(world.aws.labels("token")["AWSCURRENT"]).toBe(id("b"));
});

it("has nothing to do for the version in use", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: current = "" } = world.aws.labels("token");

  const run = await runRecover(world, { given: { promote: current, ...YES } });

  expect(run.exit).toBe(0);
  expect(run.screen.at(-1)).toBe(`nothing to do, version ${current} of token is in use`);
});

it.each(["nonsense", id("c")])("refuses to promote %s, which is no version that holds a pair", async (promote) => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  world.aws.put("token", "plain text", { versionId: id("c") });

  const run = await runRecover(world, { given: { promote, ...YES } });

  expect(run.exit).toBe(2);
  expect(run.screen.at(-1)).toBe("xt-token: --promote must be the id of a version in the list that holds a pair");
});

it("warns that the next tick undoes it, and the next tick does", async () => {
  const world = await startPeopleWorld({ token: "grant" });
  await world.tick();
  const { AWSCURRENT: newest, AWSPREVIOUS: spent = "" } = world.aws.labels("token");

  const run = await runRecover(world, { given: { promote: spent, ...YES } });
  const moved = world.aws.labels("token")["AWSCURRENT"];
  await world.tick();

  expect(run.exit).toBe(0);
  expect(run.screen).toEqual(
    expect.arrayContaining([
      `xt-token: the next tick undoes it: version ${newest} under XT_ISSUED descends from this one and is promoted again`,
      `xt-token: it was succeeded by version ${newest}, and XT will most likely refuse its refresh token`,
    ]),
  );
  expect(run.screen.at(-1)).toMatch(
    new RegExp(
      `^version ${spent} of token is in use until the next tick promotes ${newest} again: npx xt-token status `,
    ),
  );
  expect(moved).toBe(spent);
  expect(world.aws.labels("token")["AWSCURRENT"]).toBe(newest);
});

it("does not warn of ticks for a pair that they leave in use", async () => {
  const world = await startPeopleWorld({ token: "grant" });
  await world.tick();
  const { AWSCURRENT: good = "" } = world.aws.labels("token");
  world.aws.put("token", "plain text");

  const run = await runRecover(world, { given: { promote: good, ...YES } });

  expect(run.screen.filter((line) => line.startsWith("xt-token:"))).toEqual([]);
  expect((await world.tick()).outcome).toBe("idle");
  expect(world.aws.labels("token")["AWSCURRENT"]).toBe(good);
});

it.each([
  ["2026-11-23T11:50:00.001Z", 1],
  ["2026-11-23T11:50:00.000Z", 0],
])("warns of a run whose deadline is %s as often as %i times", async (deadline, times) => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: good = "" } = world.aws.labels("token");
  world.aws.put("token", pairOf("b"), { versionId: id("b") });
  const record = { parent: id("b"), attempt: 1, run: "run-1", nonce: "n", started_at: deadline, deadline_at: deadline };
  world.aws.put("token", JSON.stringify({ kind: "attempt", ...record }), { labels: ["XT_ATTEMPT"] });

  const run = await runRecover(world, { given: { promote: good, ...YES } });

  expect(run.screen.filter((line) => line.startsWith("xt-token: a rotation may be at work"))).toHaveLength(times);
});

it("warns of an expired refresh token", async () => {
  const world = await startPeopleWorld({ token: pairOf("a", { refresh_expires_at: "2026-11-23T12:00:00.000Z" }) });
  const { AWSCURRENT: expired = "" } = world.aws.labels("token");
  world.aws.put("token", pairOf("b"));

  const run = await runRecover(world, { given: { promote: expired, ...YES } });

  expect(run.screen).toContain("xt-token: its refresh token has expired, and XT will refuse it");
});

it("never overwrites what somebody else put in use meanwhile", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: good = "" } = world.aws.labels("token");
  world.aws.put("token", "plain text");
  const reseed = () => void world.aws.put("token", '{"refresh_token":"seeded"}', { versionId: id("f") });
  world.aws.setFaults(({ operation }) =>
    operation === "UpdateSecretVersionStage" ? { kind: "act", when: "before", act: reseed } : undefined,
  );

  const run = await runRecover(world, { given: { promote: good, ...YES } });

  expect(run.exit).toBe(1);
  expect(run.screen.at(-1)).toMatch(new RegExp(`^xt-token: AWSCURRENT of token was moved to version ${id("f")} by`));
  expect(world.aws.labels("token")["AWSCURRENT"]).toBe(id("f"));
});

it("names the permission that promoting needs", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: good = "" } = world.aws.labels("token");
  world.aws.put("token", "plain text");
  world.aws.setFaults(({ operation }) => (operation === "UpdateSecretVersionStage" ? DENIED : undefined));

  const run = await runRecover(world, { given: { promote: good, ...YES } });

  expect(run.exit).toBe(1);
  expect(run.screen.at(-1)).toMatch(
    /^xt-token: UpdateSecretVersionStage on token failed with AccessDeniedException, allow secretsmanager:UpdateSecretVersionStage/,
  );
});

it("shows the tokens of the chosen version on a terminal, after asking", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: current } = world.aws.labels("token");

  const run = await runRecover(world, { given: { reveal: true }, person: createPerson("1", true), isTerminal: true });

  expect(run.exit).toBe(0);
  expect(run.questions).toEqual([
    "number of the pair to show",
    `show the tokens of version ${current} in plain text on this screen?`,
  ]);
  expect(run.screen).toEqual(expect.arrayContaining(["access_token: access-a", "refresh_token: refresh-a"]));
});

it.each([
  ["the person says no", ["1", false], true],
  ["no version has the number", ["7", true], true],
  ["there is no terminal, whatever is answered", ["1", true], false],
])("shows no token when %s", async (_why, answers, isTerminal) => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  world.advance(MINUTE_MS);

  const run = await runRecover(world, { given: { reveal: true }, person: createPerson(...answers), isTerminal });

  expect(run.exit).toBe(1);
  expect(run.screen.join("\n")).not.toMatch(/access-a|refresh-a/);
});
