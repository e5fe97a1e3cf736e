import type { VersionId } from "./ports.ts";
import type { TokenPair } from "./token-pair.ts";

const MINUTE_MS = 60_000;

/**
 * The part of a token's life after which it is renewed. The rest is what people have if a renewal needs them, and what
 * consumers' caches have to drop the old token; a larger part would leave them less.
 */
const RENEWAL_POINT = 2 / 3;

/**
 * The earliest renewal is this share of the life before `RENEWAL_POINT`. Without it, connections that were seeded together are renewed
 * together. A renewal makes four writes, and Secrets Manager takes 50 a second. With it, at most three of 10,000 tokens that live a day are
 * renewed in the same second.
 */
const RENEWAL_SPREAD = 0.05;

/** How soon an issued pair without a usable lifetime is renewed. */
const BLIND_RENEWAL_MS = 60 * MINUTE_MS;

/**
 * No issued pair is renewed sooner than this after it was issued, even if its answer states a shorter lifetime.
 * Each attempt writes two versions at most, and Secrets Manager keeps no more than 100 in 24 hours: with 30 minutes between attempts there are 96. A pair that took several
 * attempts, which the backoff lets follow each other faster, waits until the average is right again.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
const SOONEST_RENEWAL_MS = 30 * MINUTE_MS;
const SOONEST_AFTER_TROUBLE_MS = 60 * MINUTE_MS;

/** A version that holds a pair. The life of a seeded pair begins at `createdAtMs`, when the version was written. */
export interface Renewable {
  readonly versionId: VersionId;
  readonly pair: TokenPair;
  readonly createdAtMs: number;
}

/**
 * When a renewal is due, in milliseconds since the epoch: at two thirds of the life of the token that expires first, or up to a twentieth
 * of that life earlier. A seeded pair of unknown lifetime is due at once.
 */
export function renewAtMs({ versionId, pair, createdAtMs }: Renewable): number {
  const { origin } = pair;
  const point = RENEWAL_POINT - RENEWAL_SPREAD * lotOf(versionId);
  const bornAtMs = origin?.issuedAtMs ?? createdAtMs;
  const blindAtMs = origin === undefined ? bornAtMs : bornAtMs + BLIND_RENEWAL_MS;
  const pointOf = (endsAtMs: number) =>
    endsAtMs > bornAtMs ? Math.trunc(bornAtMs + (endsAtMs - bornAtMs) * point) : blindAtMs;
  const accessPointMs = pair.expiresAtMs === undefined ? blindAtMs : pointOf(pair.expiresAtMs);
  const pointMs = Math.min(accessPointMs, pointOf(pair.refreshExpiresAtMs ?? Number.POSITIVE_INFINITY));
  if (origin === undefined) return pointMs;
  return Math.max(pointMs, bornAtMs + (origin.attempt === 1 ? SOONEST_RENEWAL_MS : SOONEST_AFTER_TROUBLE_MS));
}

/** A number from 0 to 1, always the same for one version. Ids of issued versions are hashes, so their first digits are evenly spread. */
function lotOf(versionId: VersionId): number {
  const digits = /^[0-9a-f]{8}/.exec(versionId)?.[0] ?? "0";
  return Number.parseInt(digits, 16) / 2 ** 32;
}

const FIRST_BACKOFF_MS = 15 * MINUTE_MS;
const LONGEST_BACKOFF_MS = 60 * MINUTE_MS;

/** A tick that comes a little early counts as due: the Scheduler is exact to a minute, and waiting for the next tick would double the backoff. */
const TICK_JITTER_MS = MINUTE_MS;

/**
 * How long after the start of attempt `n` the next may start, in milliseconds: 15 minutes, doubled with each attempt, an
 * hour at most. The shortest keeps clear of XT's lock of 10 minutes; the longest makes 24 attempts a day, and
 * with what settles each of them 48 versions, half of what Secrets Manager keeps.
 */
export function backoffMs(attempt: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), LONGEST_BACKOFF_MS) - TICK_JITTER_MS;
}
