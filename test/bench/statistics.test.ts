import { expect, it } from "vitest";
import { createRandom } from "../simulation/random.ts";
import { fitLine, shuffle, spreadOf } from "./statistics.ts";

it("finds the middle and the quartiles of numbers in any order", () => {
  // given
  const numbers = [9, 1, 5, 3, 7];

  // when
  const spread = spreadOf(numbers);

  // then
  expect(spread).toEqual({ median: 5, lower: 3, upper: 7 });
});

it("takes the mean of the two middle ones where there is no middle one", () => {
  // given
  const numbers = [4, 1, 2, 3];

  // when
  const spread = spreadOf(numbers);

  // then
  expect(spread).toEqual({ median: 2.5, lower: 1.75, upper: 3.25 });
});

it("orders by size and not by spelling", () => {
  expect(spreadOf([10, 9, 100]).median).toBe(10);
});

it("fits a line through points that lie on none", () => {
  // given
  const points = [
    [0, 2],
    [10, 10],
    [20, 24],
  ] as const;

  // when
  const { slope, offset } = fitLine(points);

  // then
  expect(slope).toBeCloseTo(1.1, 12);
  expect(offset).toBeCloseTo(1, 12);
});

it("refuses to fit a line through one place", () => {
  expect(() =>
    fitLine([
      [1, 2],
      [1, 3],
    ]),
  ).toThrow("a line needs points at two places at least");
});

it("shuffles the same way with the same seed, another way with another, and loses nothing", () => {
  // given
  const items = ["a", "b", "c", "d", "e", "f"];

  // when
  const [once, again, otherwise] = [7, 7, 8].map((seed) => shuffle(items, createRandom(seed)).join(""));

  // then
  expect(again).toBe(once);
  expect(otherwise).not.toBe(once);
  expect([...(once ?? "")].sort()).toEqual(items);
});
