import { type Fault, type FaultPlan, faultsOf } from "./fault.ts";
import { HANDS } from "./hands.ts";
import { during, SERVICES } from "./plans.ts";
import type { Delivery, Script } from "./play.ts";
import { createRandom, type Random } from "./random.ts";
import { REUSES } from "./xt.ts";

/** Clocks of two processes differ by twice as much at most. */
const SKEW_MS = 60_000;
/** As old as a read may be for a run whose clock is ahead of the dead one's by two minutes: the ten minutes are for both. */
const STALE_MS = 8 * 60_000 - 1_000;
/** The ticks in which things go wrong; the rest is what it takes to settle them. */
const TROUBLED_TICKS = 8;

/** A history in which everything is drawn from one number: XT, the policy, faults, delays, clocks, duplicates, a person. */
export function seededScript(seed: number): Script {
  const random = createRandom(seed);
  const faultiness = random.pick([0, 0.02, 0.1, 0.3]);
  const hastiness = random.pick([0, 0.3, 0.9]);
  const staleness = random.pick([0, 0.2, 0.7]);
  const hand = random.chance(0.4) ? { before: 1 + random.below(40), act: random.pick(HANDS) } : undefined;
  return {
    seed,
    reuse: random.pick(REUSES),
    policy: random.chance(0.7) ? "replay" : "hold",
    isFreshlySeeded: random.chance(0.3),
    faults: () => plan(createRandom(seed + 1), faultiness),
    hand,
    deliveries: (tick, drawn) => deliveries(tick, drawn, hastiness),
    latencyMs: (_name, drawn) => drawn.pick([1, 5, 20, 20, 100, 700, 1_400]),
    staleByMs: (drawn) => (drawn.chance(staleness) ? drawn.below(STALE_MS) : 0),
    horizon: 60,
  };
}

function deliveries(tick: number, random: Random, hastiness: number): readonly Delivery[] {
  const count = tick < TROUBLED_TICKS && random.chance(hastiness) ? 2 + random.below(2) : 1;
  return Array.from({ length: count }, (_, index) => ({
    afterMs: index === 0 ? 0 : random.pick([0, 0, 10, 50, 400, 3_000, 60_000, 125_000]),
    skewMs: random.below(2 * SKEW_MS + 1) - SKEW_MS,
    errand: { kind: "tick", isForced: tick < TROUBLED_TICKS && random.chance(0.05) },
  }));
}

/** Faults here and there, and now and then a service that is out for a while. */
function plan(random: Random, faultiness: number): FaultPlan {
  const outage = random.chance(faultiness)
    ? during({
        services: SERVICES.filter(() => random.chance(0.5)),
        fault: random.pick<Fault>([
          { kind: "error", when: "before" },
          { kind: "stall", when: "before" },
          { kind: "denied", when: "before" },
        ]),
        from: 1 + random.below(20),
        forMs: random.pick([1_000, 60_000, 60 * 60_000]),
      })()
    : () => undefined;
  let endsAtMs: number | undefined;
  return (call) => {
    endsAtMs ??= call.atMs + TROUBLED_TICKS * 15 * 60_000;
    if (call.atMs > endsAtMs) return undefined;
    const [first, ...others] = faultsOf(call.name);
    const drawn = first && random.chance(faultiness) ? random.pick([first, ...others]) : undefined;
    return outage(call) ?? drawn;
  };
}
