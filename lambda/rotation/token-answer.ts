import { type FoundFields, findFields, pickTokens } from "./answer-fields.ts";
import { expiryMs } from "./expiry.ts";
import { isRecord, parseJson } from "./json.ts";
import { label } from "./pair-document.ts";
import type { TokenAnswer } from "./ports.ts";
import { Sensitive } from "./sensitive.ts";
import type { Origin, TokenPair } from "./token-pair.ts";

/** What an exchange came to. Only `granted` and `unknown` may have spent the refresh token. */
export type ExchangeOutcome =
  | Granted
  /** XT itself says no. `code` is its own word for why. */
  | { readonly kind: "rejected"; readonly status: number; readonly code: string }
  /** Something that stands before XT says no: a firewall, a proxy, a region block. */
  | { readonly kind: "turned-away"; readonly status: number }
  | { readonly kind: "throttled" }
  | { readonly kind: "unsent"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/** A pair, and the answer that it was read from, which may be examined once the pair is durable. */
export interface Granted {
  readonly kind: "granted";
  readonly pair: TokenPair;
  readonly reading: Reading;
}

/** An answer, taken apart once. */
interface Reading {
  readonly status: number;
  /** False where the body was cut off. */
  readonly isWhole: boolean;
  /** `undefined` where the body is no JSON. */
  readonly document: unknown;
  readonly fields: FoundFields;
  /** XT's `rc`, 0 for success; `undefined` where the envelope has none that can be read. */
  readonly rc: number | undefined;
  /** Whether the tokens of the answer are believed, however they look. */
  readonly claimsSuccess: boolean;
}

/**
 * Reads the endpoint's answer. First match wins; tokens come first: once XT has sent tokens it has
 * rotated, even if something else is wrong with the answer.
 *
 * @param spent the pair whose refresh token was presented; it supplies what the answer leaves out (RFC 6749 §6)
 * @param origin of the pair that the answer may grant; `issuedAtMs` is when the answer arrived
 */
export function readTokenAnswer(answer: TokenAnswer, spent: TokenPair, origin: Origin): ExchangeOutcome {
  switch (answer.kind) {
    case "unsent":
      return { kind: "unsent", code: answer.code };
    case "lost":
      return { kind: "unknown", code: answer.code };
    case "answered": {
      const reading = read(answer);
      return readGrant(reading, spent, origin) ?? readRefusal(reading, spent) ?? unknownAnswer(reading);
    }
  }
}

function read({ status, body, complete }: Extract<TokenAnswer, { kind: "answered" }>): Reading {
  // A byte order mark is legal before JSON text, and `JSON.parse` refuses it (RFC 8259 §8.1).
  const text = body.reveal().replace(/^\uFEFF/, "");
  const document = parseJson(text);
  const rc = isRecord(document) ? wholeNumber(document["rc"] ?? document["returnCode"]) : undefined;
  const claimsSuccess = status >= 200 && status < 300 && (rc ?? scanRc(text)) === 0;
  return { status, isWhole: complete, document, fields: findFields(text, document), rc, claimsSuccess };
}

/** The `rc` of an envelope that does not parse; the first, since XT's envelope begins with it. */
function scanRc(text: string): number | undefined {
  return wholeNumber(/"(?:rc|returnCode)"\s*:\s*"?(-?\d+)/.exec(text)?.[1]);
}

function wholeNumber(value: unknown): number | undefined {
  const isDigits = typeof value === "number" || (typeof value === "string" && /^\s*-?\d+\s*$/.test(value));
  return isDigits && Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function readGrant(reading: Reading, spent: TokenPair, origin: Origin): Granted | undefined {
  const { fields, claimsSuccess, isWhole, document } = reading;
  const tokens = pickTokens(fields, spent, claimsSuccess);
  if (tokens === undefined) return undefined;
  const { refresh, access } = tokens;
  const pair: TokenPair = {
    accessToken: access ?? spent.accessToken,
    refreshToken: refresh ?? spent.refreshToken,
    expiresAtMs: access ? expiryMs(access, fields.expires_in[0], origin.issuedAtMs) : spent.expiresAtMs,
    refreshExpiresAtMs: refresh
      ? expiryMs(refresh, fields.refresh_expires_in[0], origin.issuedAtMs)
      : spent.refreshExpiresAtMs,
    // An answer that broke off most likely held one.
    isRefreshTokenDoubtful: (refresh === undefined && (!isWhole || document === undefined)) || undefined,
    clientId: label(fields.client_id[0]) ?? spent.clientId,
    userId: label(fields.user_id[0]) ?? spent.userId,
    scope: label(fields.scope[0]) ?? spent.scope,
    origin,
  };
  return { kind: "granted", pair, reading };
}

function readRefusal({ status, document, rc }: Reading, { refreshToken }: TokenPair): ExchangeOutcome | undefined {
  // 418 is what exchanges answer an address with that goes on after a 429.
  if (status === 429 || status === 418) return { kind: "throttled" };
  const code = refusalCode(document, rc);
  if (code !== undefined) {
    // What was presented may come back as the reason.
    const isEcho = refreshToken.equals(new Sensitive(code));
    return { kind: "rejected", status, code: isEcho ? UNREADABLE : code };
  }
  // 408 and 421 say nothing about the token, and codes above 451 are inventions of load balancers that may have passed the request on.
  const isTurnedAway = status >= 400 && status <= 451 && status !== 408 && status !== 421;
  return isTurnedAway ? { kind: "turned-away", status } : undefined;
}

const UNREADABLE = "an unreadable code";

/** Codes of RFC 6749 §4.1.2.1 that say that the server is in trouble, and nothing about the token. */
const SERVER_TROUBLE = ["server_error", "temporarily_unavailable"];

/**
 * XT's word for its refusal: `mc` beside an `rc` that is not 0, the code in an `error` object, or the `error` of RFC 6749 §5.2.
 * `undefined` where the document refuses nothing. It goes into errors and logs, so nothing but a short word may pass.
 */
function refusalCode(document: unknown, rc: number | undefined): string | undefined {
  if (!isRecord(document)) return undefined;
  const { mc, error } = document;
  const inError = machineWord(isRecord(error) ? error["code"] : error);
  if (rc !== undefined) return rc === 0 ? undefined : (inError ?? machineWord(mc) ?? UNREADABLE);
  return inError === undefined || SERVER_TROUBLE.includes(inError) ? undefined : inError;
}

/** `AUTH_101`, `FAILURE`, `invalid_grant`; not `Bad Request`, which frameworks write where nothing was decided. */
function machineWord(value: unknown): string | undefined {
  return typeof value === "string" && /^(?=.{1,40}$)([A-Z][A-Z0-9]*(_[A-Z0-9]+)*|[a-z]+(_[a-z]+)+)$/.test(value)
    ? value
    : undefined;
}

function unknownAnswer({ status, isWhole }: Reading): ExchangeOutcome {
  return { kind: "unknown", code: `HTTP_${status}${isWhole ? "" : "_CUT_OFF"}` };
}

/** Two statements of one expiry that lie further apart than this disagree; clocks and transit take their share. */
const EXPIRY_SLACK_MS = 60_000;

/** What is odd about an answer that granted a pair, for the log. It is asked after the pair is safe, and changes nothing. */
export function findOddities({ pair, reading }: Granted): readonly string[] {
  const { status, isWhole, document, fields, rc } = reading;
  const issuedAtMs = pair.origin?.issuedAtMs ?? 0;
  const access = fields.access_token.find(isText);
  const stated = expiryMs(undefined, fields.expires_in[0], issuedAtMs);
  const exp = access === undefined ? undefined : expiryMs(new Sensitive(access), undefined, issuedAtMs);
  const disagree = exp !== undefined && stated !== undefined && Math.abs(exp - stated) > EXPIRY_SLACK_MS;
  const claims: readonly (readonly [boolean, string])[] = [
    [status !== 200, `the status must be 200, got ${status}`],
    [!isWhole, "the answer was cut off"],
    [document === undefined, "the answer is no JSON"],
    [document !== undefined && rc === undefined, "the answer has no readable rc"],
    [rc !== undefined && rc !== 0, `rc must be 0, got ${rc}`],
    [!fields.refresh_token.some(isText), "refresh_token is missing, the one held is kept"],
    [access === undefined, "access_token is missing, the one held is kept"],
    [access !== undefined && exp === undefined && stated === undefined, "the lifetime is unknown"],
    [disagree, "expires_in and the token's exp disagree, exp is taken"],
  ];
  return claims.filter(([isTrue]) => isTrue).map(([, oddity]) => oddity);
}

function isText(value: string | number): value is string {
  return typeof value === "string";
}
