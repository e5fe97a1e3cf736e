import { findFields, scanRc } from "./answer-fields.ts";
import { expiryMs } from "./expiry.ts";
import { isRecord, parseJson } from "./json.ts";
import { label } from "./pair-document.ts";
import { pickTokens } from "./pick-tokens.ts";
import type { TokenAnswer } from "./ports.ts";
import type { Origin, TokenPair } from "./token-pair.ts";

/** What an exchange came to. Only `granted` and `unknown` may have spent the refresh token. */
export type ExchangeOutcome =
  | { readonly kind: "granted"; readonly pair: TokenPair }
  | { readonly kind: "rejected"; readonly status: number; readonly mc: string }
  | { readonly kind: "throttled" }
  | { readonly kind: "unsent"; readonly code: string }
  | { readonly kind: "unknown"; readonly code: string };

/**
 * Reads the endpoint's answer. First match wins; tokens come first, since XT has rotated once it has sent them,
 * whatever else is wrong with the answer.
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
    case "answered":
      return (
        readGrant(answer, spent, origin) ?? readRefusal(answer.status, readEnvelope(answer)) ?? unknownAnswer(answer)
      );
  }
}

export type Answered = Extract<TokenAnswer, { kind: "answered" }>;

/** XT's envelope, where the whole of it can be read. */
export interface Envelope {
  readonly rc: number;
  readonly mc: string;
}

/** The body. A byte order mark is legal before JSON text, and `JSON.parse` refuses it (RFC 8259 §8.1). */
export function bodyText(answer: Answered): string {
  return answer.body.reveal().replace(/^\uFEFF/, "");
}

export function readEnvelope(answer: Answered): Envelope | undefined {
  const document = parseJson(bodyText(answer));
  if (!isRecord(document)) return undefined;
  const rc = typeof document["rc"] === "string" ? Number.parseInt(document["rc"], 10) : document["rc"];
  return typeof rc === "number" && Number.isFinite(rc) ? { rc, mc: machineWord(document["mc"]) } : undefined;
}

/** `mc` goes into errors and logs, so nothing but a short word in capitals may pass. */
function machineWord(mc: unknown): string {
  return typeof mc === "string" && /^[A-Z][A-Z0-9_]{0,39}$/.test(mc) ? mc : "an unreadable mc";
}

function readRefusal(status: number, envelope: Envelope | undefined): ExchangeOutcome | undefined {
  if (status === 429) return { kind: "throttled" };
  // 421 asks for the same request on another connection, and says nothing about the token.
  if (status >= 400 && status < 500 && status !== 421) {
    return { kind: "rejected", status, mc: envelope?.mc ?? "no readable mc" };
  }
  if (isSuccess(status) && envelope !== undefined && envelope.rc !== 0) {
    return { kind: "rejected", status, mc: envelope.mc };
  }
  return undefined;
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function unknownAnswer(answer: Answered): ExchangeOutcome {
  return { kind: "unknown", code: `HTTP_${answer.status}${answer.complete ? "" : "_CUT_OFF"}` };
}

function readGrant(answer: Answered, spent: TokenPair, origin: Origin): ExchangeOutcome | undefined {
  const body = bodyText(answer);
  const fields = findFields(body, parseJson(body));
  const claimsSuccess = isSuccess(answer.status) && (readEnvelope(answer)?.rc ?? scanRc(body)) === 0;
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
    clientId: label(fields.client_id[0]) ?? spent.clientId,
    userId: label(fields.user_id[0]) ?? spent.userId,
    scope: label(fields.scope[0]) ?? spent.scope,
    origin,
  };
  return { kind: "granted", pair };
}
