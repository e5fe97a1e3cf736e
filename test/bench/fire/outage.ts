import type { FaultPlan } from "../../../sandbox/faults.ts";
import type { FaultMode } from "./fault-modes.ts";
import type { HoldUps } from "./hold-ups.ts";

/** One outage of a service, which every request meets until it is over. */
export interface Outage {
  readonly plan: FaultPlan;
  begin(): void;
  /** Milliseconds since the service recovered, less those for which this process was held up. */
  sinceRecoveryMs(): number;
}

/** Requests without an answer stay so: the service recovers for requests that come after. */
export function createOutage(mode: FaultMode, outageMs: number, holdUps: HoldUps): Outage {
  let endsAtMs = Number.NEGATIVE_INFINITY;
  return {
    plan: () => (performance.now() < endsAtMs ? mode.fault("before") : undefined),
    begin() {
      endsAtMs = performance.now() + outageMs;
    },
    sinceRecoveryMs: () => performance.now() - endsAtMs - holdUps.since(endsAtMs),
  };
}
