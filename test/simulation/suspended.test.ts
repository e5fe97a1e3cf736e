import { expect, it } from "vitest";
import type { Fault } from "./fault.ts";
import { play } from "./play.ts";

/** Which fault a run meets at its request of this name. */
type Mishaps = Readonly<Record<string, Fault>>;

/** The process stands still between XT's answer and its first write, and wakes up when its attempt has been settled. */
const STANDS_STILL: Mishaps = { "run-2 the exchange": { kind: "suspend", when: "after" } };
const DENIED: Fault = { kind: "denied", when: "before" };

function historyWith(mishaps: Mishaps, policy: "replay" | "hold") {
  const faults = () => {
    const left = new Map(Object.entries({ ...STANDS_STILL, ...mishaps }));
    return ({ run, name }: { readonly run: string; readonly name: string }) => {
      const fault = left.get(`${run} ${name}`);
      left.delete(`${run} ${name}`);
      return fault;
    };
  };
  return play({ reuse: "single-use-revoking", policy, faults });
}

it.each<readonly [string, "replay" | "hold", Mishaps]>([
  ["stages it beside the void record in its place", "hold", {}],
  [
    "finds its staged pair when it died before promoting",
    "hold",
    { "run-2 promoting": { kind: "death", when: "before" } },
  ],
  ["finds its pair in the escrow", "hold", { "run-2 staging": DENIED }],
  [
    "finds its pair in the escrow when the next attempt was throttled",
    "replay",
    { "run-3 the exchange": { kind: "throttled", when: "before" }, "run-2 staging": DENIED },
  ],
  [
    "finds its pair in the escrow when the next attempt died before it asked XT",
    "replay",
    { "run-3 the exchange": { kind: "death", when: "before" }, "run-2 staging": DENIED },
  ],
])("keeps the pair of a process that stood still past its attempt's end, and %s", async (_what, policy, mishaps) => {
  // when
  const { standing, endings, world } = await historyWith(mishaps, policy);

  // then
  expect(endings[0]).toMatch(/^(rotated: renewed|killed|PairEscrowed)$/);
  expect(standing).toBe("healthy");
  expect(world.escrowed.size).toBe(0);
});
