/**
 * The names and rules that the deployed function and the stack that deploys it share. It imports nothing, so that either side can.
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

/** CloudWatch namespace of the function's own metrics. Each has one dimension, `connection`: the token secret as the run names it. */
export const METRIC_NAMESPACE = "XtTokenRotation";
export const METRIC_DIMENSION = "connection";

/**
 * Names of the function's own metrics. Counts are 1 in the tick to which it happened and absent in any other, since CloudWatch
 * bills a metric by the hours in which it is written. A failure is counted under the name of its class.
 */
export const METRIC = {
  /** Count of ticks that ended as they should, those of a connection that nobody has seeded yet among them. */
  heartbeat: "Heartbeat",
  /** Count of pairs that became AWSCURRENT. */
  rotations: "Rotations",
  /** Count of ticks that found the token secret without a value. */
  notSeeded: "NotSeeded",
  /** Count of ticks that halted for a person, for whatever else. */
  halts: "Halts",
  /** Until the access token of AWSCURRENT expires, in seconds, negative afterwards; absent where unknown. */
  secondsToAccessExpiry: "SecondsToAccessExpiry",
  /** Until the refresh token of AWSCURRENT expires, in seconds, negative afterwards; absent where unknown. */
  secondsToRefreshExpiry: "SecondsToRefreshExpiry",
  /** Since XT issued the pair of AWSCURRENT, or a person seeded it, in seconds. */
  secondsSinceLastSuccess: "SecondsSinceLastSuccess",
  /** From the call of the token endpoint to the end of its answer, in milliseconds. */
  exchangeLatency: "ExchangeLatency",
  /** From the end of XT's answer to the acknowledged write, in milliseconds: how long a crash would have lost the pair. */
  exposureWindow: "ExposureWindow",
  /** Count of ticks that met an attempt which is at work or died. */
  openAttempts: "OpenAttempts",
  /** Count of ticks that put a pair into the escrow or found one there. */
  escrowedPairs: "EscrowedPairs",
} as const;

/** Classes of failures that have an alarm of their own; each is the error's `name` and the name of its metric. */
export const FAILURE = {
  rejected: "RotationRejected",
  unknownOutcome: "ExchangeOutcomeUnknown",
  pairNotStored: "PairNotStored",
  refreshTokenUnreadable: "RefreshTokenUnreadable",
} as const;

/** XT's documented base URL. */
export const DEFAULT_BASE_URL = "https://oapi.xt.com";

/** What {@link baseUrlFault} accepts, for messages. */
export const BASE_URL_EXPECTED = "an https URL without credentials, query or fragment";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The parts of a parsed URL by which it is judged. */
interface UrlParts {
  readonly protocol: string;
  readonly hostname: string;
  readonly username: string;
  readonly password: string;
  readonly href: string;
}

/**
 * Says what is wrong with a base URL, `undefined` where it can be used. The URL carries the client secret and the refresh token, so nothing
 * but HTTPS may leave the machine. The URL itself is never repeated: a log would show its credentials.
 *
 * @param url the parsed URL, `undefined` where the text is none
 * @param mayBeLoopback takes plain HTTP to this machine too: stand-ins for XT have no certificate
 */
export function baseUrlFault(url: UrlParts | undefined, mayBeLoopback = false): string | undefined {
  if (url === undefined) return "no URL";
  const isPlainLoopback = mayBeLoopback && url.protocol === "http:" && LOOPBACK.test(url.hostname);
  if (url.protocol !== "https:" && !isPlainLoopback) return `the scheme ${url.protocol.slice(0, -1)}`;
  if (url.username !== "" || url.password !== "") return "a URL with credentials";
  // In the whole address, since a bare question mark at its end is no part of the query.
  if (url.href.includes("?")) return "a URL with a query";
  if (url.href.includes("#")) return "a URL with a fragment";
  return undefined;
}

/** What {@link isRedirectUri} accepts, for messages. XT compares it character for character. */
export const REDIRECT_URI_EXPECTED = "a whole URI without a fragment, as it is registered at XT";

/** Says whether a text is an absolute URI without a fragment. @see RFC 6749 §3.1.2 */
export function isRedirectUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[\x21\x22\x24-\x7e]+$/i.test(text);
}

/** What to do with a token whose exchange ended without an answer: present it again, or halt for a person. */
export const UNKNOWN_OUTCOME_POLICIES = ["replay", "hold"] as const;
export type UnknownOutcomePolicy = (typeof UNKNOWN_OUTCOME_POLICIES)[number];
export const DEFAULT_UNKNOWN_OUTCOME_POLICY: UnknownOutcomePolicy = "replay";

/**
 * Bounds of the exchange's deadline over the whole answer, in milliseconds. Too short turns a slow answer into a lost pair, so the
 * default is the longest that fits into the function's two minutes with time to store what comes.
 */
export const EXCHANGE_TIMEOUT_MS = { min: 1_000, default: 60_000, max: 60_000 } as const;

/** Input of one invocation. Nothing else is accepted. */
export interface RotationEvent {
  /** Token secret to rotate; the configured one where absent. */
  readonly secretId?: string;
  /** Renew now: skips the renewal date, the backoff and a hold, never a peer at work. */
  readonly force?: boolean;
}

/** Output of one invocation. It holds no secret. Times are ISO 8601 UTC, `null` where unknown. */
export interface RotationResult {
  readonly outcome: "rotated" | "settled" | "idle" | "halted" | "deferred";
  /** A stable code, a colon, one sentence. */
  readonly reason: string;
  readonly secretId: string;
  /** The version that AWSCURRENT names, as far as this run knows. */
  readonly versionId: string | null;
  readonly expiresAt: string | null;
  readonly refreshExpiresAt: string | null;
  readonly nextRenewalAt: string | null;
}

/** The command that a person types to seed both secrets; secrets themselves never travel in it. */
export function seedCommand(tokenSecretId: string, clientSecretId: string): string {
  return `npx xt-token seed --token-secret ${tokenSecretId} --client-secret ${clientSecretId}`;
}
