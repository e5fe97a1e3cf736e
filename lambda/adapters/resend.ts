import { setTimeout as pause } from "node:timers/promises";

/** How stubbornly one request is sent again. */
export interface Persistence {
  /** No attempt starts later than this after the first, in milliseconds. */
  readonly forMs: number;
  readonly maxAttempts: number;
  /** Ends one attempt, whatever it hangs in: lookup, handshake, head or body. In milliseconds. */
  readonly attemptMs: number;
  /** An attempt without an answer for so long gets the next beside it, in milliseconds. @default one after the other */
  readonly patienceMs?: number;
  /** Failures that another attempt cannot mend. */
  readonly isFinal: (error: unknown) => boolean;
}

const FIRST_PAUSE_MS = 50;
/** Shorter than the second within which a service that is back should have acknowledged. */
const LONGEST_PAUSE_MS = 800;

/** What an attempt at the very end still gets; the run's farewell has to have room for it. */
const SHORTEST_ATTEMPT_MS = 1_500;

type Met<T> =
  | { readonly kind: "acknowledged"; readonly value: T }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "silence" };

/**
 * Sends one request until it is acknowledged. The SDK's own three attempts are over in a tenth of a second, which an
 * outage outlasts; and only one abort signal per attempt covers a stalled handshake, head and body alike.
 *
 * @param send makes one attempt and rejects unless acknowledged, at the latest when its signal aborts; it must be
 *   idempotent
 * @throws the newest attempt's error, once every attempt has failed
 */
export async function resend<T>(persistence: Persistence, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { forMs, maxAttempts, attemptMs, patienceMs, isFinal } = persistence;
  const endsAtMs = performance.now() + forMs;
  /** Attempts that were silent for too long, and may yet be acknowledged. */
  const silent: Promise<T>[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const leftMs = Math.max(Math.ceil(endsAtMs - performance.now()), SHORTEST_ATTEMPT_MS);
    const sent = send(AbortSignal.timeout(Math.min(attemptMs, leftMs)));
    const patience = patienceMs === undefined ? [] : [silence(patienceMs, false)];
    const met = await Promise.race([ending(sent), ...silent.map(acknowledgement), ...patience]);
    if (met.kind === "acknowledged") return met.value;
    // Jitter keeps two runs that failed together from failing together again.
    const longestPauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
    const pauseMs = met.kind === "silence" ? 0 : longestPauseMs * (0.5 + Math.random() / 2);
    const isLast = attempt >= maxAttempts || performance.now() + pauseMs >= endsAtMs;
    if (isLast || (met.kind === "failed" && isFinal(met.error))) {
      // An older attempt may still be acknowledged. Then the request has succeeded, whatever the newest one met.
      return Promise.any([sent, ...silent]).catch(() => sent);
    }
    if (met.kind === "silence") {
      silent.push(sent);
      continue;
    }
    const meanwhile = await Promise.race([...silent.map(acknowledgement), silence(pauseMs, true)]);
    if (meanwhile.kind === "acknowledged") return meanwhile.value;
  }
}

function ending<T>(sent: Promise<T>): Promise<Met<T>> {
  return sent.then(
    (value) => ({ kind: "acknowledged", value }),
    (error: unknown) => ({ kind: "failed", error }),
  );
}

/** Never settles if the attempt fails, so that `Promise.race` waits for the attempts beside it. */
async function acknowledgement<T>(sent: Promise<T>): Promise<Met<T>> {
  const met = await ending(sent);
  return met.kind === "failed" ? new Promise(() => {}) : met;
}

/** @param isAlone whether nothing but this keeps the process going; where a request does, it must not outlast that */
function silence(ms: number, isAlone: boolean): Promise<{ readonly kind: "silence" }> {
  return pause(ms, { kind: "silence" }, { ref: isAlone });
}
