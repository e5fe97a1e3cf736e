const FIRST_MS = 15 * 60_000;
const LONGEST_MS = 60 * 60_000;

/** A tick that comes a little early counts as due: the Scheduler is exact to a minute, and waiting for the next tick would double the backoff. */
const TICK_JITTER_MS = 60_000;

/**
 * How long after the start of attempt `n` the next may start, in milliseconds: 15 minutes, doubled with each attempt, an
 * hour at most. The shortest keeps clear of XT's lock of 10 minutes; the longest makes 24 attempts a day, and
 * with what settles each of them 48 versions, half of what Secrets Manager keeps.
 */
export function backoffMs(attempt: number): number {
  return Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS) - TICK_JITTER_MS;
}
