import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { CommandFailure } from "../bin/command-failure.ts";
import { ENVIRONMENT } from "../lambda/contract.ts";
import { demonstrate } from "./demonstration.ts";
import { createOwnTick } from "./own-endpoint.ts";
import type { Ending } from "./run-bundle.ts";
import { describeEnding, isHealthy } from "./show.ts";
import { createTerminal } from "./terminal.ts";
import { buildTemporaryBundle, startWorld } from "./world.ts";

const HELP = `npm start                     plays the life of one connection against stand-ins for Secrets Manager and XT
npm start -- --watch          then keeps ticking, an hour of the connection's time every second, until Ctrl-C
npm start -- --secret NAME --client-secret NAME [--force] [--watch]
                              runs the bundle against your own secrets, behind AWS_ENDPOINT_URL or AWS itself; CLIENT_SECRET_ID,
                              XT_BASE_URL and the function's other settings are taken from the environment

Exit code 0 when all went as it should, 1 when a rotation failed, 2 when the options are wrong.`;

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
  const bundle = buildTemporaryBundle();
  try {
    terminal.line("The bundle is built as `cdk deploy` builds it and runs in a process of its own for each tick.\n");
    const { secret, clientSecret, force, watch } = options;
    if (secret === undefined || clientSecret === undefined) return await runAgainstStandIns(bundle.path, watch);
    const tick = await createOwnTick(bundle.path, { tokenSecretId: secret, clientSecretId: clientSecret });
    return await keepTicking(() => tick(force), Date.now, watch ? OWN_TICK_MS : undefined);
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    bundle.remove();
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        watch: { type: "boolean", default: false },
        secret: { type: "string" },
        "client-secret": { type: "string" },
        force: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const clientSecret = values["client-secret"] ?? process.env[ENVIRONMENT.clientSecretId];
    if (values.secret === undefined || clientSecret !== undefined) return { ...values, clientSecret };
    process.stderr.write("--secret needs --client-secret or CLIENT_SECRET_ID, see npm start -- --help\n");
  } catch {
    process.stderr.write("these options are not known, see npm start -- --help\n");
  }
  return undefined;
}

async function runAgainstStandIns(bundle: string, watch: boolean): Promise<number> {
  // At midnight, so that the hours of the story are those of the messages.
  const world = await startWorld({ bundle, beginsAtMs: new Date().setUTCHours(0, 0, 0, 0) });
  try {
    const problems = await demonstrate(world, terminal);
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    if (problems.length > 0) return 1;
    if (!watch) return 0;
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
