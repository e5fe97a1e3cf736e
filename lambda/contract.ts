/**
 * The names that the deployed function and the stack that deploys it share. It imports nothing, so that either side can.
 */

/** Staging labels of the token secret. Ours are never AWSPENDING: a foreign AWSPENDING blocks Secrets Manager's `RotateSecret`. */
export const LABEL = {
  current: "AWSCURRENT",
  previous: "AWSPREVIOUS",
  /** The newest attempt record. */
  attempt: "XT_ATTEMPT",
  /** The newest attempt record that is certain not to have spent its token. */
  unspent: "XT_UNSPENT",
  /** The newest pair received from XT. */
  issued: "XT_ISSUED",
  /** The newest void record: it stands where a dead attempt's pair would, so that none can be stored there any more. */
  void: "XT_VOID",
  /** A pair that a person is seeding, until AWSCURRENT follows. */
  seed: "XT_SEED",
} as const;

/** Names of the function's environment variables. */
export const ENVIRONMENT = {
  tokenSecretId: "TOKEN_SECRET_ID",
  clientSecretId: "CLIENT_SECRET_ID",
  baseUrl: "XT_BASE_URL",
  unknownOutcomePolicy: "UNKNOWN_OUTCOME_POLICY",
  exchangeTimeoutMs: "EXCHANGE_TIMEOUT_MS",
  /** Beginning of the names of the escrow's SSM parameters, with its closing slash; no escrow where absent. */
  escrowParameterPrefix: "ESCROW_PARAMETER_PREFIX",
  /** KMS key of the escrow's parameters; the account's `aws/ssm` key where absent. */
  escrowKeyId: "ESCROW_KEY_ID",
} as const;

/** CloudWatch namespace of the function's own metrics. They have no dimension, so that their cost does not grow with the connections. */
export const METRIC_NAMESPACE = "XtTokenRotation";

/** Names of the function's own metrics. What Lambda counts by itself is not counted again. */
export const METRIC = {
  /** How bad it is, as `Severity` counts; written by each tick, failed ones too. Its maximum finds the worst connection. */
  severity: "Severity",
  /** Share of the access token's life that is left, in percent, negative once it has expired; absent where unknown. */
  accessTokenLifeLeft: "AccessTokenLifeLeft",
  /** Until the refresh token in use expires, in seconds, negative afterwards; absent where unknown. */
  secondsToRefreshExpiry: "SecondsToRefreshExpiry",
  /** How long a pair has been received and is not in use, in seconds; absent where none waits. */
  secondsOutOfPlace: "SecondsOutOfPlace",
} as const;

/** XT's documented base URL. */
export const DEFAULT_BASE_URL = "https://oapi.xt.com";

/** What to do with a token whose exchange ended without an answer: present it again, or halt for a person. */
export const UNKNOWN_OUTCOME_POLICIES = ["replay", "hold"] as const;
export type UnknownOutcomePolicy = (typeof UNKNOWN_OUTCOME_POLICIES)[number];
export const DEFAULT_UNKNOWN_OUTCOME_POLICY: UnknownOutcomePolicy = "replay";

/**
 * Bounds of the exchange's deadline over the whole answer, in milliseconds. Too short turns a slow answer into a lost pair, so the
 * default is the longest that fits into the function's two minutes with time to store what comes.
 */
export const EXCHANGE_TIMEOUT_MS = { min: 1_000, default: 60_000, max: 60_000 } as const;

/** Name of the connection that the stack itself has. */
export const DEFAULT_CONNECTION = "default";

/**
 * Input of one invocation; anything else is refused. `connection` is `default` where absent.
 *
 * A tick may carry `force`: it skips the renewal date, the backoff and a hold, never a peer at work.
 */
export type FunctionEvent =
  | { readonly connection?: string; readonly force?: boolean }
  | { readonly connection?: string; readonly authorize: Authorization }
  | { readonly connection?: string; readonly inspect: true }
  | { readonly connection?: string; readonly promote: { readonly versionId: string } };

