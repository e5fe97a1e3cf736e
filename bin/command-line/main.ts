import { findCommand, readArguments } from "./arguments.ts";
import { type Command, EXIT, type Exit, type Given, type Io } from "./command.ts";
import { CommandFailure } from "./command-failure.ts";
import { COMMANDS } from "./commands.ts";
import type { Naming } from "./naming.ts";
import { describeCommand, overview } from "./usage.ts";

const clock = { now: () => Date.now() };

/** Runs the command that the words name. What it needs is loaded once it is known, so that help is there at once. */
export async function main(typed: readonly string[], io: Io): Promise<Exit> {
  const words = typed[0] === "help" ? [...typed.slice(1), "--help"] : typed;
  if (words.length === 0) {
    io.tell(overview(COMMANDS));
    return EXIT.unusable;
  }
  try {
    const names = COMMANDS.map(({ name }) => name);
    const wanted = findCommand(words, names);
    const command = await COMMANDS.find(({ name }) => name === wanted)?.load();
    const read = readArguments(words, process.env, names, command);
    if (read.kind === "help") {
      io.tell(command === undefined ? overview(COMMANDS) : describeCommand(command));
      return EXIT.done;
    }
    if (read.kind === "command" && command !== undefined) return await run(command, read.naming, read.given, io);
    const problems = read.kind === "unusable" ? read.problems : [];
    const help = `npx xt-token ${command === undefined ? "" : `${command.name} `}--help`;
    return complain(io, EXIT.unusable, ...problems, `type ${help} to see what it takes`);
  } catch (error) {
    if (error instanceof CommandFailure) return complain(io, error.exit, error.message);
    // An unforeseen error's text may hold a secret; its class cannot.
    const kind = error instanceof Error ? error.constructor.name : typeof error;
    return complain(io, EXIT.failed, `an unforeseen ${kind} ended the command, type it again to see what it left`);
  }
}

async function run(command: Command, naming: Naming, given: Given, io: Io): Promise<Exit> {
  // The function's own adapters make their clients as Lambda has them make, and look here for the region.
  if (naming.region !== undefined) process.env["AWS_REGION"] = naming.region;
  const { checkCredentials, createClient } = await import("../connection/connect.ts");
  const client = createClient(naming.region);
  try {
    if (naming.stackName !== undefined || !command.examinesCredentials) await checkCredentials(client);
    const { resolveTarget } = await import("../connection/target.ts");
    const { askCloudFormation } = await import("../connection/stack.ts");
    const resolving = resolveTarget(naming, askCloudFormation);
    const target = await io.waiting(`asking the stack ${naming.stackName ?? ""}`, resolving);
    return await command.run(target, given, { clock, client, io });
  } finally {
    client.destroy();
  }
}

function complain(io: Io, exit: Exit, ...sentences: readonly string[]): Exit {
  for (const sentence of sentences) io.complain(sentence);
  return exit;
}
