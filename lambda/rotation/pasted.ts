import { describeType, type JsonObject, parseJson } from "./json.ts";
import { Sensitive } from "./sensitive.ts";

/** White space (no-break spaces and a byte order mark among it), characters that nobody sees, and quotation marks. */
const AROUND = String.raw`[\s\u0085\p{Cf}\p{Default_Ignorable_Code_Point}\p{Quotation_Mark}\u0060]`;
const LEADING = new RegExp(`^(?:${AROUND}|Bearer(?=${AROUND}))+`, "iu");
/** Looks behind, so that a long run of spaces inside is not tried from each of its characters. */
const TRAILING = new RegExp(`(?<!${AROUND})${AROUND}+$`, "u");

/** What a person meant to paste, without what came along around it. `Bearer ` is a header's (RFC 6750 §2.1). */
export function strip(text: string): string {
  return text.replace(LEADING, "").replace(TRAILING, "");
}

/** A string, which is passed over, or a remark to the end of its line, as XT's documentation has them in its example. */
const STRING_OR_REMARK = /"[^"\\]*(?:\\.[^"\\]*)*"|\/\/[^\n\r]*/g;

/**
 * The JSON value in what a person stored: between quotes or invisible characters, as text within JSON text, or with the remarks of
 * XT's example. `undefined` where there is none.
 */
export function parsePasted(text: string): unknown {
  const bare = strip(text);
  const value =
    parseJson(text.trim()) ??
    parseJson(bare) ??
    parseJson(bare.replace(STRING_OR_REMARK, (part) => (part.startsWith("//") ? "" : part)));
  // Only a shorter text is parsed again. A long integer becomes text of the same length, and the recursion would never end.
  return typeof value === "string" && value.length < text.length ? (parsePasted(value) ?? value) : value;
}

export type WordReading =
  | { readonly kind: "word"; readonly word: Sensitive }
  | { readonly kind: "unusable"; readonly problem: string };

/**
 * A credential or a token: what a person pasted, stripped, if that is one word of printable ASCII. RFC 6749 allows spaces inside,
 * but what XT issues has none, so that a space is a mistake of copying. The problem repeats no part of the value.
 *
 * @param document where the value comes from; its keys tell a wrong spelling of the name
 * @see RFC 6749 appendix A
 */
export function readWord(name: string, value: unknown, document: JsonObject): WordReading {
  const text = typeof value === "string" ? strip(value) : value;
  if (typeof text !== "string" || text === "") return unusable(name, `a string, got ${describeType(text)}`, document);
  const [, flaw] = FLAWS.find(([pattern]) => pattern.test(text)) ?? [];
  if (flaw !== undefined) return unusable(name, `one word of printable ASCII, got ${flaw}, paste it again`, document);
  return { kind: "word", word: new Sensitive(text) };
}

/** What is wrong with a word, in words that cannot hold it. The first match wins. */
const FLAWS: readonly (readonly [RegExp, string])[] = [
  [/^[{[]\s*[\\"'{}[\]]/, "a whole JSON text"],
  [/\u2026|\.{3}|\*{3}/, "the mark of a shortened or masked copy"],
  [/[\s\u0085]/, "a space or a line end inside it"],
  [/\p{Cc}/u, "a control character"],
  [/[\p{Cf}\p{Default_Ignorable_Code_Point}]/u, "an invisible character inside it"],
  [/[^\x21-\x7e]/, "a character beyond ASCII, perhaps one that looks like a letter of ASCII"],
];

function unusable(name: string, expected: string, document: JsonObject): WordReading {
  const isNear = Object.keys(document).some((key) => lettersOf(key) === lettersOf(name));
  const near = isNear && document[name] === undefined ? `, write the key that is nearly ${name} exactly so` : "";
  return { kind: "unusable", problem: `${name} must be ${expected}${near}` };
}

/** `Refresh_Token`, `refreshToken` and `"refresh_token "` are one and the same to a person. */
function lettersOf(key: string): string {
  return key.toLowerCase().replace(/[^a-z]/g, "");
}
