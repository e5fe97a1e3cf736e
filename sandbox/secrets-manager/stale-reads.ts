import { type Secret, type SecretState, stateOf } from "./secrets.ts";

/**
 * The reads that can be answered from an earlier moment, each by itself.
 * - `describe`: DescribeSecret.
 * - `value-by-label`: GetSecretValue with a VersionStage, or with neither a VersionStage nor a VersionId.
 * - `value-by-version`: GetSecretValue with a VersionId.
 */
export type ReadKind = "describe" | "value-by-label" | "value-by-version";

/** A moment in the past, and which reads are answered as of it. */
export interface StaleMoment {
  /** How many changes before now; 0 means now, so that later changes stay unseen. Never earlier than the oldest kept state. */
  readonly changesAgo: number;
  /** @default DescribeSecret and GetSecretValue by label */
  readonly reads?: readonly ReadKind[];
  /** How many reads of each kind are answered so. @default all, until told otherwise */
  readonly times?: number;
}

interface Staleness {
  readonly state: SecretState;
  readonly timesLeft: number;
}

const READ_BY_LABEL: readonly ReadKind[] = ["describe", "value-by-label"];

/** Secrets Manager's eventual consistency, under the control of a test. Writes have nothing to do with it. */
export class StaleReads {
  readonly #stale = new Map<string, Staleness>();
  #listsAsOfMs: number | undefined;

  /** From now on these reads see the secret as of that moment, which stands still while the secret changes on. */
  answerAsOf(
    secret: Secret,
    { changesAgo, reads = READ_BY_LABEL, times = Number.POSITIVE_INFINITY }: StaleMoment,
  ): void {
    const state = secret.history[Math.max(0, secret.history.length - 1 - changesAgo)] ?? stateOf(secret);
    for (const kind of reads) this.#stale.set(keyOf(secret, kind), { state, timesLeft: times });
  }

  /** From now on every read of the secret is true again. */
  end(secret: Secret): void {
    for (const kind of ["describe", "value-by-label", "value-by-version"] as const) {
      this.#stale.delete(keyOf(secret, kind));
    }
  }

  /** From now on lists of secrets answer as of this moment, in milliseconds since the epoch; `undefined` ends that. */
  answerListsAsOf(atMs: number | undefined): void {
    this.#listsAsOfMs = atMs;
  }

  /** The state that a list of secrets shows; `undefined` if it does not show the secret. */
  listed(secret: Secret): SecretState | undefined {
    const asOfMs = this.#listsAsOfMs;
    if (asOfMs === undefined) return stateOf(secret);
    if (secret.createdAtMs > asOfMs) return undefined;
    return secret.history.findLast(({ changedAtMs }) => changedAtMs <= asOfMs) ?? secret.history[0];
  }

  /** The state that one read sees. Counts the read. */
  seenBy(kind: ReadKind, secret: Secret): SecretState {
    const key = keyOf(secret, kind);
    const staleness = this.#stale.get(key);
    if (staleness === undefined || staleness.timesLeft < 1) return stateOf(secret);
    this.#stale.set(key, { ...staleness, timesLeft: staleness.timesLeft - 1 });
    return staleness.state;
  }
}

/** By ARN: a secret that was deleted and created anew under its name is another one. */
function keyOf({ arn }: Secret, kind: ReadKind): string {
  return `${kind} ${arn}`;
}
