import type { EventDetail, EventType, LABEL } from "../contract.ts";
import type { Sensitive } from "./sensitive.ts";

/** A version's id in Secrets Manager; ours are chosen, 64 hexadecimal digits. */
export type VersionId = string;

/** Wall-clock time, milliseconds since the epoch. */
export interface Clock {
  now(): number;
}

/** The staging labels of the token secret at one moment, possibly a stale one. */
export interface SecretDescription {
  readonly arn: string;
  /** When the secret was made. */
  readonly createdAtMs: number;
  /** Holder of each label. Versions without a label are not listed. */
  readonly holders: ReadonlyMap<string, VersionId>;
}

/** One version's value. */
export interface StoredValue {
  readonly versionId: VersionId;
  /** `undefined` where the version holds binary data. */
  readonly text: Sensitive | undefined;
  readonly createdAtMs: number;
}

/**
 * What a version is written for. A version's id is a hash of it, so that two runs that mean the same version collide.
 *
 * `attempt` and `issued`: the record of an attempt and the pair that it buys. `parent` is the version whose refresh token is spent, or
 * the authorization code. `recovered`: a pair that finds its place taken by a void record; `parent` is that place.
 */
export interface VersionName {
  readonly kind: "attempt" | "issued" | "recovered";
  readonly arn: string;
  readonly parent: VersionId | Sensitive;
  readonly attempt: number;
}

/** One version of the token secret, without its value. */
export interface ListedVersion {
  readonly versionId: VersionId;
  readonly labels: readonly string[];
  readonly createdAtMs: number;
}

/**
 * The token secret. Reads may be stale; the safety of a rotation rests on `fence` and `moveCurrent` alone.
 * Every method rejects with `StoreUnavailable` when Secrets Manager gives no usable answer in its time.
 */
export interface TokenStore {
  /** The id of a version: sha256 over its name. */
  versionId(name: VersionName): VersionId;

  describe(): Promise<SecretDescription>;

  /** The value of AWSCURRENT; `undefined` where the secret has none. */
  readCurrent(): Promise<StoredValue | undefined>;

  /** The value of one version; `undefined` where there is no such version. */
  readVersion(id: VersionId): Promise<StoredValue | undefined>;

  /** Writes the attempt record as `id` with XT_ATTEMPT. `collided`: another run wrote this id first. Gives up at `untilMs`. */
  fence(id: VersionId, record: string, untilMs: number): Promise<"held" | "collided">;

  /**
   * Writes the record under the id that a dead attempt's pair would have, with XT_VOID: after that, no pair can be stored there.
   * `taken`: another value is stored there already, even if reads do not show it yet. Idempotent.
   */
  voidIssued(id: VersionId, record: string): Promise<"void" | "taken">;

  /**
   * Writes the pair as `id` with XT_ISSUED, again and again until acknowledged or `untilMs`.
   * Idempotent. Rejects with `PairNotStored` only when time is up or the id holds another pair.
   *
   * @param onTrouble called once, when the first few attempts have failed
   */
  stage(id: VersionId, pair: Sensitive, untilMs: number, onTrouble?: () => void): Promise<void>;

  /** Puts XT_UNSPENT or XT_REJECTED on the attempt record, taking it from `holder`. Best effort. */
  mark(label: AttemptMark, id: VersionId, holder: VersionId | undefined): Promise<"marked" | "unmarked">;

  /**
   * Moves AWSCURRENT by compare-and-swap.
   * `refused`: Secrets Manager said no, because AWSCURRENT is elsewhere or because it may not; `code` is its error's name.
   */
  moveCurrent(from: VersionId, to: VersionId): Promise<{ readonly kind: "moved" } | Refused>;

  /** Every version, deprecated ones included. */
  list(): Promise<readonly ListedVersion[]>;

  /** Finds out which writes are permitted, and writes nothing. Never rejects. */
  proveWrites(): Promise<readonly Proof[]>;
}

/** Whether one operation is permitted. `code` is the error's name where it is not. */
export interface Proof {
  readonly operation: string;
  readonly code: string | undefined;
}

/** Labels that say how an attempt ended. Without XT_UNSPENT it settles as unknown. */
export type AttemptMark = typeof LABEL.unspent | typeof LABEL.rejected;

