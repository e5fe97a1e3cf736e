// Runs a handler as Lambda would, a number of times in one process, and tells on file descriptor 3 what that took: a line of JSON
// at each moment that the parent takes the time of. Plain JavaScript, so that nothing but the handler has to be loaded.
// Started with the handler's file, that number, and the milliseconds by which the clock leaps before each time but the first.
import { readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

const [file, invocations, leapMs] = process.argv.slice(2);
const contextOf = (invocation) => ({
  // Each its own: a second delivery of one event does not rotate again.
  awsRequestId: `00000000-0000-4000-8000-${String(invocation).padStart(12, "0")}`,
  functionName: "xt-token-rotation",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:xt-token-rotation:live",
  memoryLimitInMB: "1769",
  getRemainingTimeInMillis: () => 120_000,
});

function tell(more) {
  const { user, system } = process.cpuUsage();
  writeSync(3, `${JSON.stringify({ cpuMs: (user + system) / 1_000, ...more })}\n`);
}

/** Not `ru_maxrss`, which remembers the process that forked this one. */
function peakMiB() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS / 1_024;
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "latin1"))[1]) / 1_024;
}

const { handler } = file.endsWith(".mjs") ? await import(file) : createRequire(import.meta.url)(file);
tell();
await handler({}, contextOf(1));
tell();
const peak = peakMiB();

const { now } = Date;
let aheadMs = 0;
Date.now = () => now() + aheadMs;
for (let invocation = 2; invocation <= invocations; invocation += 1) {
  aheadMs += Number(leapMs);
  await handler({}, contextOf(invocation));
}
tell({ peakMiB: peak, modules: process.moduleLoadList });
// Lambda freezes the process here; connections that are kept open must not keep it alive.
process.exit(0);
