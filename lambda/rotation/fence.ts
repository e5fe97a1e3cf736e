import { AUTHORIZATION, readAttemptRecord, type StoredAttempt, writeAttemptRecord } from "./attempt-record.ts";
import { NotEnoughTime } from "./errors.ts";
import type { Ports, TokenStore, VersionId, VersionName } from "./ports.ts";

/** One delivery of one event, as it presents itself to Secrets Manager. */
export interface Run {
  /** The AWS request id. */
  readonly id: string;
  readonly nonce: string;
  /** When the platform ends the run. */
  readonly deadlineAtMs: number;
  readonly exchangeTimeoutMs: number;
}

/** What an attempt and its pair are named after. */
export type AttemptName = Omit<VersionName, "kind">;

export type Fence =
  | { readonly kind: "held"; readonly versionId: VersionId }
  /** Another run wrote the attempt record first. `newest` is the last attempt on this parent, absent while it cannot be read. */
  | { readonly kind: "collided"; readonly newest: StoredAttempt | undefined };

/** Time for the writes after the exchange. A run with less time left spends no token. */
const PERSIST_MS = 30_000;
/** The fence is one small write. If it takes longer than this, the run gives up and the next tick tries again. */
const FENCE_MS = 10_000;
/** Staging gives up this long before the run's deadline. The run needs the time to report the failure. */
const FAREWELL_MS = 2_000;

/** When staging gives up. */
export function stagingEndsAtMs({ deadlineAtMs }: Run): number {
  return deadlineAtMs - FAREWELL_MS;
}

/**
 * Writes the attempt record. It is a lock, it proves that writes work, and it tells later runs that this attempt began.
 *
 * @throws NotEnoughTime where the rest of the run does not cover the exchange and the writes after it
 */
export async function fence({ store, clock }: Ports, run: Run, name: AttemptName): Promise<Fence> {
  const startedAtMs = clock.now();
  const latestExchangeMs = run.deadlineAtMs - run.exchangeTimeoutMs - PERSIST_MS;
  if (startedAtMs > latestExchangeMs) {
    throw new NotEnoughTime(run.deadlineAtMs - startedAtMs, run.exchangeTimeoutMs + PERSIST_MS);
  }
  const versionId = store.versionId({ ...name, kind: "attempt" });
  const record = writeAttemptRecord({
    parent: typeof name.parent === "string" ? name.parent : AUTHORIZATION,
    attempt: name.attempt,
    run: run.id,
    nonce: run.nonce,
    startedAtMs,
    deadlineAtMs: run.deadlineAtMs,
  });
  const claimed = await store.fence(versionId, record, Math.min(startedAtMs + FENCE_MS, latestExchangeMs));
  return claimed === "held"
    ? { kind: "held", versionId }
    : { kind: "collided", newest: await newestAttempt(store, name) };
}

/**
 * The last of the attempts on a parent, from the one that is named on; `undefined` where that one cannot be read. Labels cannot
 * tell: a person may have moved AWSCURRENT back to a parent whose attempts lost theirs long ago.
 */
export async function newestAttempt(store: TokenStore, name: AttemptName): Promise<StoredAttempt | undefined> {
  let newest: StoredAttempt | undefined;
  for (let { attempt } = name; ; attempt += 1) {
    const stored = await store.readVersion(store.versionId({ ...name, kind: "attempt", attempt }));
    const found = stored && readAttemptRecord(stored);
    if (found === undefined) return newest;
    newest = found;
  }
}
