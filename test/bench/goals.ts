import type { Results } from "./results.ts";

/** Something that was promised, and what came of it. */
export interface Goal {
  readonly promise: string;
  readonly found: string;
  readonly isMet: boolean;
}

/** Times the empty handler, the naive TypeScript and Python, from the start of the process to the end of the first rotation. */
const MOST = { empty: 4.1, naive: 0.65, python: 0.5 } as const;
/** Sequential round trips to AWS; the exchange is none of them. */
const MOST_ROUND_TRIPS = { idle: 2, rotation: 4 } as const;
/** Round trips between XT's answer and the acknowledged write. */
const MOST_EXPOSED = 1.1;

/** Judges by medians. A goal that could not be measured is not met, and says so. */
export function judge(results: Results): readonly Goal[] {
  const ours = results.get("ours");
  const idle = results.get("idle");
  if (ours === undefined || idle === undefined) throw new Error("the goals are this project's, which was not measured");

  const isFaster = (name: keyof typeof MOST, title: string): Goal => {
    const ratio = ours.firstAgainst(name);
    return {
      promise: `start to first rotation at most ${MOST[name]} × ${title}, wall time`,
      found: ratio === undefined ? "not measured" : ratio.median.toFixed(2),
      isMet: ratio !== undefined && ratio.median <= MOST[name],
    };
  };
  const atMost = (promise: string, found: number | undefined, most: number, digits = 0): Goal => ({
    promise,
    found: found?.toFixed(digits) ?? "not counted",
    isMet: found !== undefined && found <= most,
  });
  const worst = ({ cold, warm }: { cold: number; warm: number }) => Math.max(cold, warm);
  const roundTrips = ({ counts }: typeof ours) =>
    counts && worst({ cold: counts.cold.awsRoundTrips, warm: counts.warm.awsRoundTrips });
  const { exposure, stagings } = ours;

  return [
    isFaster("empty", "the empty handler"),
    isFaster("naive", "naive TypeScript"),
    isFaster("python", "Python with boto3"),
    atMost("idle tick at most 2 sequential round trips to AWS", roundTrips(idle), MOST_ROUND_TRIPS.idle),
    atMost("rotation at most 4, and the exchange", roundTrips(ours), MOST_ROUND_TRIPS.rotation),
    {
      promise: "the staging write always on a connection that served before",
      found: `${stagings.reused} of ${stagings.count}`,
      isMet: stagings.count > 0 && stagings.reused === stagings.count,
    },
    atMost(
      "exposure at most 1.1 round trips, and CPU",
      exposure && worst({ cold: exposure.cold.slope, warm: exposure.warm.slope }),
      MOST_EXPOSED,
      2,
    ),
  ];
}
