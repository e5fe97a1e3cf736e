import { isRecord, parseJson } from "./json.ts";
import type { Sensitive } from "./sensitive.ts";

/** The last instant that ISO 8601 writes with four digits of year. A server that gives `exp` in milliseconds lies beyond it. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/** An instant that a document states, in milliseconds since the epoch; `undefined` for anything else, and beyond the year 9999. */
export function parseInstant(value: unknown): number | undefined {
  const atMs = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Math.abs(atMs) <= LATEST_MS ? atMs : undefined;
}

/**
 * When a token expires, in milliseconds since the epoch: a JWT's `exp` decides, without one `expires_in` counted from
 * `sinceMs`, without either it is unknown.
 *
 * XT documents `expires_in` as milliseconds while its own example holds seconds; milliseconds are the shorter and so the safe reading.
 *
 * @see RFC 7519 §4.1.4 (`exp` is in seconds), RFC 6749 §5.1
 */
export function expiryMs(token: Sensitive | undefined, expiresIn: unknown, sinceMs: number): number | undefined {
  return jwtExpiryMs(token) ?? representable(lifetimeMs(expiresIn), sinceMs);
}

function lifetimeMs(expiresIn: unknown): number {
  return typeof expiresIn === "number" || (typeof expiresIn === "string" && expiresIn !== "")
    ? Number(expiresIn)
    : Number.NaN;
}

function jwtExpiryMs(token: Sensitive | undefined): number | undefined {
  const payload = token?.reveal().split(".")[1];
  const claims = payload === undefined ? undefined : parseJson(decodeBase64Url(payload));
  const exp = isRecord(claims) ? claims["exp"] : undefined;
  return typeof exp === "number" ? representable(exp * 1000, 0) : undefined;
}

function representable(durationMs: number, sinceMs: number): number | undefined {
  const atMs = Math.trunc(sinceMs + durationMs);
  return durationMs > 0 && atMs <= LATEST_MS ? atMs : undefined;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Decodes to bytes shown as characters, which is enough for the digits of `exp`. Written out because the core knows no
 * Node and `atob` throws on input that XT may send. Characters outside the alphabet end the decoding.
 *
 * @see RFC 4648 §5
 */
function decodeBase64Url(text: string): string {
  let decoded = "";
  let bits = 0;
  let width = 0;
  for (const character of text) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) break;
    bits = ((bits << 6) | value) & 0x3fff;
    width += 6;
    if (width >= 8) {
      width -= 8;
      decoded += String.fromCharCode((bits >> width) & 0xff);
    }
  }
  return decoded;
}
