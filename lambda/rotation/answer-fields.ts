import { parseJson } from "./json.ts";

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

/** The `rc` of an envelope that does not parse; the first, since XT's envelope begins with it. */
export function scanRc(body: string): number | undefined {
  const [, rc] = /"rc"\s*:\s*"?(-?\d+)/.exec(body) ?? [];
  return rc === undefined ? undefined : Number(rc);
}

/** A field of the `result` counts before the same field beside it: the rest may echo the request, or remark on it. */
function collect(value: unknown, depth: number): FoundFields {
  if (depth > MAX_DEPTH) return NOTHING;
  if (typeof value === "string" && value.startsWith("{")) return collect(parseJson(value), depth + 1);
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

/** Takes whole literals only: a token that is cut off has no closing quote, and is no token. */
function scan(body: string): FoundFields {
  const literals = [...body.matchAll(FIELD)];
  return byName((name) =>
    literals.filter(([, field]) => field === name).flatMap(([, , literal = ""]) => readable(parseJson(literal))),
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
