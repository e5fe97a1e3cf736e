import { parseJson } from "./json.ts";
import { Sensitive } from "./sensitive.ts";
import type { TokenPair } from "./token-pair.ts";

const FIELD_NAMES = [
  "access_token",
  "refresh_token",
  "expires_in",
  "refresh_expires_in",
  "client_id",
  "user_id",
  "scope",
] as const;
type FieldName = (typeof FIELD_NAMES)[number];

/** The fields of a token response (RFC 6749 §5.1, and XT's own), each with every value found for it, likeliest first. */
export type FoundFields = Readonly<Record<FieldName, readonly (string | number)[]>>;

/** Deeper nesting than this is no token response, and would let an answer exhaust the stack. */
const MAX_DEPTH = 6;

/**
 * Finds token fields wherever an answer holds them. The only copy of a refresh token may be in a text that is no JSON
 * (comments, cut off, a trailing comma), or under a name that JSON lets a later, empty one take the place of; so what
 * parsing does not find is searched for in the text.
 */
export function findFields(body: string, document: unknown): FoundFields {
  const parsed = collect(document, 0);
  const scanned = scan(body);
  return byName((name) => (parsed[name].length > 0 ? parsed[name] : scanned[name]));
}

/** A field of the `result` counts before the same field beside it: the rest may echo the request, or remark on it. */
function collect(value: unknown, depth: number): FoundFields {
  if (depth > MAX_DEPTH) return NOTHING;
  if (typeof value === "string" && value.trimStart().startsWith("{")) return collect(parseJson(value), depth + 1);
  if (typeof value !== "object" || value === null) return NOTHING;
  const fields = new Map<string, unknown>(Object.entries(value));
  const inResult = collect(fields.get("result"), depth + 1);
  fields.delete("result");
  const below = [...fields.values()].map((field) => collect(field, depth + 1));
  return byName((name) => {
    if (inResult[name].length > 0) return inResult[name];
    return [...readable(fields.get(name)), ...below.flatMap((found) => found[name])];
  });
}

const FIELD = new RegExp(`"(${FIELD_NAMES.join("|")})"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|-?\\d+(?![\\d.eE]*$))`, "g");

/** In JSON within JSON text, whose quotes are escaped. */
const ESCAPED_FIELD = new RegExp(
  `\\\\"(${FIELD_NAMES.join("|")})\\\\"\\s*:\\s*(\\\\"[^"\\\\]*\\\\"|-?\\d+(?![\\d.eE]*$))`,
  "g",
);

/** Takes whole literals only: a token that is cut off has no closing quote, and is no token. */
function scan(body: string): FoundFields {
  const literals = [...body.matchAll(FIELD), ...body.matchAll(ESCAPED_FIELD)];
  return byName((name) =>
    literals
      .filter(([, field]) => field === name)
      .flatMap(([, , literal = ""]) => readable(parseJson(literal.replace(/^\\"(.*)\\"$/, '"$1"')))),
  );
}

/** None of the fields is ever anything but a string or a number. */
function readable(value: unknown): readonly (string | number)[] {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? [value] : [];
}

function byName(values: (name: FieldName) => readonly (string | number)[]): FoundFields {
  return {
    access_token: values("access_token"),
    refresh_token: values("refresh_token"),
    expires_in: values("expires_in"),
    refresh_expires_in: values("refresh_expires_in"),
    client_id: values("client_id"),
    user_id: values("user_id"),
    scope: values("scope"),
  };
}

const NOTHING = byName(() => []);

/** The tokens of an answer; at least one of the two. */
export interface PickedTokens {
  readonly refresh: Sensitive | undefined;
  readonly access: Sensitive | undefined;
}

/**
 * Picks the tokens that an answer grants, `undefined` where it grants none. An answer that claims success is believed. In any
 * other, what stands in a token's place may be a remark about it (`"refresh_token": "is invalid"`), a masked copy, or an echo of
 * the request: it must be new and look like XT's tokens, which are JWTs, or be a new pair of anything else that looks issued.
 */
export function pickTokens(fields: FoundFields, spent: TokenPair, claimsSuccess: boolean): PickedTokens | undefined {
  if (claimsSuccess) return newest(fields, spent, () => true);
  const webTokens = newest(fields, spent, isJsonWebToken);
  if (webTokens && countNew(webTokens, spent) > 0) return webTokens;
  const opaque = newest(fields, spent, looksIssued);
  return opaque && countNew(opaque, spent) === 2 ? opaque : undefined;
}

function isJsonWebToken(text: string): boolean {
  return /^[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}$/.test(text);
}

/** RFC 6750 §2.1's characters, many of them, with a digit and a small letter, which codes lack, and without dots that mask. */
function looksIssued(text: string): boolean {
  return /^(?=.*\d)(?=.*[a-z])(?!.*\.\.)[\w.~+/-]{16,}=*$/.test(text);
}

function newest(fields: FoundFields, spent: TokenPair, isToken: (text: string) => boolean): PickedTokens | undefined {
  const refresh = newestOf(fields.refresh_token, spent.refreshToken, isToken);
  const access = newestOf(fields.access_token, spent.accessToken, isToken);
  return refresh === undefined && access === undefined ? undefined : { refresh, access };
}

/** The first token that differs from the one held, else the one held: an answer that is no JSON may echo the request first. */
function newestOf(
  values: readonly (string | number)[],
  held: Sensitive | undefined,
  isToken: (text: string) => boolean,
): Sensitive | undefined {
  const texts = values.filter((value) => typeof value === "string").filter(isToken);
  const tokens = texts.map((text) => new Sensitive(text));
  return tokens.find((token) => !token.equals(held)) ?? tokens[0];
}

function countNew({ refresh, access }: PickedTokens, spent: TokenPair): number {
  const isNew = [refresh && !refresh.equals(spent.refreshToken), access && !access.equals(spent.accessToken)];
  return isNew.filter(Boolean).length;
}
