import type { FaultMode } from "./fault-modes.ts";

/** Who writes the pair: the adapters with the real SDK, the built bundle in a process of its own, or the SDK as it comes. */
export type Writer = "adapter" | "bundle" | "naive";

/** One pair that is to be written through one outage. */
export interface Course {
  readonly writer: Writer;
  readonly mode: FaultMode;
  readonly outageMs: number;
}

/** What became of the pair. */
export interface Outcome {
  /** The pair is AWSCURRENT at the end, XT was asked once, and every attempt carried the same token and the same body. */
  readonly isKept: boolean;
  /** From the recovery to the acknowledgement; `undefined` where there was none. */
  readonly lagMs: number | undefined;
  /** Requests that carried the pair to Secrets Manager. */
  readonly attempts: number;
  /** Whether the escrow took the pair as well while the outage lasted. */
  readonly isEscrowed: boolean;
}

export type Trial = Course & Outcome;

/** What a writer has after the exchange: the rest of a minute. */
export const WRITING_MS = 60_000;
