import { isRecord, parseJson } from "./json.ts";
import type { Sensitive } from "./sensitive.ts";

/** The last instant that ISO 8601 writes with four digits of year. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/** A longer lifetime is read as milliseconds: XT grants 180 days, and its page says milliseconds where its example holds seconds. */
const LONGEST_LIFETIME_SECONDS = 400 * 24 * 60 * 60;

/**
 * The year 5138. A larger number counts milliseconds, of which as many had passed in March 1973: no expiry of ours is read in the
 * wrong unit.
 */
const LATEST_EPOCH_SECONDS = 1e11;

/** 9 September 2001, before any token of ours. A number that comes to less is a duration in the wrong place. */
const EARLIEST_EPOCH_MS = 1e12;

const ISO_INSTANT = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/**
 * An instant that a document states, in milliseconds since the epoch: ISO 8601 with date, time and zone, or the number of seconds or
 * milliseconds that other OAuth clients write. `undefined` for anything else: `Date.parse` takes "3600" for a year, and a time
 * without a zone or a date alone is another instant on each machine or to each reader.
 */
export function parseInstant(value: unknown): number | undefined {
  return isoInstantMs(value) ?? epochMs(value);
}

function isoInstantMs(value: unknown): number | undefined {
  const [, year, month, day, time, seconds = ":00", zone] =
    ISO_INSTANT.exec(typeof value === "string" ? value.trim() : "") ?? [];
  if (zone === undefined) return undefined;
  // `Date.parse` carries 30 February over into March.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  const atMs = Date.parse(
    `${year}-${month}-${day}T${time}${seconds}${zone.toUpperCase().replace(/(\d\d)(\d\d)$/, "$1:$2")}`,
  );
  return isDay && atMs <= LATEST_MS ? atMs : undefined;
}

/**
 * When a token expires, in milliseconds since the epoch: a JWT's `exp` decides, even where it is past; without one `expires_in`,
 * in seconds, counted from `sinceMs`; without either it is unknown.
 *
 * @see RFC 7519 §4.1.4, RFC 6749 §5.1
 */
export function expiryMs(token: Sensitive | undefined, expiresIn: unknown, sinceMs: number): number | undefined {
  const exp = epochMs(claimsOf(token)?.["exp"]);
  if (exp !== undefined) return exp;
  const lifetime = quantity(expiresIn);
  const endsAtMs = Math.trunc(sinceMs + (lifetime > LONGEST_LIFETIME_SECONDS ? lifetime : lifetime * 1000));
  return lifetime > 0 && endsAtMs <= LATEST_MS ? endsAtMs : undefined;
}

/** An instant as a number of seconds or of milliseconds. */
function epochMs(value: unknown): number | undefined {
  const number = quantity(value);
  const atMs = Math.trunc(number < LATEST_EPOCH_SECONDS ? number * 1000 : number);
  return atMs >= EARLIEST_EPOCH_MS && atMs <= LATEST_MS ? atMs : undefined;
}

/** A number, or plain digits as text; `NaN` for what `Number` would make of blanks, signs, exponents and other bases. */
function quantity(value: unknown): number {
  if (typeof value === "string") return /^\s*\d+(?:\.\d*)?\s*$/.test(value) ? Number(value) : Number.NaN;
  return typeof value === "number" ? value : Number.NaN;
}

function claimsOf(token: Sensitive | undefined) {
  const payload = token?.reveal().split(".")[1];
  const claims = payload === undefined ? undefined : parseJson(decodeBase64(payload));
  return isRecord(claims) ? claims : undefined;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * Decodes base64url, and base64 with it, to bytes shown as characters, which is enough for the digits of `exp`. Written out because
 * the core knows no Node and `atob` throws on input that XT may send. Characters outside the alphabet, `=` among them, end the decoding.
 *
 * @see RFC 4648 §4, §5
 */
function decodeBase64(text: string): string {
  let decoded = "";
  let bits = 0;
  let width = 0;
  for (const character of text.replaceAll("+", "-").replaceAll("/", "_")) {
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
