import { expect, it } from "vitest";
import { describeDistance, describeDuration, describeInstant } from "../../../bin/command-line/duration.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

it.each([
  [0, "0 s"],
  [999, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [119_999, "1 min"],
  [3_600_000, "1 h"],
  [28_799_999, "7 h 59 min"],
  [86_400_000, "1 d"],
  [90_000_000, "1 d 1 h"],
  [-180_000, "3 min"],
])("describes %s ms as %s", (durationMs, text) => {
  expect(describeDuration(durationMs)).toBe(text);
});

it.each([
  [NOW_MS + 28_740_000, "in 7 h 59 min"],
  [NOW_MS - 180_000, "3 min ago"],
])("says where %s lies", (atMs, text) => {
  expect(describeDistance(atMs, NOW_MS)).toBe(text);
});

it("writes an instant to the second", () => {
  expect(describeInstant(NOW_MS + 61_234)).toBe("2026-11-23 12:01:01Z");
});
