/**
 * The names and rules that the deployed function and the stack that deploys it share. It imports nothing, so that either side can.
 */

/** The version of this project. `package.json` names it too, but the bundle does not contain that file. */
export const VERSION = "0.1.0";

/** The `User-Agent` of every request to XT: many firewalls refuse requests without one. @see RFC 9110, section 10.1.5 */
export const USER_AGENT = `xt-token-rotation/${VERSION}`;

/** Staging labels of the token secret. Ours are never AWSPENDING: a foreign AWSPENDING blocks Secrets Manager's `RotateSecret`. */
export const LABEL = {
  current: "AWSCURRENT",
  previous: "AWSPREVIOUS",
  /** The newest attempt record. */
  attempt: "XT_ATTEMPT",
  /** The newest attempt record that is certain not to have spent its token. */
  unspent: "XT_UNSPENT",
  /** The newest attempt record whose refresh token XT itself refused. */
  rejected: "XT_REJECTED",
  /** The newest pair received from XT. */
  issued: "XT_ISSUED",
  /** The newest void record: it stands where a dead attempt's pair would, so that none can be stored there any more. */
  void: "XT_VOID",
  /** A pair that a person is seeding, until AWSCURRENT follows. */
  seed: "XT_SEED",
  /** The pair in use of a connection that was disconnected and whose secrets came back for a new code. It is not renewed. */
  parked: "XT_PARKED",
} as const;

/** Names of the function's environment variables. */
export const ENVIRONMENT = {
  tokenSecretId: "TOKEN_SECRET_ID",
  clientSecretId: "CLIENT_SECRET_ID",
  /** Secret that workloads read; nothing is published where absent. */
  accessTokenSecretId: "ACCESS_TOKEN_SECRET_ID",
  /** Event bus to which changes are announced; none is announced where absent. */
  eventBusName: "EVENT_BUS_NAME",
  baseUrl: "XT_BASE_URL",
  unknownOutcomePolicy: "UNKNOWN_OUTCOME_POLICY",
  exchangeTimeoutMs: "EXCHANGE_TIMEOUT_MS",
  /** Beginning of the names of the escrow's SSM parameters, with its closing slash; no escrow where absent. */
  escrowParameterPrefix: "ESCROW_PARAMETER_PREFIX",
  /** KMS key of what the function makes: the escrow's parameters and further connections' secrets; the account's keys where absent. */
  escrowKeyId: "ESCROW_KEY_ID",
  /** Beginning of the names of further connections' secrets, with its closing slash; if absent, there are no further connections. */
  connectionPrefix: "CONNECTION_PREFIX",
  /** Settings of further connections' schedules: group, role, and expression in UTC. If absent, the function makes no schedules. */
  scheduleGroupName: "SCHEDULE_GROUP_NAME",
  scheduleRoleArn: "SCHEDULE_ROLE_ARN",
  tickSchedule: "TICK_SCHEDULE",
} as const;

/**
 * CloudWatch namespace of one function's metrics. They have no dimension, so that their cost does not grow with the connections. Two
 * stacks in one account have two namespaces: in a shared one, the good ticks of one stack would hide the failing ticks of the other.
 */
export function metricNamespace(functionName: string): string {
  return `XtTokenRotation/${functionName}`;
}

/** Names of the function's own metrics. What Lambda counts by itself is not counted again. */
export const METRIC = {
  /** How bad it is, as `Severity` counts; written by each tick, failed ones too. Its maximum finds the worst connection. */
  severity: "Severity",
  /** Share of the access token's life that is left, in percent, 0 once it has expired; absent where unknown. */
  accessTokenLifeLeft: "AccessTokenLifeLeft",
  /** Until the refresh token in use expires, in seconds, negative afterwards; absent where unknown. */
  secondsToRefreshExpiry: "SecondsToRefreshExpiry",
  /** How long a pair has been received and is not in use, in seconds; absent where none waits. */
  secondsOutOfPlace: "SecondsOutOfPlace",
  /** How many connections there are; written by each census. */
  connections: "Connections",
  /** How many connections no tick looks after; written by each census. */
  connectionsUnattended: "ConnectionsUnattended",
} as const;
export type MetricName = (typeof METRIC)[keyof typeof METRIC];

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

