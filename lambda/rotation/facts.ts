import type { StoredAttempt } from "./attempt-record.ts";
import type { CredentialsReading } from "./client-credentials.ts";
import type { RotationError } from "./errors.ts";
import type { VersionId } from "./ports.ts";
import type { TokenPair } from "./token-pair.ts";

/** What one look at the world showed. */
export interface Facts {
  readonly current: Current;
  /** When the token secret was made, in milliseconds since the epoch. */
  readonly secretCreatedAtMs: number;
  /** The pair under XT_ISSUED, where that is not the one under AWSCURRENT. */
  readonly staged?: StagedPair | undefined;
  /** The newest attempt to spend the current pair's refresh token. */
  readonly attempt?: Attempt | undefined;
  /** The newest authorization, where its pair is not in use: it is at work, it brought nothing, or only the escrow took its pair. */
  readonly authorization?: { readonly deadlineAtMs: number } | undefined;
  /** Whether the connection was disconnected, and no code has brought a pair since. */
  readonly isParked?: boolean;
  readonly publication: Publication;
  readonly clientCredentials: CredentialsReading | { readonly kind: "unavailable"; readonly error: RotationError };
}

/** What the access-token secret shows. */
export type Publication =
  /** There is no such secret. */
  | { readonly kind: "none" }
  /** The version that its AWSCURRENT names, which is the version of the pair that the token comes from. */
  | {
      readonly kind: "published";
      readonly versionId: VersionId | undefined;
      /** Whether its pair was bought with the one in use: then the reads of the token secret lag, or a person moved AWSCURRENT back. */
      readonly isAhead: boolean;
    }
  | { readonly kind: "unavailable"; readonly error: RotationError };

export type Current =
  /** No pair yet. AWSCURRENT may be on the record of an authorization: the first version of a secret becomes AWSCURRENT. */
  | { readonly kind: "absent"; readonly versionId: VersionId | undefined }
  | { readonly kind: "malformed"; readonly versionId: VersionId; readonly problem: string }
  | CurrentPair;

export interface CurrentPair extends VersionedPair {
  readonly kind: "pair";
  readonly createdAtMs: number;
}

export interface VersionedPair {
  readonly versionId: VersionId;
  readonly pair: TokenPair;
  /** When the version was written, in milliseconds since the epoch; absent where this run wrote it. */
  readonly createdAtMs?: number | undefined;
}

export interface StagedPair extends VersionedPair {
  /** Whether it was bought, directly or through others, with the refresh token that AWSCURRENT holds, or authorized in its place. */
  readonly succeedsCurrent: boolean;
}

/**
 * An attempt on the current pair, of which no pair is known. `open`: it is running, or it died. `unspent`: it certainly did not spend
 * the token. `unknown`: it is over, a search found no pair, and the token may be spent.
 */
export interface Attempt extends StoredAttempt {
  readonly state: "open" | "unspent" | "unknown";
  /** Whether XT itself refused the token. */
  readonly isRejected: boolean;
  /** Whether this attempt or an earlier one on the same pair ended unknown: a pair may have been issued that nobody received. */
  readonly mayBeLost: boolean;
  /** Whether this run has searched the stores for pairs of attempts that ended unknown. */
  readonly isSearched: boolean;
}

/** Whether nothing was ever written to the token secret. */
export function isBlank({ current }: Facts): boolean {
  return current.kind === "absent" && current.versionId === undefined;
}

/**
 * Since when a pair has been received that is not in use, or may have been, in milliseconds since the epoch; `undefined` where none
 * waits. An attempt that ended without an answer may have left one until it is settled.
 */
export function receivedAndUnusedSinceMs({ staged, attempt }: Facts): number | undefined {
  if (staged?.succeedsCurrent) return staged.pair.origin?.issuedAtMs;
  return attempt?.state === "open" ? attempt.record.startedAtMs : undefined;
}
