import { parseArgs } from "node:util";
import { LIFE } from "./scenarios/life.ts";
import { findScenarios, listScenarios, runScenarios } from "./scenarios/run-scenarios.ts";
import { serve } from "./serve.ts";
import { createTerminal } from "./terminal.ts";
import { buildTemporaryBundle } from "./world.ts";

const HELP = `npm start                     plays the life of one connection against stand-ins for AWS and XT
npm start -- --scenario NAME  plays one fault against the stand-ins: what a tick does, writes and raises, and what a person then does;
                              without a NAME it lists them; the NAME all plays every one
npm start -- --serve          deploys the function on this machine and ticks it, so that every command of npx --no xt-token works against it

Exit codes: 0 each scenario ended as it says, even where it says that a pair is lost; 1 one did not; 2 the options are wrong.`;

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
  const scenarios = findScenarios(options.scenario) ?? [LIFE];
  if (scenarios.length === 0) {
    process.stderr.write("there is no scenario of that name, these are known:\n");
    listScenarios(createTerminal(process.stderr));
    return 2;
  }
  const bundle = buildTemporaryBundle();
  // Not `finally`: a closed pipe or a signal ends the process at once.
  process.once("exit", bundle.remove);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit());
  if (options.serve) return serve(bundle.path, terminal);
  const problems = await runScenarios(bundle.path, scenarios, terminal);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length === 0 ? 0 : 1;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      args: nameless(process.argv.slice(2)),
      options: {
        scenario: { type: "string" },
        serve: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.scenario === undefined || !values.serve) return values;
    process.stderr.write("--scenario and --serve exclude each other, see npm start -- --help\n");
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
