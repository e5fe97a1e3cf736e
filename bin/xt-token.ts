#!/usr/bin/env node
import { CommandFailure, EXIT } from "./failure.ts";
import { main } from "./main.ts";
import { openTerminal } from "./terminal.ts";

// The SDK warns of this Node's age in eight lines, at every command.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
// Node gives the terminal its settings back when it exits and when SIGINT or SIGTERM ends it, not when a hangup does.
process.on("SIGHUP", () => process.exit(EXIT.failed));
process.stderr.on("error", () => undefined);
// The reader of a pipe may have seen enough (`xt-token status | head`), which is no failure.
process.stdout.on("error", () => process.exit());

const words = process.argv.slice(2);
const terminal = openTerminal(words.includes("--verbose"));
try {
  process.exitCode = await main(words, terminal);
} catch (error) {
  const isOurs = error instanceof CommandFailure;
  // An unexpected error's text may hold a secret; its class cannot.
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  terminal.complain(
    isOurs
      ? error.message
      : `an unexpected ${kind} ended the command, type npx --no xt-token status to see what it left`,
  );
  process.exitCode = isOurs ? error.exit : EXIT.failed;
} finally {
  terminal.close();
}
