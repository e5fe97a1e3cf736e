import { VERSION } from "../lambda/contract.ts";
import { readArguments } from "./arguments.ts";
import { findTarget, type Target } from "./aws.ts";
import { EXIT, type Exit } from "./failure.ts";
import type { Call } from "./show.ts";
import type { Terminal } from "./terminal.ts";
import { type CommandName, OVERVIEW, optionsOf } from "./usage.ts";

/** Each command's file, loaded once it is asked for. */
const LOAD: Readonly<Record<CommandName, () => Promise<{ readonly run: (call: Call) => Promise<Exit> }>>> = {
  status: () => import("./status.ts"),
  doctor: () => import("./doctor.ts"),
  connections: () => import("./connections.ts"),
  authorize: () => import("./authorize.ts"),
  seed: () => import("./seed.ts"),
  rotate: () => import("./rotate.ts"),
  recover: () => import("./recover.ts"),
  disconnect: () => import("./disconnect.ts"),
};

/** Runs the command that the words name. */
export async function main(words: readonly string[], terminal: Terminal): Promise<Exit> {
  const { tell, complain, note, waiting } = terminal;
  if (words.length === 0) {
    tell(OVERVIEW);
    return EXIT.unusable;
  }
  const read = readArguments(words);
  switch (read.kind) {
    case "help":
      tell(read.text);
      return EXIT.done;
    case "version":
      tell(VERSION);
      return EXIT.done;
    case "unusable":
      for (const problem of read.problems) complain(problem);
      return EXIT.unusable;
    case "command": {
      const target = await waiting("looking for the function", findTarget(read.options));
      note(whereAbouts(target, read.name));
      const { run } = await LOAD[read.name]();
      return run({ target, options: read.options, terminal });
    }
  }
}

/** The account, the Region and the connection that the command works on. */
function whereAbouts(target: Target, command: CommandName): string {
  const { account, region, stackName, functionName, connection, endpoint } = target;
  const about = "connection" in optionsOf(command) ? `connection ${connection}` : "all connections";
  const named = stackName === undefined ? `function ${functionName}` : `stack ${stackName}`;
  const elsewhere = endpoint === undefined ? "" : ` · endpoint ${endpoint}`;
  return `account ${account} · ${region} · ${named} · ${about}${elsewhere}`;
}
