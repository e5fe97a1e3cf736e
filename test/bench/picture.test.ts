import { expect, it } from "vitest";
import { drawResults } from "./picture.ts";
import type { Result, Results } from "./results.ts";

const even = (median: number) => ({ median, lower: median, upper: median });

function result(ready: number, first: number, peakMiB: number): Result {
  return {
    ready: { wall: even(ready), cpu: even(ready) },
    first: { wall: even(first), cpu: even(first) },
    firstAgainst: () => undefined,
    peakMiB: even(peakMiB),
    warm: { wall: even(0), cpu: even(0) },
    counts: undefined,
    printed: 0,
    size: undefined,
    exposure: undefined,
    stagings: { count: 0, reused: 0 },
  };
}

const RESULTS: Results = new Map([
  ["empty", result(1, 1, 40)],
  ["ours", result(2, 4, 60)],
  ["naive", result(3, 8, 80)],
]);

/** The lengths of the bars of one kind, in the picture's pixels. */
function lengths(picture: string, kind: string): readonly number[] {
  return [...picture.matchAll(new RegExp(`<rect class="${kind}[^>]* width="([\\d.]+)"`, "g"))].map(([, width]) =>
    Number(width),
  );
}

it("draws every bar in proportion to the longest of its chart, and its part likewise", () => {
  // given
  // when
  const picture = drawResults(RESULTS);

  // then
  expect(lengths(picture, "bar")).toEqual([62.5, 250, 500, 62.5, 250, 500, 250, 375, 500]);
  expect(lengths(picture, "part")).toEqual([62.5, 125, 187.5, 62.5, 125, 187.5]);
});

it("writes every number as text, and leaves out who was not measured", () => {
  // given
  // when
  const texts = [...drawResults(RESULTS).matchAll(/<text[^>]*>([^<]+)</g)].map(([, text]) => text);

  // then
  expect(texts.slice(1, 7)).toEqual(["empty handler", "1.0×", "this project", "4.0×", "naive TypeScript", "8.0×"]);
  expect(texts.slice(-2)).toEqual(["naive TypeScript", "80 MiB"]);
  expect(texts).not.toContain("Python, boto3");
});
