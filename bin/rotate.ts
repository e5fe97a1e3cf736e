import { actAndTell } from "./act.ts";
import type { Exit } from "./failure.ts";
import type { Call } from "./show.ts";

/** Lets the function run one tick. */
export async function run(call: Call): Promise<Exit> {
  return call.options.own["now"] === undefined
    ? actAndTell(call, {}, "running one tick", ["rotated", "settled", "idle"])
    : actAndTell(call, { force: true }, "renewing the pair", ["rotated", "settled"]);
}
