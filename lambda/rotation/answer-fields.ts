import { parseJson } from "./json.ts";

/** The fields of a token response (RFC 6749 §5.1, and XT's own), each with every value found for it, likeliest first. */
export type FoundFields = Readonly<Record<FieldName, readonly (string | number)[]>>;

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

/** Deeper nesting than this is no token response, and would let an answer exhaust the stack. */
const MAX_DEPTH = 6;

/**
 * Finds token fields wherever an answer holds them. The only copy of a refresh token may be in a text that is no JSON
 * (comments, cut off, a trailing comma), so what does not parse is searched as text instead of being refused.
 */
export function findFields(body: string, document: unknown): FoundFields {
  const found: Record<FieldName, (string | number)[]> = {
    access_token: [],
    refresh_token: [],
    expires_in: [],
    refresh_expires_in: [],
    client_id: [],
    user_id: [],
    scope: [],
  };
  if (document === undefined) scan(body, found);
  else walk(document, found, 0);
  return found;
}

/** A `result` comes before everything beside it: the rest may echo the request. */
function walk(value: unknown, found: Record<FieldName, (string | number)[]>, depth: number): void {
  if (depth > MAX_DEPTH) return;
  if (typeof value === "string" && value.startsWith("{")) walk(parseJson(value), found, depth + 1);
  if (typeof value !== "object" || value === null) return;
  const fields = new Map(Object.entries(value));
  for (const name of FIELD_NAMES) {
    const field = fields.get(name);
    if ((typeof field === "string" && field !== "") || typeof field === "number") found[name].push(field);
  }
  walk(fields.get("result"), found, depth + 1);
  fields.delete("result");
  for (const field of fields.values()) walk(field, found, depth + 1);
}

const FIELD = new RegExp(`"(${FIELD_NAMES.join("|")})"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"|-?\\d+(?![\\d.eE]*$))`, "g");

/** Takes whole literals only: a token that is cut off has no closing quote, and is no token. */
function scan(body: string, found: Record<FieldName, (string | number)[]>): void {
  for (const [, name, literal] of body.matchAll(FIELD)) {
    const field = parseJson(literal ?? "");
    if ((typeof field === "string" && field !== "") || typeof field === "number") found[name as FieldName].push(field);
  }
}
