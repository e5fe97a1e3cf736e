import type { Verdict } from "./contract.ts";

/** Answer to `{ "connections": {} }`. It holds no secret. */
export interface ConnectionNames {
  readonly schema: 1;
  /** In alphabetical order, `default` included. */
  readonly connections: readonly string[];
  /** The `after` of the event that asks for the next names; `null` if there are no more. */
  readonly next: string | null;
}

/** Answer to `{ "connections": ["user-42", …] }`, in the same order. It holds no secret. */
export interface ConnectionStates {
  readonly schema: 1;
  readonly checkedAt: string;
  readonly states: readonly ConnectionState[];
}

/** How one connection stands. Times are ISO 8601 UTC, `null` where unknown. */
export interface ConnectionState {
  readonly connection: string;
  readonly verdict: Verdict;
  readonly expiresAt: string | null;
  readonly refreshExpiresAt: string | null;
  readonly nextRenewalAt: string | null;
}

/** Answer to `{ "census": true }`. It holds no secret. */
export interface Census {
  readonly schema: 1;
  /** How many connections there are, `default` included. */
  readonly connections: number;
  /** Connections that no tick looks after, 100 at most. */
  readonly unattended: readonly Unattended[];
  /** How many connections no tick looks after. */
  readonly unattendedCount: number;
  /** Connections for which this census made or corrected something, 100 at most. */
  readonly mended: readonly string[];
}

/** A connection that no tick looks after. */
export interface Unattended {
  readonly connection: string;
  /** One sentence. */
  readonly why: string;
}
