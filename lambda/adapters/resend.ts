import { setTimeout as pause } from "node:timers/promises";

/** How stubbornly one request is sent again. */
export interface Persistence {
  /** No attempt starts later than this after the first, in milliseconds. */
  readonly forMs: number;
  readonly maxAttempts: number;
  /** Ends one attempt, whatever it hangs in: lookup, handshake, head or body. In milliseconds. */
  readonly attemptMs: number;
  /** Failures that another attempt cannot mend. */
  readonly isFinal: (error: unknown) => boolean;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Sends one request until it is acknowledged. The SDK's own three attempts are over in a tenth of a second, which an
 * outage outlasts; and only one abort signal per attempt covers a stalled handshake, head and body alike.
 *
 * @param send makes one attempt and rejects unless acknowledged; it must be idempotent
 * @throws the last attempt's error
 */
export async function resend<T>(persistence: Persistence, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { forMs, maxAttempts, attemptMs, isFinal } = persistence;
  const endsAtMs = performance.now() + forMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(AbortSignal.timeout(attemptMs));
    } catch (error) {
      // Jitter keeps two runs that failed together from failing together again.
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
      if (isFinal(error) || attempt >= maxAttempts || performance.now() + pauseMs >= endsAtMs) throw error;
      await pause(pauseMs);
    }
  }
}
