import { expect, it } from "vitest";
import type { UnknownOutcomePolicy } from "../../../lambda/contract.ts";
import { playPairsOfFaults } from "../enumerate.ts";
import { Tally } from "../tally.ts";
import { REUSES } from "../xt.ts";

/** Tests that play every pair of faults under one policy; one file for each, so that two processors share them. */
export function explorePairs(policy: UnknownOutcomePolicy): void {
  it.each(REUSES)("keeps every invariant under all pairs of faults, XT being %s", async (reuse) => {
    const tally = new Tally();
    await playPairsOfFaults({ reuse, policy }, (history) => tally.add(history));
    console.log(`all pairs of faults, ${policy}, ${reuse}: ${tally}`);

    expect(tally.histories).toBeGreaterThan(4_000);
  });
}
