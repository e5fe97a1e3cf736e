import { expect, it } from "vitest";
import { type Fault, faultName } from "./fault.ts";
import { during } from "./plans.ts";
import { play } from "./play.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Two days of quarters of an hour, and what it takes to come to rest. */
const HORIZON = 210;

const FAULTS: readonly Fault[] = [
  { kind: "error", when: "before" },
  { kind: "unsent", when: "before" },
  { kind: "throttled", when: "before" },
  { kind: "denied", when: "before" },
];

/** The most versions that were created within any 24 hours. */
function mostInADay(createdAtMs: readonly number[]): number {
  const counts = createdAtMs.map(
    (sinceMs) => createdAtMs.filter((atMs) => atMs >= sinceMs && atMs < sinceMs + DAY_MS).length,
  );
  return Math.max(...counts);
}

it.each(FAULTS.map((fault) => [faultName(fault), fault] as const))(
  "writes at most 50 versions a day, half of Secrets Manager's hundred, while XT answers with %s for two days",
  async (_name, fault) => {
    // given
    const faults = during({ services: ["XT"], fault, from: 5, forMs: 2 * DAY_MS });

    // when
    const { world } = await play({ reuse: "reusable", policy: "replay", faults, horizon: HORIZON });

    // then
    const created = [...world.versions.byId.values()].map(({ createdAtMs }) => createdAtMs);
    expect(created.length).toBeGreaterThan(40);
    expect(mostInADay(created)).toBeLessThanOrEqual(50);
  },
);
