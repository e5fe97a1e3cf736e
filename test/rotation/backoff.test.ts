import { expect, it } from "vitest";
import { backoffMs } from "../../lambda/rotation/backoff.ts";

it.each([
  [1, 840_000],
  [2, 1_740_000],
  [3, 3_540_000],
  [4, 3_540_000],
  [24, 3_540_000],
  [5_000, 3_540_000],
])("lets the next attempt start after attempt %i in %i ms", (attempt, expected) => {
  expect(backoffMs(attempt)).toBe(expected);
});
