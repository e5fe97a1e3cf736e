import { expect, it } from "vitest";
import type { UnknownOutcomePolicy } from "../../../lambda/contract.ts";
import { playPairsOfFaults } from "../enumerate.ts";
import { createRandom } from "../random.ts";
import { Tally } from "../tally.ts";
import { REUSES } from "../xt.ts";

/** The XT that a second presentation harms most meets every pair, the others a fifth. */
const HARSHEST = "single-use-revoking";
const SHARE = 0.2;

/** Tests that play pairs of faults under one policy; one file for each, so that two processors share them. */
export function explorePairs(policy: UnknownOutcomePolicy): void {
  it.each(REUSES)("keeps every invariant under pairs of faults, XT being %s", async (reuse) => {
    const tally = new Tally();
    const random = createRandom(1);
    const isDrawn = () => reuse === HARSHEST || random.chance(SHARE);
    await playPairsOfFaults({ reuse, policy }, (history) => tally.add(history), isDrawn);
    console.log(`pairs of faults, ${policy}, ${reuse}: ${tally}`);

    expect(tally.histories).toBeGreaterThan(1_000);
  });
}
