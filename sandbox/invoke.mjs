// Runs the built bundle once, as Lambda would: one process, one event, the result to the parent. Plain JavaScript, so that no
// loader takes part. Started with the bundle's path and the invocation as JSON:
// { event, requestId, nowMs, remainingMs }.
import { pathToFileURL } from "node:url";
import { contextOf } from "./lambda-context.mjs";

const [bundle, invocation] = process.argv.slice(2);
const { event, requestId, nowMs, remainingMs } = JSON.parse(invocation);

const RealDate = Date;
const aheadMs = nowMs - RealDate.now();
const endsAtMs = nowMs + remainingMs;

/** The clock of the world that the run takes place in. It goes on from there at its normal pace. */
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + aheadMs);
    else super(...parts);
  }

  static now() {
    return RealDate.now() + aheadMs;
  }
};

const { handler } = await import(pathToFileURL(bundle).href);
const context = contextOf(requestId, endsAtMs);

let ending;
try {
  ending = { kind: "returned", result: await handler(event, context) };
} catch (error) {
  ending = { kind: "threw", name: error.name, code: error.code, message: error.message };
}
// Lambda freezes the process here; connections that are kept open must not keep it alive.
process.send(ending, () => process.exit(0));
