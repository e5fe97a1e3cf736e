import fc from "fast-check";
import { expect, it } from "vitest";
import { expiryMs, parseInstant } from "../../lambda/rotation/expiry.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { jwt } from "../rotation/given.ts";
import { hostileText, instant, jsonText } from "./arbitraries.ts";

const YEAR_9999 = Date.parse("9999-12-31T00:00:00Z");

/** Tokens with any text for a payload: base64url of JSON, of bytes, or none at all. */
const anyToken = fc
  .oneof(
    hostileText,
    fc.string().map((text) => `e30.${text}.c2ln`),
    jsonText().object.map((claims) => `e30.${Buffer.from(claims).toString("base64url")}.c2ln`),
    fc.double().map((exp) => `e30.${Buffer.from(`{"exp":${JSON.stringify(exp)}}`).toString("base64url")}.c2ln`),
  )
  .map((text) => new Sensitive(text));

const OPAQUE = new Sensitive("opaque-token");

it("knows a whole millisecond of the calendar or nothing, whatever the token and the lifetime are", () => {
  fc.assert(
    fc.property(fc.option(anyToken, { nil: undefined }), fc.anything(), instant, (token, expiresIn, sinceMs) => {
      const expiresAtMs = expiryMs(token, expiresIn, sinceMs);

      if (expiresAtMs === undefined) return;
      expect(Number.isSafeInteger(expiresAtMs)).toBe(true);
      expect(expiresAtMs).toBeGreaterThanOrEqual(0);
      expect(expiresAtMs).toBeLessThanOrEqual(YEAR_9999);
    }),
    { numRuns: 500 },
  );
});

it("takes a JWT's exp to the second, whatever else the claims and the lifetime say", () => {
  const second = fc.integer({ min: 1_000_000_000, max: 99_999_999_999 });
  fc.assert(
    fc.property(second, fc.dictionary(fc.string(), fc.jsonValue()), fc.anything(), (exp, claims, expiresIn) => {
      const token = new Sensitive(jwt({ ...claims, exp }));

      expect(expiryMs(token, expiresIn, 0)).toBe(exp * 1_000);
    }),
  );
});

it("ends a lifetime of up to 400 days at the same instant in either unit, as a number or as text", () => {
  // Below ten hours the milliseconds are a lifetime in seconds.
  const lifetime = fc.integer({ min: 34_561, max: 34_560_000 });
  fc.assert(
    fc.property(lifetime, fc.integer({ min: 0, max: 2e12 }), (seconds, sinceMs) => {
      const spellings = [seconds, String(seconds), `${seconds}000`, `${seconds}000.0`];

      const ends = spellings.map((expiresIn) => expiryMs(OPAQUE, expiresIn, sinceMs));

      expect(new Set(ends)).toEqual(new Set([sinceMs + seconds * 1_000]));
    }),
  );
});

it("knows a whole millisecond of the calendar or no instant, whatever stands in a time's place", () => {
  const nearInstant = fc.stringMatching(/^\s?[0-9]{1,15}([-:. ,T/][0-9]{1,4}){0,5}(Z|[+-][0-9]{2}:?[0-9]{2}|GMT)?$/);
  fc.assert(
    fc.property(fc.oneof(fc.anything(), hostileText, nearInstant), (value) => {
      const atMs = parseInstant(value) ?? 0;

      expect(Number.isSafeInteger(atMs)).toBe(true);
      expect(Math.abs(atMs)).toBeLessThanOrEqual(YEAR_9999);
      // An instant takes ten digits, as a number of seconds or as a date with a time.
      if (typeof value === "string" && value.replace(/\D/g, "").length < 10) expect(atMs).toBe(0);
    }),
    { numRuns: 500 },
  );
});
