import { type Implementation, NAMES, type Name } from "./implementations.ts";
import { type Counts, type Measurements, ROUND_TRIPS_MS, type Round, type Subject } from "./measure.ts";
import type { Run } from "./run.ts";
import { fitLine, type Line, type Spread, spreadOf } from "./statistics.ts";

/** What a run is compared by. */
type Figure = (run: Run) => number;

/** Of one implementation, or of our idle tick. Ratios are those of the same round. */
export interface Result {
  readonly ready: { readonly wall: Spread; readonly cpu: Spread };
  /** Start to the end of the first invocation, × the empty handler. */
  readonly first: { readonly wall: Spread; readonly cpu: Spread };
  /** The same, × each of the others. */
  readonly firstAgainst: (name: Name) => Spread | undefined;
  readonly peakMiB: Spread;
  /** Median of a process's invocations after the first, in milliseconds. */
  readonly warm: { readonly wall: Spread; readonly cpu: Spread };
  readonly counts: Counts | undefined;
  /** Bytes on standard output per invocation. */
  readonly printed: number;
  readonly size: Implementation["size"];
  readonly exposure: { readonly cold: Line; readonly warm: Line } | undefined;
  /** Writes of a pair, and how many of them came on a connection that had served before. */
  readonly stagings: { readonly count: number; readonly reused: number };
}

export type Results = ReadonlyMap<Subject, Result>;

const first = (cost: "wallMs" | "cpuMs") => (run: Run) => run.first[cost];
const ready = (cost: "wallMs" | "cpuMs") => (run: Run) => run.ready[cost];
const warm = (cost: "wallMs" | "cpuMs") => (run: Run) => spreadOf(run.warm.map((each) => each[cost])).median;

export function summarize(implementations: readonly Implementation[], measurements: Measurements): Results {
  const { rounds, counts, exposures } = measurements;

  function resultOf(subject: Subject): Result {
    const name = subject === "idle" ? "ours" : subject;
    const runs = runsOf(rounds, subject);
    const mine = subject === "idle" ? [] : exposures.filter((exposure) => exposure.name === name);
    const against = (base: Subject, figure: Figure) => spreadOf(ratios(rounds, subject, base, figure));
    return {
      ready: { wall: against("empty", ready("wallMs")), cpu: against("empty", ready("cpuMs")) },
      first: { wall: against("empty", first("wallMs")), cpu: against("empty", first("cpuMs")) },
      firstAgainst: (base) => (rounds[0]?.has(base) ? against(base, first("wallMs")) : undefined),
      peakMiB: spreadOf(runs.map(({ peakMiB }) => peakMiB)),
      warm: { wall: spreadOf(runs.map(warm("wallMs"))), cpu: spreadOf(runs.map(warm("cpuMs"))) },
      counts: counts.get(subject),
      printed: Math.round(spreadOf(runs.map((run) => run.printed / (1 + run.warm.length))).median),
      size: implementations.find((implementation) => implementation.name === name)?.size,
      exposure:
        mine.length === 0
          ? undefined
          : {
              cold: exposureLine(mine.filter(({ isWarm }) => !isWarm)),
              warm: exposureLine(mine.filter(({ isWarm }) => isWarm)),
            },
      stagings: { count: mine.length, reused: mine.filter(({ isReused }) => isReused).length },
    };
  }

  const subjects: readonly Subject[] = [...NAMES, "idle"];
  return new Map(
    subjects.filter((subject) => rounds[0]?.has(subject)).map((subject) => [subject, resultOf(subject)] as const),
  );
}

function runsOf(rounds: readonly Round[], subject: Subject): readonly Run[] {
  return rounds.flatMap((round) => round.get(subject) ?? []);
}

/** One ratio for each round: what the machine was busy with meanwhile met both of its runs. */
export function ratios(rounds: readonly Round[], subject: Subject, base: Subject, figure: Figure): readonly number[] {
  return rounds.flatMap((round) => {
    const [one, other] = [round.get(subject), round.get(base)];
    return one && other ? [figure(one) / figure(other)] : [];
  });
}

/** Through the medians at each round-trip time, which a single late write does not move. */
function exposureLine(exposures: Measurements["exposures"]): Line {
  return fitLine(
    ROUND_TRIPS_MS.flatMap((roundTripMs) => {
      const met = exposures.filter((exposure) => exposure.roundTripMs === roundTripMs);
      return met.length === 0 ? [] : [[roundTripMs, spreadOf(met.map(({ exposureMs }) => exposureMs)).median] as const];
    }),
  );
}