/** Name of the connection that the stack itself has. */
export const DEFAULT_CONNECTION = "default";

/** What {@link isConnectionName} accepts, for messages. */
export const CONNECTION_NAME_EXPECTED = "1 to 64 letters, digits, '-', '_' and '.', first a letter or digit";

/** Says whether a text can name a connection. The name is a part of the names of secrets, SSM parameters and schedules. */
export function isConnectionName(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,63}$/.test(text);
}

/** Names of the secrets of a further connection. With `*` as the connection, patterns that match all of them. */
export function connectionSecretNames(prefix: string, connection: string) {
  return { pair: `${prefix}${connection}/pair`, accessToken: `${prefix}${connection}/access-token` } as const;
}

/** Input of one invocation; anything else is refused. `connection` is `default` where absent. */
export type FunctionEvent =
  /** A tick. `force` skips the renewal date, the backoff and a hold, never a peer at work. */
  | { readonly connection?: string; readonly force?: boolean }
  | { readonly connection?: string; readonly authorize: Authorization }
  | { readonly connection?: string; readonly inspect: true }
  | { readonly connection?: string; readonly promote: { readonly versionId: string } }
  /** Asks for the names that come after `after` in alphabetical order: a `ConnectionNames`. */
  | { readonly connections: { readonly after?: string } }
  /** Asks how these connections stand, 200 at most: a `ConnectionStates`. */
  | { readonly connections: readonly string[] }
  /** Checks that ticks look after every connection, and makes what is missing: a `Census`. */
  | { readonly census: true };

/** `code` is an authorization code (RFC 6749 §4.1.3). `replaceAccount` puts the pair in use even if it belongs to another XT user. */
export interface Authorization {
  readonly code: string;
  readonly replaceAccount?: boolean;
}

/** Output of a tick, an authorization and a promotion. It holds no secret. Times are ISO 8601 UTC, `null` where unknown. */
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

/** Value of the access-token secret, as JSON: what workloads read. Its VersionId is the VersionId of the pair that it comes from. */
export interface PublishedToken {
  readonly access_token: string;
  /** ISO 8601 UTC; absent where unknown. */
  readonly expires_at?: string;
  /** XT's id of the user; absent where unknown. */
  readonly user_id?: string;
  readonly scope?: string;
  readonly connection: string;
}

/** `source` of the events that the function sends to EventBridge. They hold no secret. */
export const EVENT_SOURCE = "xt-token-rotation";

/** `detail-type` of those events. Each is sent at least once, and may be missed: an event is a hint, the secret is the truth. */
export const EVENT_TYPE = {
  /** A new access token can be read. */
  published: "XT Access Token Published",
  /** A person is needed, or no longer. */
  changed: "XT Connection State Changed",
} as const;

export type EventType = (typeof EVENT_TYPE)[keyof typeof EVENT_TYPE];

/** `detail` of an event. Fields are only ever added while `schema` stays the same. Times are ISO 8601 UTC, `null` where unknown. */
export type EventDetail =
  | {
      readonly schema: 1;
      readonly connection: string;
      /** Version of the access-token secret. */
      readonly versionId: string;
      readonly expiresAt: string | null;
    }
  | { readonly schema: 1; readonly connection: string; readonly verdict: Omit<Verdict, "next"> };

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

/**
 * A command of the command line, as a person types it. `--no` lets npx run what is installed and nothing else: without it npx would fetch
 * whatever a stranger publishes under the program's name.
 *
 * @param words the first one is no option: npx would read it as its own
 * @see https://docs.npmjs.com/cli/commands/npx
 */
export function commandLine(words: string): string {
  return `npx --no xt-token ${words}`;
}

/** Adds `--connection` to every command in a text or an answer. Without it, a person would act on `default`. */
export function namingConnection<Answer>(answer: Answer, connection: string): Answer {
  if (connection === DEFAULT_CONNECTION) return answer;
  return JSON.parse(JSON.stringify(answer), (_name, value: unknown) =>
    typeof value === "string"
      ? value.replace(/\bnpx --no xt-token [a-z]+/g, (line) => `${line} --connection ${connection}`)
      : value,
  );
}
