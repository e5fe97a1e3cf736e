import { expiryMs, parseInstant } from "./expiry.ts";
import { describeType, isRecord, type JsonObject, parseCount } from "./json.ts";
import { parsePasted, readWord, strip } from "./pasted.ts";
import type { StoredValue } from "./ports.ts";
import { Sensitive } from "./sensitive.ts";
import type { Origin, TokenPair } from "./token-pair.ts";

/** A value of the token secret, read. */
export type PairReading =
  | { readonly kind: "pair"; readonly pair: TokenPair }
  | { readonly kind: "malformed"; readonly problem: string };

/** The document that the function writes and reads; times in ISO 8601 UTC, unknown fields left out. */
export function writePair(pair: TokenPair): Sensitive {
  return new Sensitive(
    JSON.stringify({
      schema: 1,
      client_id: pair.clientId,
      user_id: pair.userId,
      scope: pair.scope,
      access_token: pair.accessToken?.reveal(),
      expires_at: isoTime(pair.expiresAtMs),
      refresh_token: pair.refreshToken.reveal(),
      refresh_expires_at: isoTime(pair.refreshExpiresAtMs),
      refresh_token_doubtful: pair.isRefreshTokenDoubtful || undefined,
      issued_at: isoTime(pair.origin?.issuedAtMs),
      parent: pair.origin?.parent,
      attempt: pair.origin?.attempt,
    }),
  );
}

/** An instant as ISO 8601 UTC. */
export function isoTime(atMs: number | undefined): string | undefined {
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

/**
 * Reads what a rotation wrote or a person stored: the function's own document, its values as text too; XT's envelope or its bare
 * `result`; a refresh token alone. A token that a person mistyped makes the value malformed, as a missing refresh token does; any
 * other field that cannot be read is taken as unknown, which renews sooner.
 */
export function readPair(stored: StoredValue): PairReading {
  if (stored.text === undefined) return malformed("the value must be text, got binary data");
  const document = parsePasted(stored.text.reveal());
  if (document === undefined) return malformed("the value must be JSON");
  if (!isRecord(document)) return malformed(`the value must be a JSON object, got ${describeType(document)}`);
  const fields = openEnvelope(document);
  return typeof fields === "string" ? malformed(fields) : readFields(fields, stored.createdAtMs);
}

function readFields(fields: JsonObject, sinceMs: number): PairReading {
  const { schema, access_token } = fields;
  if (schema !== undefined && label(schema) !== "1") {
    return malformed("schema must be 1, the value was written by another version or program");
  }
  const refresh = readWord("refresh_token", fields["refresh_token"], fields);
  const access = isBlank(access_token) ? undefined : readWord("access_token", access_token, fields);
  const origin = readOrigin(fields);
  const problems = [refresh, access].flatMap((word) => (word?.kind === "unusable" ? [word.problem] : []));
  const refreshToken = refresh.kind === "word" ? refresh.word : origin && asIssued(fields["refresh_token"]);
  // Whatever XT put in the access token's place, a live refresh token is beside it, and renewing mends the pair.
  if (refreshToken === undefined || (origin === undefined && problems.length > 0))
    return malformed(problems.join("; "));
  const accessToken = access?.kind === "word" ? access.word : undefined;
  const { expires_at, expires_in, refresh_expires_at, refresh_expires_in } = fields;
  return {
    kind: "pair",
    pair: {
      accessToken,
      refreshToken,
      expiresAtMs: accessToken && earlierExpiryMs(accessToken, expires_at, expires_in, sinceMs),
      refreshExpiresAtMs: earlierExpiryMs(refreshToken, refresh_expires_at, refresh_expires_in, sinceMs),
      isRefreshTokenDoubtful: String(fields["refresh_token_doubtful"]) === "true" || undefined,
      clientId: strippedLabel(fields["client_id"]),
      userId: strippedLabel(fields["user_id"]),
      scope: strippedLabel(fields["scope"]),
      origin,
    },
  };
}

/** A refresh token that XT issued is presented as it came, however it looks. */
function asIssued(value: unknown): Sensitive | undefined {
  return typeof value === "string" && value !== "" ? new Sensitive(value) : undefined;
}

function malformed(problem: string): PairReading {
  return { kind: "malformed", problem };
}

/** The fields of a pair: those of `result` in XT's envelope, else the document's own. Text where there are none, and says why. */
function openEnvelope(document: JsonObject): JsonObject | string {
  const { rc, refresh_token: beside } = document;
  if (rc !== undefined && Number(label(rc)) !== 0) return "rc must be 0, XT refused and this answer holds no pair";
  if (document["result"] === undefined) return document;
  const result = typeof document["result"] === "string" ? parsePasted(document["result"]) : document["result"];
  if (!isRecord(result)) return `result must be an object, got ${describeType(document["result"])}`;
  if (beside !== undefined && strippedLabel(beside) !== strippedLabel(result["refresh_token"])) {
    return "refresh_token must be given once, beside result or in it";
  }
  return result;
}

/** The earlier of what the document states and what the token says itself: a document outlives the token that was put into it. */
function earlierExpiryMs(token: Sensitive, stated: unknown, expiresIn: unknown, sinceMs: number): number | undefined {
  const statedMs = parseInstant(stated);
  if (statedMs === undefined) return expiryMs(token, expiresIn, sinceMs);
  return Math.min(statedMs, expiryMs(token, undefined, sinceMs) ?? Number.POSITIVE_INFINITY);
}

function readOrigin(fields: JsonObject): Origin | undefined {
  const { parent } = fields;
  const attempt = parseCount(fields["attempt"]);
  const issuedAtMs = parseInstant(fields["issued_at"]);
  return typeof parent === "string" && attempt !== undefined && issuedAtMs !== undefined
    ? { parent, attempt, issuedAtMs }
    : undefined;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && strip(value) === "");
}

function strippedLabel(value: unknown): string | undefined {
  const text = label(value);
  return text === undefined ? undefined : strip(text) || undefined;
}

/** XT writes `user_id` as a string in one place and as a number in another. */
export function label(value: unknown): string | undefined {
  return typeof value === "string" || (typeof value === "number" && Number.isFinite(value)) ? String(value) : undefined;
}
