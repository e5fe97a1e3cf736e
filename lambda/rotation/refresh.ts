import { LABEL } from "../contract.ts";
import { readAttemptRecord, writeAttemptRecord } from "./attempt-record.ts";
import type { Decision, VersionedPair } from "./decide.ts";
import { NotEnoughTime } from "./errors.ts";
import { keepPair } from "./keep-pair.ts";
import { writePair } from "./pair-document.ts";
import type { Ports, SecretDescription, StoredAttempt, TokenAnswer, TokenStore } from "./ports.ts";
import { type ExchangeOutcome, readTokenAnswer } from "./token-answer.ts";

/** One delivery of one event, as it presents itself to Secrets Manager. */
export interface Run {
  /** The AWS request id. */
  readonly id: string;
  readonly nonce: string;
  /** When the platform ends the run. */
  readonly deadlineAtMs: number;
  readonly exchangeTimeoutMs: number;
}

export type Refreshed =
  /** The pair is durable under XT_ISSUED; the answer it came in may now be examined at leisure. */
  | {
      readonly kind: "staged";
      readonly staged: VersionedPair;
      readonly isEscrowed: boolean;
      readonly answer: TokenAnswer;
    }
  /** Another run wrote the attempt record first. `newest` is the last attempt on this parent, absent while it cannot be read. */
  | { readonly kind: "collided"; readonly newest: StoredAttempt | undefined }
  /** XT granted nothing. */
  | Exclude<ExchangeOutcome, { readonly kind: "granted" }>;

/** What the writes after the exchange may need; no token is spent unless this much time is left behind it. */
const PERSIST_MS = 30_000;
/** The fence is one small write; if it takes longer than this, the next tick is the better try. */
const FENCE_MS = 10_000;
/** Left of the run when staging gives up, so that the failure is told before the platform ends the process. */
const FAREWELL_MS = 2_000;

/** When staging gives up. */
export function stagingEndsAtMs({ deadlineAtMs }: Run): number {
  return deadlineAtMs - FAREWELL_MS;
}

/**
 * Fence, exchange, stage: one Secrets Manager round trip before the exchange and one after it.
 *
 * ```
 *   a │ fence     PutSecretValue XT_ATTEMPT   dies here: nothing spent; settled 10 min past the deadline
 *   b │ exchange  GET                         dies here: spent or not, unknown; replayed or held
 *   c │ stage     PutSecretValue XT_ISSUED    dies here: if the write arrived, or the escrow's, a later tick promotes it
 *   d │                                       dies here: the next tick promotes it
 * ```
 */
export async function refresh(
  ports: Ports,
  run: Run,
  { arn, holders }: SecretDescription,
  { parent, attempt, credentials }: Extract<Decision, { kind: "refresh" }>,
): Promise<Refreshed> {
  const { store, clock, endpoint } = ports;
  const startedAtMs = clock.now();
  const latestExchangeMs = run.deadlineAtMs - run.exchangeTimeoutMs - PERSIST_MS;
  if (startedAtMs > latestExchangeMs) {
    throw new NotEnoughTime(run.deadlineAtMs - startedAtMs, run.exchangeTimeoutMs + PERSIST_MS);
  }
  const name = { arn, parent: parent.versionId, attempt };
  const fenceId = store.versionId({ ...name, kind: "attempt" });
  const issuedId = store.versionId({ ...name, kind: "issued" });
  const record = writeAttemptRecord({
    parent: parent.versionId,
    attempt,
    run: run.id,
    nonce: run.nonce,
    startedAtMs,
    deadlineAtMs: run.deadlineAtMs,
  });

  const fence = await store.fence(fenceId, record, Math.min(startedAtMs + FENCE_MS, latestExchangeMs));
  if (fence === "collided") return { kind: "collided", newest: await newestAttempt(store, name) };

  const answer = await endpoint.exchange({ ...credentials, refreshToken: parent.pair.refreshToken });
  const origin = { parent: parent.versionId, attempt, issuedAtMs: clock.now() };
  const outcome = readTokenAnswer(answer, parent.pair, origin);
  switch (outcome.kind) {
    case "granted":
      return {
        kind: "staged",
        ...(await keepPair(ports, issuedId, writePair(outcome.pair), stagingEndsAtMs(run))),
        staged: { versionId: issuedId, pair: outcome.pair },
        answer,
      };
    case "unknown":
      return outcome;
    case "rejected":
    case "throttled":
    case "unsent":
      if ((await store.markUnspent(fenceId, holders.get(LABEL.unspent))) === "unmarked") {
        ports.log.warn("the attempt could not be marked as unspent, it will be settled as unknown", { attempt });
      }
      return outcome;
  }
}

/**
 * The last of the attempts on a parent, from the one that is known to exist. Labels cannot tell: a person may have moved
 * AWSCURRENT back to a parent whose attempts lost theirs long ago.
 */
async function newestAttempt(
  store: TokenStore,
  known: { readonly arn: string; readonly parent: string; readonly attempt: number },
): Promise<StoredAttempt | undefined> {
  let newest: StoredAttempt | undefined;
  for (let attempt = known.attempt; ; attempt += 1) {
    const stored = await store.readVersion(store.versionId({ ...known, kind: "attempt", attempt }));
    const found = stored && readAttemptRecord(stored);
    if (found === undefined) return newest;
    newest = found;
  }
}
