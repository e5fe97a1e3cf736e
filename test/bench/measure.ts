import { createRandom } from "../simulation/random.ts";
import type { Implementation, Name } from "./implementations.ts";
import type { ObservedRun, StandInsProcess } from "./run.ts";
import { shuffle } from "./statistics.ts";
import { type Count, countOf, type Staging, stagingsOf } from "./traffic.ts";

/** How much is measured. */
export interface Effort {
  /** In which every implementation is started once. */
  readonly rounds: number;
  /** In which every implementation is started once with every round-trip time. */
  readonly exposureRounds: number;
  /** Invocations of each process after its first. */
  readonly warmInvocations: number;
  /** Of the order within the rounds. */
  readonly seed: number;
}

/** What is started in a round: each implementation with a pair that is due, and ours with one that is not. */
export type Subject = Name | "idle";

/** The runs of one round, next to each other in time, so that they can be compared. */
export type Round = ReadonlyMap<Subject, ObservedRun>;

/** What one tick or rotation takes on the wire, in a new process and in one that has rotated before. */
export interface Counts {
  readonly cold: Count;
  readonly warm: Count;
}

/** One write of a pair, with the round-trip time that it met. */
export interface Exposure extends Staging {
  readonly name: Name;
  readonly roundTripMs: number;
  readonly isWarm: boolean;
}

export interface Measurements {
  readonly counts: ReadonlyMap<Subject, Counts>;
  readonly rounds: readonly Round[];
  readonly exposures: readonly Exposure[];
}

export const ROUND_TRIPS_MS = [0, 10, 40, 100] as const;

const DUE = { pair: "due", roundTripMs: 0, holds: false } as const;
const FRESH = { pair: "fresh", roundTripMs: 0, holds: false } as const;

/** Measures everything; `progress` is told what is under way, at most once for each process. */
export async function measureAll(
  standIns: StandInsProcess,
  implementations: readonly Implementation[],
  effort: Effort,
  progress: (stage: string, done: number, of: number) => void,
): Promise<Measurements> {
  const random = createRandom(effort.seed);
  const rotating = implementations.filter(({ name }) => name !== "empty");
  const subjects = implementations.flatMap((implementation) => [
    { subject: implementation.name as Subject, implementation, scene: DUE },
    ...(implementation.name === "ours" ? [{ subject: "idle" as const, implementation, scene: FRESH }] : []),
  ]);

  async function rotate(
    implementation: Implementation,
    roundTripMs: number,
    invocations: number,
  ): Promise<ObservedRun> {
    const run = await standIns.run(implementation, { ...DUE, roundTripMs }, invocations);
    const { granted, isNewestCurrent } = run.traffic;
    const expected = implementation.name === "empty" ? 0 : invocations;
    if (granted !== expected || !isNewestCurrent) {
      throw new Error(`${implementation.name} was to rotate ${expected} times, XT granted ${granted} pairs`);
    }
    return run;
  }

  const counts = new Map<Subject, Counts>();
  for (const { subject, implementation, scene } of subjects) {
    progress("counting", counts.size, subjects.length);
    counts.set(subject, await count(standIns, implementation, { ...scene, holds: true }));
  }

  // The first of each is thrown away: it fills the machine's caches and warms the stand-ins.
  for (const { implementation } of subjects) await rotate(implementation, 0, 1);

  const rounds: Round[] = [];
  while (rounds.length < effort.rounds) {
    const round = new Map<Subject, ObservedRun>();
    for (const { subject, implementation, scene } of shuffle(subjects, random)) {
      progress("comparing", rounds.length, effort.rounds);
      const invocations = 1 + effort.warmInvocations;
      const isDue = scene.pair === "due";
      round.set(
        subject,
        await (isDue ? rotate(implementation, 0, invocations) : standIns.run(implementation, scene, invocations)),
      );
    }
    rounds.push(round);
  }

  const exposures: Exposure[] = [];
  for (let round = 0; round < effort.exposureRounds; round += 1) {
    const pairs = rotating.flatMap((implementation) =>
      ROUND_TRIPS_MS.map((roundTripMs) => ({ implementation, roundTripMs })),
    );
    for (const { implementation, roundTripMs } of shuffle(pairs, random)) {
      progress("exposing", round, effort.exposureRounds);
      const { traffic } = await rotate(implementation, roundTripMs, WARM_EXPOSURES + 1);
      for (const [index, staging] of stagingsOf(traffic).entries()) {
        exposures.push({ ...staging, name: implementation.name, roundTripMs, isWarm: index > 0 });
      }
    }
  }
  return { counts, rounds, exposures };
}

/** Rotations of one process after its first; the code is compiled by then, and no round trip gets shorter. */
const WARM_EXPOSURES = 3;

/** Two processes: what the second does more than the first is what a warm invocation takes. */
async function count(
  standIns: StandInsProcess,
  implementation: Implementation,
  scene: Parameters<StandInsProcess["run"]>[1],
): Promise<Counts> {
  const once = (await standIns.run(implementation, scene, 1)).traffic;
  const twice = (await standIns.run(implementation, scene, 2)).traffic;
  return {
    cold: countOf(once.requests, once.connections.aws),
    warm: countOf(twice.requests.slice(once.requests.length), twice.connections.aws - once.connections.aws),
  };
}
