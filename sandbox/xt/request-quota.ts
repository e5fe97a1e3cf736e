import { RateLimit } from "../rate-limit.ts";

const MINUTE_MS = 60_000;
/** Requests of one address within a minute. */
const REQUESTS = 1_000;
/** How long XT locks an address that sends more. */
const LOCK_MS = 10 * MINUTE_MS;

interface Address {
  readonly limit: RateLimit;
  lockedUntilMs: number;
}

/** XT's quota of requests for each address. It has no clock: callers give the time, which must not go back. */
export class RequestQuota {
  readonly #addresses = new Map<string, Address>();

  /** Says whether XT answers a request, and counts it if so. One above the quota locks its address. Later ones do not prolong the lock. */
  admits(address: string, nowMs: number): boolean {
    const known = this.#addresses.get(address) ?? { limit: new RateLimit(REQUESTS, MINUTE_MS), lockedUntilMs: nowMs };
    this.#addresses.set(address, known);
    if (nowMs < known.lockedUntilMs) return false;
    if (known.limit.admits(nowMs)) return true;
    known.lockedUntilMs = nowMs + LOCK_MS;
    return false;
  }
}
