import type { TokenPair } from "./token-pair.ts";

/**
 * The part of a token's life after which it is renewed. The rest is what people have if a renewal needs them, and what
 * consumers' caches have to drop the old token; a larger part would leave them less.
 */
const RENEWAL_POINT = 2 / 3;

/**
 * How soon an issued pair without a usable lifetime is renewed. Shorter, and the two versions of each renewal would pass
 * Secrets Manager's hundred versions a day.
 */
const BLIND_RENEWAL_MS = 60 * 60_000;

/**
 * When a pair is to be renewed, in milliseconds since the epoch: at two thirds of the life of whichever token dies
 * first. A seeded pair of unknown lifetime is due at once.
 *
 * @param createdAtMs when the version was written; a seeded pair's life is counted from there
 */
export function renewAtMs(pair: TokenPair, createdAtMs: number): number {
  const bornAtMs = pair.origin?.issuedAtMs ?? createdAtMs;
  const blindAtMs = pair.origin === undefined ? bornAtMs : bornAtMs + BLIND_RENEWAL_MS;
  const pointOf = (endsAtMs: number) =>
    endsAtMs > bornAtMs ? Math.trunc(bornAtMs + (endsAtMs - bornAtMs) * RENEWAL_POINT) : blindAtMs;
  const accessPointMs = pair.expiresAtMs === undefined ? blindAtMs : pointOf(pair.expiresAtMs);
  return Math.min(accessPointMs, pointOf(pair.refreshExpiresAtMs ?? Number.POSITIVE_INFINITY));
}
