import { expect, it } from "vitest";
import { RateLimit } from "../../sandbox/rate-limit.ts";

it("admits no more acts than the limit in any period, wherever it begins", () => {
  const limit = new RateLimit(2, 1_000);

  const admitted = [0, 900, 999, 1_000, 1_001, 1_899, 1_900].map((nowMs) => limit.admits(nowMs));

  expect(admitted).toEqual([true, true, false, true, false, false, true]);
});
