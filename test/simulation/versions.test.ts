import { expect, it } from "vitest";
import { TICK } from "./chronicle.ts";
import { type Fault, type FaultPlan, faultName, placeOf } from "./fault.ts";
import { during } from "./plans.ts";
import { play, type Script } from "./play.ts";
import { createRandom } from "./random.ts";
import type { Lifetimes } from "./world.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Two days of quarters of an hour, and what it takes to come to rest. */
const HORIZON = 210;

const FAULTS: readonly Fault[] = [
  { kind: "error", when: "before" },
  { kind: "unsent", when: "before" },
  { kind: "throttled", when: "before" },
  { kind: "denied", when: "before" },
];

it.each(FAULTS.map((fault) => [faultName(fault), fault] as const))(
  "writes at most 50 versions a day, half of Secrets Manager's hundred, while XT answers with %s for two days",
  async (_name, fault) => {
    // given
    const faults = during({ services: ["XT"], fault, from: placeOf("the exchange"), forMs: 2 * DAY_MS });

    // when
    const { world } = await play({ reuse: "reusable", policy: "replay", faults, horizon: HORIZON });

    // then
    const created = [...world.versions.byId.values()].map(({ createdAtMs }) => createdAtMs);
    expect(created.length).toBeGreaterThan(40);
    expect(mostInADay(created)).toBeLessThanOrEqual(50);
  },
);

/** The most versions that were created within any 24 hours. */
function mostInADay(createdAtMs: readonly number[]): number {
  const counts = createdAtMs.map(
    (sinceMs) => createdAtMs.filter((atMs) => atMs >= sinceMs && atMs < sinceMs + DAY_MS).length,
  );
  return Math.max(...counts);
}

const CLAIMS: readonly (readonly [string, Lifetimes])[] = [
  ["one second", { expires_in: 1, refresh_expires_in: 1 }],
  ["minus one second", { expires_in: -1, refresh_expires_in: -1 }],
  ["no time", { expires_in: 0, refresh_expires_in: 0 }],
  ["nothing at all", {}],
  ["half an hour", { expires_in: 1_800, refresh_expires_in: 1_800 }],
  ["what is no number", { expires_in: "soon", refresh_expires_in: null }],
  ["an hour, and its refresh token a minute", { expires_in: 3_600, refresh_expires_in: 60 }],
  ["a day", { expires_in: 86_400, refresh_expires_in: 86_400 }],
];
/** The ways in which an attempt may fail, and leave versions behind. */
const FAILURES: readonly [Fault, ...Fault[]] = [
  { kind: "error", when: "after" },
  ...FAULTS,
  { kind: "lost", when: "after" },
  { kind: "stall", when: "after" },
  { kind: "cut-off refresh", when: "after" },
  { kind: "suspend", when: "after" },
  { kind: "death", when: "before" },
];

/** Ticks come up to a minute early or late, as the Scheduler's do. */
const deliveries: Script["deliveries"] = (_tick, random) => [
  { afterMs: random.below(60_000), skewMs: 0, errand: TICK },
];

/** Which exchanges fail, and how: none, every other one without an answer, some in any way. */
const COURSES: readonly (() => FaultPlan)[] = [
  () => () => undefined,
  () => {
    let exchanges = 0;
    return ({ name }) => {
      if (name === "the exchange") exchanges += 1;
      return name === "the exchange" && exchanges % 2 === 1 ? { kind: "error", when: "before" } : undefined;
    };
  },
  () => {
    const random = createRandom(1);
    return ({ name }) => (name === "the exchange" && random.chance(0.3) ? random.pick(FAILURES) : undefined);
  },
];

it.each(CLAIMS)("never fills a day with versions while XT's answers claim %s, whatever fails", async (_what, claim) => {
  for (const faults of COURSES) {
    // given
    const script: Script = { reuse: "reusable", policy: "replay", faults, deliveries, lifetimes: () => claim };

    // when
    const { world } = await play({ ...script, isEndless: true, horizon: 130 });

    // then
    expect(world.chronicle.runs.length).toBe(130);
    expect(world.versions.byId.size).toBeGreaterThan(5);
  }
});
