import fc from "fast-check";
import { expect, it } from "vitest";
import { readSettings, SettingsError } from "../../lib/settings.ts";
import { hostileText, planted } from "./arbitraries.ts";

const KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";

const SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-AbCdEf";

const anyValue = fc.oneof(hostileText, fc.jsonValue(), fc.constant(undefined));

const schedule = fc.oneof(
  fc
    .tuple(fc.nat({ max: 300 }), fc.constantFrom("minute", "minutes", "hours", "day", ""))
    .map((rate) => `rate(${rate.join(" ")})`),
  fc
    .array(fc.constantFrom("*", "?", "0", "*/5", "0/15", "1-5", "MON-FRI", "$", ""), { minLength: 5, maxLength: 7 })
    .map((fields) => `cron(${fields.join(" ")})`),
);

const anyContext = fc.record({
  stackName: fc.oneof(fc.constant("xt-second"), anyValue),
  tokenSecretArn: fc.oneof(fc.constant(SECRET_ARN), anyValue),
  schedule: fc.oneof(schedule, anyValue),
  baseUrl: fc.oneof(fc.webUrl({ withQueryParameters: true }), anyValue),
  unknownOutcomePolicy: fc.oneof(fc.constantFrom("hold", "replay"), anyValue),
  exchangeTimeoutSeconds: fc.oneof(fc.nat({ max: 100 }), anyValue),
  logRetentionDays: fc.oneof(fc.constantFrom<unknown>(14, "365"), anyValue),
  encryptionKeyArn: fc.oneof(fc.constant(KEY_ARN), anyValue),
});

/** What reading comes to; anything but a reading and a `SettingsError` is thrown on. */
function read(context: Readonly<Record<string, unknown>>) {
  try {
    return { kind: "settings", settings: readSettings(context) } as const;
  } catch (error) {
    if (error instanceof SettingsError) return { kind: "refused", message: error.message } as const;
    throw error;
  }
}

it("reads any context or names each setting at fault", () => {
  fc.assert(
    fc.property(anyContext, (context) => {
      const reading = read(context);

      if (reading.kind === "refused") expect(reading.message).toMatch(/^\w+: found .*, expected /s);
      else expect(reading.settings.baseUrl).toBe(context.baseUrl ?? undefined);
    }),
    { numRuns: 300 },
  );
});

it("reads each setting by itself: one that is refused alone is refused among others, and only such a one", () => {
  fc.assert(
    fc.property(anyContext, (context) => {
      const reading = read(context);

      const alone = Object.entries(context).map(([key, value]) => read({ [key]: value }));
      const faults = alone.flatMap((one) => (one.kind === "refused" ? [one.message] : []));
      expect(reading.kind === "refused" ? reading.message : "").toBe(faults.join("\n"));
    }),
    { numRuns: 300 },
  );
});

it("takes no base URL but https without credentials, query or fragment", () => {
  const url = fc
    .tuple(
      fc.constantFrom("https", "http", "ftp"),
      fc.webAuthority({ withUserInfo: true }),
      fc.constantFrom("", "/a", "?", "?a", "#"),
    )
    .map(([scheme, authority, end]) => `${scheme}://${authority}${end}`);
  fc.assert(
    fc.property(url, (baseUrl) => {
      const reading = read({ baseUrl });

      if (reading.kind === "settings") expect(reading.settings.baseUrl).toMatch(/^https:\/\/@?[^?#@]+$/);
    }),
    { numRuns: 300 },
  );
});

it("ticks neither more often than every 5 minutes nor less often than every 4 hours", () => {
  fc.assert(
    fc.property(fc.nat({ max: 1_000 }), (minutes) => {
      const reading = read({ schedule: `rate(${minutes} minutes)` });

      expect(reading.kind).toBe(minutes >= 5 && minutes <= 240 ? "settings" : "refused");
    }),
    { numRuns: 300 },
  );
});

it("repeats nothing of a base URL that it refuses", () => {
  const url = fc
    .tuple(
      planted,
      fc.constantFrom("https://user:!@oapi.xt.com", "https://oapi.xt.com/?a=!", "http://!.example", "!", "https://x#!"),
    )
    .map(([secret, pattern]) => pattern.replace("!", secret));
  fc.assert(
    fc.property(url, (baseUrl) => {
      const reading = read({ baseUrl });

      expect(reading.kind === "refused" && reading.message).toMatch(/^baseUrl: found /);
      expect(JSON.stringify(reading)).not.toContain("planted-");
    }),
  );
});
