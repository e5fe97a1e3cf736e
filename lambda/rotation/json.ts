/** Border tools for JSON that others wrote. A parse error's message quotes its input, so it never leaves this file. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** A string, which is passed over, or an integer of so many digits that a double may not hold it. */
const STRING_OR_LONG_INTEGER = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/**
 * The parsed value, or `undefined` where the text is no JSON. An integer beyond `Number.MAX_SAFE_INTEGER` becomes the text of its
 * digits: `JSON.parse` rounds it, and a `user_id` has that many (RFC 8259 §6).
 */
export function parseJson(text: string): unknown {
  try {
    // Parsed as it is first: what is no JSON must not become JSON by the quotes that are put in.
    const value: unknown = JSON.parse(text);
    const exact = text.replace(STRING_OR_LONG_INTEGER, (literal) =>
      literal.startsWith('"') || Number.isSafeInteger(Number(literal)) ? literal : `"${literal}"`,
    );
    return exact === text ? value : JSON.parse(exact);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A whole number from 1 on, or its digits as text: an editor of keys and values makes every value text. */
export function parseCount(value: unknown): number | undefined {
  const count = typeof value === "string" && /^[1-9]\d*$/.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 1 ? count : undefined;
}

/** What a value is, in words that cannot hold the value. */
export function describeType(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (value === "") return "an empty string";
  return Array.isArray(value) ? "an array" : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
