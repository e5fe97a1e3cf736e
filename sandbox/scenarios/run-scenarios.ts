import { endSpareProcesses } from "../execution-environment.ts";
import type { Terminal } from "../terminal.ts";
import { LIFE } from "./life.ts";
import { PEOPLE_SCENARIOS } from "./people-scenarios.ts";
import { type Played, playScenario } from "./play-scenario.ts";
import { PROCESS_SCENARIOS } from "./process-scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { STORE_SCENARIOS } from "./store-scenarios.ts";
import { XT_SCENARIOS } from "./xt-scenarios.ts";

/** Every scenario, in the order in which they are listed and played. */
export const SCENARIOS: readonly Scenario[] = [
  LIFE,
  ...STORE_SCENARIOS,
  ...XT_SCENARIOS,
  ...PROCESS_SCENARIOS,
  ...PEOPLE_SCENARIOS,
];

/** The scenarios that a name stands for: one, all of them, or none where the name is not known; `undefined` without a name. */
export function findScenarios(name: string | undefined): readonly Scenario[] | undefined {
  if (name === undefined) return undefined;
  return name === "all" ? SCENARIOS : SCENARIOS.filter((scenario) => scenario.name === name);
}

export function listScenarios(terminal: Terminal): void {
  const width = widestName(SCENARIOS);
  for (const { name, story } of SCENARIOS) terminal.line(`${terminal.bold(name.padEnd(width))}  ${story}`);
  terminal.line(`${terminal.bold("all".padEnd(width))}  plays them one after another and sums them up`);
}

/** Plays scenarios one after another. Returns what went otherwise than it should have. */
export async function runScenarios(
  bundle: string,
  scenarios: readonly Scenario[],
  terminal: Terminal,
): Promise<readonly string[]> {
  // At midnight, so that the hours of the story are those of the messages.
  const beganAtMs = new Date().setUTCHours(0, 0, 0, 0);
  const played: (readonly [Scenario, Played])[] = [];
  try {
    for (const scenario of scenarios) {
      played.push([scenario, await playScenario(bundle, scenario, beganAtMs, terminal)]);
    }
  } finally {
    endSpareProcesses();
  }
  if (played.length > 1) sumUp(played, terminal);
  return played.flatMap(([{ name }, { problems }]) => problems.map((problem) => `${name}: ${problem}`));
}

function sumUp(played: readonly (readonly [Scenario, Played])[], terminal: Terminal): void {
  const width = widestName(played.map(([scenario]) => scenario));
  terminal.line(terminal.bold(`  ${"scenario".padEnd(width)}  lost    alarms`));
  for (const [{ name }, { alarms, isLost, problems }] of played) {
    const mark = problems.length === 0 ? terminal.good("✓") : terminal.bad("✗");
    terminal.line(`${mark} ${name.padEnd(width)}  ${isLost ? "a pair" : "-     "}  ${alarms.join(", ") || "-"}`);
  }
}

function widestName(scenarios: readonly Scenario[]): number {
  return Math.max(...scenarios.map(({ name }) => name.length));
}
