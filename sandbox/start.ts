import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CommandFailure } from "../bin/command-line/command-failure.ts";
import { ENVIRONMENT } from "../lambda/contract.ts";
import { demonstrate } from "./demonstration.ts";
import type { Ending } from "./run-bundle.ts";
import { findScenarios, listScenarios, runScenarios } from "./scenarios/run-scenarios.ts";
import { describeEnding, isHealthy } from "./show.ts";
import { createTerminal } from "./terminal.ts";
import { buildTemporaryBundle, startWorld } from "./world.ts";

const HELP = `npm start                     plays the life of one connection against stand-ins for Secrets Manager and XT
npm start -- --watch          then keeps ticking, an hour of the connection's time every second, until Ctrl-C
npm start -- --scenario NAME  plays one fault against the stand-ins: what a tick does, writes and raises, and what a person then does;
                              without a NAME it lists them, and all plays every one
npm start -- --secret NAME --client-secret NAME [--force] [--watch]
                              runs the bundle against your own secrets, behind AWS_ENDPOINT_URL or AWS itself; CLIENT_SECRET_ID,
                              XT_BASE_URL and the function's other settings are taken from the environment

Exit code 0 when all went as it should, 1 when a rotation failed, 2 when the options are wrong. A scenario goes as it should when it
ends as it says, also where that is a loss.`;

const HOUR_MS = 60 * 60_000;
const OWN_TICK_MS = 60_000;

const terminal = createTerminal(process.stdout);
process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help) {
    terminal.line(HELP);
    return 0;
  }
  if (options.scenario === "") {
    listScenarios(terminal);
    return 0;
  }
  const scenarios = findScenarios(options.scenario);
  if (scenarios?.length === 0) {
    process.stderr.write("there is no scenario of that name, these are known:\n");
    listScenarios(createTerminal(process.stderr));
    return 2;
  }
  const bundle = buildTemporaryBundle();
  // Not `finally`: whoever closes the pipe ends the process at once.
  process.once("exit", bundle.remove);
  try {
    if (scenarios) return tellProblems(await runScenarios(bundle.path, scenarios, terminal));
    terminal.line("The bundle is built as `cdk deploy` builds it and runs in a process of its own for each tick.\n");
    const { secret, clientSecret, force, watch } = options;
    if (secret === undefined || clientSecret === undefined) return await runAgainstStandIns(bundle.path, watch);
    // Brings the SDK along, which the stand-ins do without.
    const { createOwnTick } = await import("./own-endpoint.ts");
    const tick = await createOwnTick(bundle.path, { tokenSecretId: secret, clientSecretId: clientSecret });
    return await keepTicking(() => tick(force), Date.now, watch ? OWN_TICK_MS : undefined);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function tellProblems(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      args: nameless(process.argv.slice(2)),
      options: {
        scenario: { type: "string" },
        watch: { type: "boolean", default: false },
        secret: { type: "string" },
        "client-secret": { type: "string" },
        force: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.scenario !== undefined && (values.secret !== undefined || values.watch || values.force)) {
      process.stderr.write("--scenario plays against stand-ins and stands alone, see npm start -- --help\n");
      return undefined;
    }
    const clientSecret = values["client-secret"] ?? process.env[ENVIRONMENT.clientSecretId];
    if (values.secret === undefined || clientSecret !== undefined) return { ...values, clientSecret };
    process.stderr.write("--secret needs --client-secret or CLIENT_SECRET_ID, see npm start -- --help\n");
  } catch {
    process.stderr.write("these options are not known, see npm start -- --help\n");
  }
  return undefined;
}

/** `--scenario` alone asks for the list. */
function nameless(words: readonly string[]): string[] {
  return words.map((word, at) =>
    word === "--scenario" && (words[at + 1] ?? "--").startsWith("--") ? `${word}=` : word,
  );
}

async function runAgainstStandIns(bundle: string, watch: boolean): Promise<number> {
  // At midnight, so that the hours of the story are those of the messages.
  const world = await startWorld({ bundle, beginsAtMs: new Date().setUTCHours(0, 0, 0, 0) });
  try {
    const problems = await demonstrate(world, terminal);
    const exit = tellProblems(problems);
    if (exit !== 0 || !watch) return exit;
    terminal.line();
    const nextHour = () => {
      world.advance(HOUR_MS);
      return world.tick();
    };
    return await keepTicking(nextHour, world.now, 1_000);
  } finally {
    await world.close();
  }
}

/** Ticks once, or for ever where there is a pause between ticks. */
async function keepTicking(
  tick: () => Promise<Ending>,
  now: () => number,
  pauseMs: number | undefined,
): Promise<number> {
  for (;;) {
    const ending = await tick();
    terminal.line(`${terminal.dim(new Date(now()).toISOString())}  ${describeEnding(ending, terminal)}`);
    if (pauseMs === undefined) return isHealthy(ending) ? 0 : 1;
    await pause(pauseMs);
  }
}
