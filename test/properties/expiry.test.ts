import fc from "fast-check";
import { expect, it } from "vitest";
import { expiryMs } from "../../lambda/rotation/expiry.ts";
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
  const second = fc.integer({ min: 1, max: YEAR_9999 / 1_000 });
  fc.assert(
    fc.property(second, fc.dictionary(fc.string(), fc.jsonValue()), fc.anything(), (exp, claims, expiresIn) => {
      const token = new Sensitive(jwt({ ...claims, exp }));

      expect(expiryMs(token, expiresIn, 0)).toBe(exp * 1_000);
    }),
  );
});

it("never has a longer lifetime end sooner", () => {
  const lifetimes = fc.tuple(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 0, max: 1e12 }));
  fc.assert(
    fc.property(lifetimes, fc.integer({ min: 0, max: 2e12 }), ([lifetimeMs, moreMs], sinceMs) => {
      const sooner = expiryMs(OPAQUE, lifetimeMs, sinceMs) ?? Number.NaN;
      const later = expiryMs(OPAQUE, String(lifetimeMs + moreMs), sinceMs) ?? Number.NaN;

      expect(sooner).toBeGreaterThan(sinceMs);
      expect(later).toBeGreaterThanOrEqual(sooner);
    }),
  );
});