export interface Refused {
  readonly kind: "refused";
  readonly code: string;
}

/** The access-token secret, which workloads read. Every method rejects with `StoreUnavailable`. */
export interface AccessTokenStore {
  /** The version that AWSCURRENT names; `undefined` where the secret has no value. */
  published(): Promise<VersionId | undefined>;

  /**
   * Writes the value as version `id`, the id of the pair that it comes from, and puts AWSCURRENT on it. Idempotent.
   *
   * @param from the version that AWSCURRENT names now, where `id` may have been written before: then the write moves no label
   */
  publish(id: VersionId, text: Sensitive, from?: VersionId): Promise<void>;
}

/** Announces changes to other programs. Nothing in a rotation depends on it. */
export interface Announcer {
  /** Never rejects. */
  announce(type: EventType, detail: EventDetail): Promise<void>;
}

/** The second durable place, for a pair that the token secret does not take. One entry for each version it is meant for. */
export interface Escrow {
  /**
   * Writes the pair that is to become version `id`, again and again until acknowledged, `untilMs`, or no longer needed.
   * Idempotent. Never rejects.
   */
  keep(id: VersionId, pair: Sensitive, untilMs: number, isNeeded: () => boolean): Promise<"kept" | "refused">;

  /** The ids of all versions that the escrow holds a pair for. Rejects with `StoreUnavailable`. */
  list(): Promise<readonly VersionId[]>;

  /**
   * The pair meant for version `id`; `undefined` where there is none. Rejects with `StoreUnavailable`: while the escrow cannot be
   * asked, it may hold the pair, and its parent must not be spent again.
   */
  find(id: VersionId): Promise<StoredValue | undefined>;

  /** Deletes the entry. Best effort: what is left is an encrypted copy that the next renewal makes worthless. Never rejects. */
  discard(id: VersionId): Promise<"discarded" | "left">;
}

/** What the token endpoint did with one request. `code` is a bounded machine word such as ECONNREFUSED. */
export type TokenAnswer =
  /** An answer's head arrived. `complete` is false where the body was cut off by reset, deadline or size limit. */
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly body: Sensitive;
      readonly complete: boolean;
      /** When the answer was written by XT's clock, in milliseconds since the epoch; absent where it does not say. */
      readonly dateMs?: number | undefined;
    }
  /** Provably never reached XT: DNS, connect or TLS failed before the request was handed to the socket. */
  | { readonly kind: "unsent"; readonly code: string }
  /** Sent, and no answer's head arrived. */
  | { readonly kind: "lost"; readonly code: string };

export interface ClientCredentials {
  readonly clientId: Sensitive;
  readonly clientSecret: Sensitive;
}

/** What buys a pair: a refresh token (RFC 6749 §6), or the code of a person's consent (§4.1.3). */
export type TokenGrant = { readonly refreshToken: Sensitive } | { readonly authorizationCode: Sensitive };

/** XT's token endpoint. One call is at most one request on the wire. */
export interface TokenEndpoint {
  /** Spends the grant. Never rejects. */
  exchange(credentials: ClientCredentials, grant: TokenGrant): Promise<TokenAnswer>;

  /** Asks for nothing, to see whether XT answers from here. Never rejects. */
  probe(): Promise<TokenAnswer>;
}

/** The secret with the client credentials, which this program only reads. */
export interface ClientSecret {
  readonly id: string;
  /** `undefined` where the secret has no value. Rejects with `StoreUnavailable`. */
  read(): Promise<StoredValue | undefined>;
}

/** Where a run tells what its result does not. Fields hold no secret. */
export interface Log {
  warn(message: string, fields: Readonly<Record<string, string | number | readonly string[]>>): void;
}

/** Everything that a rotation reaches outside itself. */
export interface Ports {
  readonly clock: Clock;
  readonly store: TokenStore;
  readonly escrow: Escrow;
  /** Absent where there is no access-token secret. */
  readonly accessTokens?: AccessTokenStore | undefined;
  readonly announcer: Announcer;
  readonly clientSecret: ClientSecret;
  readonly endpoint: TokenEndpoint;
  readonly log: Log;
}