/** A person's consent, to be exchanged for a pair (RFC 6749 §4.1.3). */
export interface Authorization {
  readonly code: string;
  /** Puts the pair in use although it belongs to another XT user than the pair in use. */
  readonly replaceAccount?: boolean;
}

/** Output of each invocation but an inspection. It holds no secret. Times are ISO 8601 UTC, `null` where unknown. */
export interface RotationResult {
  readonly outcome: "rotated" | "settled" | "idle" | "halted" | "deferred" | "authorized";
  /** A stable code, a colon, one sentence. */
  readonly reason: string;
  readonly connection: string;
  /** The version that AWSCURRENT names, as far as this run knows. */
  readonly versionId: string | null;
  readonly expiresAt: string | null;
  readonly refreshExpiresAt: string | null;
  readonly nextRenewalAt: string | null;
}

/** How bad a state is: 0 well, 3 it heals by itself, 4 a person is needed. The command line exits with it. */
export type Severity = 0 | 3 | 4;

/** What a state means for a person. */
export interface Verdict {
  readonly severity: Severity;
  /** Stable, kebab-case. */
  readonly code: string;
  /** What was found, what happens next, and what to do where no command does it. */
  readonly message: string;
  /** What to type after `xt-token`, such as `rotate --now`; `null` where there is nothing to type. */
  readonly next: string | null;
}

/** Output of an inspection. It holds no secret. Field names are stable, times are ISO 8601 UTC, `null` is unknown or absent. */
export interface Inspection {
  readonly schema: 1;
  readonly connection: string;
  readonly checkedAt: string;
  readonly verdict: Verdict;
  /** What a tick would do now, as the rest of a sentence that begins with "a tick". */
  readonly tick: { readonly code: string; readonly does: string };
  readonly settings: {
    /** Version of the function's code. */
    readonly version: string;
    readonly tokenSecretId: string;
    readonly clientSecretId: string;
    /** Public (RFC 6749 §2.2); an authorization link holds it. `null` where the client secret cannot be read. */
    readonly clientId: string | null;
    readonly baseUrl: string;
    readonly unknownOutcomePolicy: UnknownOutcomePolicy;
    readonly exchangeTimeoutMs: number;
    readonly escrowParameterPrefix: string | null;
  };
  /** Holder of each staging label of the token secret. */
  readonly labels: Readonly<Record<string, string>>;
  readonly current: InspectedPair | null;
  /** The newest attempt on the pair in use, where it brought no pair. */
  readonly attempt: InspectedAttempt | null;
  /** Every pair in the token secret and in the escrow, the newest first. */
  readonly pairs: readonly InspectedPair[];
  readonly escrow: { readonly state: "asked" | "unreachable" | "none"; readonly code: string | null };
  /** What only the function can know: its permissions on each secret, whether XT and AWS answer, its clock. */
  readonly checks: readonly InspectedCheck[];
}

export interface InspectedPair {
  readonly versionId: string;
  readonly place: "token secret" | "escrow";
  readonly labels: readonly string[];
  readonly use: "in-use" | "promotable" | "not-promotable";
  /** Why it can or cannot be put in use, in one sentence. */
  readonly why: string;
  readonly userId: string | null;
  readonly createdAt: string | null;
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  readonly refreshExpiresAt: string | null;
  readonly nextRenewalAt: string | null;
  /** Version whose refresh token bought it, and by which attempt; `null` where a person seeded it or granted access anew. */
  readonly parent: string | null;
  readonly attempt: number | null;
}

export interface InspectedAttempt {
  readonly versionId: string;
  readonly attempt: number;
  /** `open`: at work or died. `unspent`: it certainly left the token alone. `unknown`: the token may be spent. */
  readonly state: "open" | "unspent" | "unknown";
  readonly startedAt: string;
  readonly deadlineAt: string;
}

export interface InspectedCheck {
  /** Stable: `token-secret`, `client-secret`, `escrow`, `xt`, `clock`. */
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly next: string | null;
}

/** A command of the command line, as a person types it. */
export function commandLine(words: string): string {
  return `npx xt-token ${words}`;
}
