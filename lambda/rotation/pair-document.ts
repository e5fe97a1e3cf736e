import { expiryMs, parseInstant } from "./expiry.ts";
import { describeType, isRecord, parseJson } from "./json.ts";
import type { StoredValue } from "./ports.ts";
import { Sensitive } from "./sensitive.ts";
import type { Origin, TokenPair } from "./token-pair.ts";

/** A value of the token secret, read. */
export type PairReading =
  | { readonly kind: "pair"; readonly pair: TokenPair }
  | { readonly kind: "malformed"; readonly problem: string };

/** The document that consumers read; times in ISO 8601 UTC, unknown fields left out. */
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
 * Reads what a person seeded (XT's bare `result`, or a refresh token alone) or what a rotation wrote. Only
 * `refresh_token` is mandatory; any other field that cannot be read is taken as unknown, which renews sooner.
 */
export function readPair(stored: StoredValue): PairReading {
  if (stored.text === undefined) return { kind: "malformed", problem: "the value must be text, got binary data" };
  const document = parseJson(stored.text.reveal().trim());
  if (document === undefined) return { kind: "malformed", problem: "the value must be JSON" };
  if (!isRecord(document)) {
    return { kind: "malformed", problem: `the value must be a JSON object, got ${describeType(document)}` };
  }
  const { schema, refresh_token: refreshToken } = document;
  if (schema !== undefined && schema !== 1) {
    return { kind: "malformed", problem: "schema must be 1, the value was written by another version or program" };
  }
  if (typeof refreshToken !== "string" || refreshToken === "") {
    return { kind: "malformed", problem: `refresh_token must be a string, got ${describeType(refreshToken)}` };
  }
  const accessToken = token(document["access_token"]);
  const refresh = new Sensitive(refreshToken);
  const since = stored.createdAtMs;
  return {
    kind: "pair",
    pair: {
      accessToken,
      refreshToken: refresh,
      expiresAtMs: parseInstant(document["expires_at"]) ?? expiryMs(accessToken, document["expires_in"], since),
      refreshExpiresAtMs:
        parseInstant(document["refresh_expires_at"]) ?? expiryMs(refresh, document["refresh_expires_in"], since),
      isRefreshTokenDoubtful: document["refresh_token_doubtful"] === true || undefined,
      clientId: label(document["client_id"]),
      userId: label(document["user_id"]),
      scope: label(document["scope"]),
      origin: readOrigin(document),
    },
  };
}

function readOrigin(document: Readonly<Record<string, unknown>>): Origin | undefined {
  const { parent, attempt } = document;
  const issuedAtMs = parseInstant(document["issued_at"]);
  return typeof parent === "string" && typeof attempt === "number" && issuedAtMs !== undefined
    ? { parent, attempt, issuedAtMs }
    : undefined;
}

function token(value: unknown): Sensitive | undefined {
  return typeof value === "string" && value !== "" ? new Sensitive(value) : undefined;
}

/** XT writes `user_id` as a string in one place and as a number in another. */
export function label(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
