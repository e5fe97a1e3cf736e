import { expect, it } from "vitest";
import { faultsOf, RENEWAL } from "../fault.ts";
import { playEveryOrder } from "../interleave.ts";
import { overlaps } from "../overlaps.ts";
import { inRun } from "../plans.ts";
import { Tally } from "../tally.ts";

const FIRST_RUN = "run-2";

it("keeps every invariant when two runs meet a pair that is due, under every single fault, in every order with one interruption", async () => {
  // given
  const { "a pair that is due": script } = overlaps(2);
  if (script === undefined) throw new Error("there is no such overlap");
  const tally = new Tally();

  // when
  for (const [index, name] of RENEWAL.entries()) {
    for (const fault of faultsOf(name)) {
      // A run that has lost the race for the fence comes to other requests, which some faults cannot hit.
      const plan = inRun(FIRST_RUN, index + 1, fault);
      const faults = () => {
        const strike = plan();
        return (call: Parameters<typeof strike>[0]) => (faultsOf(call.name).includes(fault) ? strike(call) : undefined);
      };
      await playEveryOrder({ ...script, faults }, 1, (history) => tally.add(history));
    }
  }
  console.log(`two runs meet a pair that is due, one of them faulty: ${tally}`);

  // then
  expect(tally.histories).toBeGreaterThan(500);
});
