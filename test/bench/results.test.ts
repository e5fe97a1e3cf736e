import { expect, it } from "vitest";
import type { Exposure, Round } from "./measure.ts";
import { ratios, summarize } from "./results.ts";
import type { ObservedRun } from "./run.ts";

function run(wallMs: number, warm: readonly number[] = []): ObservedRun {
  const cost = (ms: number) => ({ wallMs: ms, cpuMs: ms / 2 });
  return {
    ready: cost(wallMs / 2),
    first: cost(wallMs),
    peakMiB: 60,
    warm: warm.map(cost),
    printed: 300,
    modules: [],
    traffic: { requests: [], connections: { aws: 0, xt: 0 }, granted: 1, isNewestCurrent: true },
  };
}

/** The machine is twice as slow in the second round, and ten times in the third. */
const ROUNDS: readonly Round[] = [
  new Map([
    ["empty", run(10, [1])],
    ["ours", run(40, [3, 1, 2])],
  ]),
  new Map([
    ["empty", run(20, [1])],
    ["ours", run(80, [6, 2, 4])],
  ]),
  new Map([
    ["empty", run(100, [1])],
    ["ours", run(500, [30, 10, 20])],
  ]),
];

function exposure(roundTripMs: number, exposureMs: number, isWarm: boolean, isReused = true): Exposure {
  return { name: "ours", roundTripMs, exposureMs, isWarm, isReused };
}

it("compares the two runs of a round with each other, and no others", () => {
  expect(ratios(ROUNDS, "ours", "empty", ({ first }) => first.wallMs)).toEqual([4, 4, 5]);
});

it("sums up ratios by their median, and a process's later invocations by theirs", () => {
  // given
  // when
  const ours = summarize([], { rounds: ROUNDS, counts: new Map(), exposures: [] }).get("ours");

  // then
  expect(ours?.first.wall).toEqual({ median: 4, lower: 4, upper: 4.5 });
  expect(ours?.firstAgainst("empty")?.median).toBe(4);
  expect(ours?.firstAgainst("python")).toBeUndefined();
  expect(ours?.warm.wall.median).toBe(4);
  // Of the first invocation and three others.
  expect(ours?.printed).toBe(75);
});

it("fits the exposure of first rotations and of later ones apart, through the medians of each round-trip time", () => {
  // given a late write that moves no median
  const exposures = [
    ...[9, 9, 900].map((ms) => exposure(0, ms, false)),
    ...[113, 113, 114].map((ms) => exposure(100, ms, false)),
    ...[2, 2, 2].map((ms) => exposure(0, ms, true)),
    ...[102, 102, 102].map((ms) => exposure(100, ms, true, false)),
  ];

  // when
  const ours = summarize([], { rounds: ROUNDS, counts: new Map(), exposures }).get("ours");

  // then
  expect(ours?.exposure?.cold.slope).toBeCloseTo(1.04, 12);
  expect(ours?.exposure?.cold.offset).toBeCloseTo(9, 12);
  expect(ours?.exposure?.warm.slope).toBeCloseTo(1, 12);
  expect(ours?.stagings).toEqual({ count: 12, reused: 9 });
});
