import { expect, it } from "vitest";
import { playRandomHistories } from "../random-histories.ts";
import { firstSeed } from "../seed.ts";

it("keeps every invariant in random histories", async () => {
  const tally = await playRandomHistories(firstSeed(), 8_000);

  expect(tally.count("healthy")).toBeGreaterThan(6_000);
});
