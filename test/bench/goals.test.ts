import { expect, it } from "vitest";
import { judge } from "./goals.ts";
import type { Name } from "./implementations.ts";
import type { Result, Results } from "./results.ts";
import type { Count } from "./traffic.ts";

const even = (median: number) => ({ median, lower: median, upper: median });
const count = (awsRoundTrips: number): Count => ({ awsRequests: 3, xtRequests: 1, awsConnections: 3, awsRoundTrips });

/** Just good enough everywhere. */
const RATIOS: Readonly<Partial<Record<Name, number>>> = { empty: 4.1, naive: 0.65, python: 0.5 };

function result(fields: Partial<Result> & { readonly ratios?: typeof RATIOS } = {}): Result {
  const { ratios = RATIOS, ...rest } = fields;
  const cost = { wall: even(4.1), cpu: even(4) };
  return {
    ready: cost,
    first: cost,
    firstAgainst: (name) => (ratios[name] === undefined ? undefined : even(ratios[name])),
    peakMiB: even(60),
    warm: cost,
    counts: { cold: count(4), warm: count(4) },
    printed: 1_000,
    size: undefined,
    exposure: { cold: { slope: 1.1, offset: 9 }, warm: { slope: 1.1, offset: 2 } },
    stagings: { count: 8, reused: 8 },
    ...rest,
  };
}

const IDLE = result({ counts: { cold: count(2), warm: count(2) } });

/** The goals that are not met. */
function missed(ours: Result, idle = IDLE): readonly string[] {
  const results: Results = new Map([
    ["ours", ours],
    ["idle", idle],
  ]);
  return judge(results)
    .filter(({ isMet }) => !isMet)
    .map(({ promise, found }) => `${promise}: ${found}`);
}

it("is content with what is just good enough", () => {
  expect(missed(result())).toEqual([]);
});

it.each([
  ["empty", 4.11, "start to first rotation at most 4.1 × the empty handler, wall time: 4.11"],
  ["naive", 0.66, "start to first rotation at most 0.65 × naive TypeScript, wall time: 0.66"],
  ["python", 0.51, "start to first rotation at most 0.5 × Python with boto3, wall time: 0.51"],
])("minds a start that is slow beside %s", (name, ratio, problem) => {
  expect(missed(result({ ratios: { ...RATIOS, [name]: ratio } }))).toEqual([problem]);
});

it("does not call met what was not measured", () => {
  expect(missed(result({ ratios: { empty: 4, naive: 0.6 } }))).toEqual([
    "start to first rotation at most 0.5 × Python with boto3, wall time: not measured",
  ]);
});

it("minds a round trip too many, be it of a warm process only", () => {
  const five = { cold: count(4), warm: count(5) };
  const three = result({ counts: { cold: count(3), warm: count(1) } });

  expect(missed(result({ counts: five }), three)).toEqual([
    "idle tick at most 2 sequential round trips to AWS: 3",
    "rotation at most 4, and the exchange: 5",
  ]);
});

it("minds a single write on a fresh connection", () => {
  expect(missed(result({ stagings: { count: 8, reused: 7 } }))).toEqual([
    "the staging write always on a connection that served before: 7 of 8",
  ]);
});

it("minds an exposure that grows faster than the round trip, be it of the first rotation only", () => {
  const exposure = { cold: { slope: 1.2, offset: 0 }, warm: { slope: 1, offset: 0 } };

  expect(missed(result({ exposure }))).toEqual(["exposure at most 1.1 round trips, and CPU: 1.20"]);
});
