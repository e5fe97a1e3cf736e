#!/usr/bin/env -S node --import tsx
import { EXIT } from "./command-line/command.ts";
import { createIo } from "./command-line/io.ts";
import { main } from "./command-line/main.ts";

// The SDK warns of this Node's age in eight lines, at every command.
process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";

// Node gives the terminal its settings back when it exits and when SIGINT or SIGTERM ends it, not when a hangup does.
process.on("SIGHUP", () => {
  // Whoever else listens has something at stake, and lives on without a terminal.
  if (process.listenerCount("SIGHUP") === 1) process.exit(EXIT.failed);
});
process.stderr.on("error", () => undefined);
// Whoever reads the pipe may have seen enough (`xt-token status | head`), which is no failure.
process.stdout.on("error", () => process.exit());

const io = createIo(process, process.env);
try {
  process.exitCode = await main(process.argv.slice(2), io);
} finally {
  io[Symbol.dispose]();
}
