import fc from "fast-check";
import { expect, it } from "vitest";
import { readPair, writePair } from "../../lambda/rotation/pair-document.ts";
import { report } from "../../lambda/rotation/report.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { at, shown, stored } from "../rotation/given.ts";
import { anyText, hostileText, instant, jsonText, planted, tokenText } from "./arbitraries.ts";

/** Its ends are letters, which no copy brings along. */
const text = hostileText.map((middle) => `a${middle}z`);
const token = tokenText.map((value) => new Sensitive(value));

const anyPair = fc.record(
  {
    refreshToken: token,
    accessToken: token,
    expiresAtMs: instant,
    refreshExpiresAtMs: instant,
    clientId: text,
    userId: text,
    scope: text,
    origin: fc.record({ parent: hostileText, attempt: fc.integer({ min: 1 }), issuedAtMs: instant }),
  },
  // Without an access token there is nothing that expires.
  { requiredKeys: ["refreshToken", "accessToken"] },
);

/** A pair's document in which every field but the refresh token may be anything, times at the calendar's ends among it. */
const nearPair = fc
  .tuple(
    jsonText().object,
    fc.constantFrom(
      '"2026-11-23T12:00:00Z"',
      '"+275760-09-13T00:00:00.000Z"',
      '"-271821-04-20T00:00:00.000Z"',
      '"7"',
      "7",
    ),
    fc.constantFrom("1", "1e999", '"1"'),
  )
  .map(
    ([fields, time, attempt]) =>
      `{"refresh_token":"refresh-1","issued_at":${time},"expires_at":${time},"parent":"v0","attempt":${attempt},` +
      `"user_id":${fields},"scope":${time}}`,
  );

it("reads every pair that it wrote", () => {
  fc.assert(
    fc.property(anyPair, (given) => {
      const reading = readPair({ ...stored(undefined), text: writePair(given) });

      expect(reading.kind === "pair" && shown(reading.pair)).toEqual(shown(given));
    }),
  );
});

it("reads any value as a pair with the refresh token that it holds, or as malformed", () => {
  fc.assert(
    fc.property(fc.option(fc.oneof(anyText, nearPair), { nil: undefined }), (value) => {
      const reading = readPair(stored(value));

      if (reading.kind === "malformed") return;
      expect(value).toContain(JSON.stringify(reading.pair.refreshToken.reveal()).slice(1, -1));
      expect(reading.pair.refreshToken.reveal()).toMatch(/^[\x21-\x7e]+$/);
    }),
    { numRuns: 1_000 },
  );
});

it("calls a foreign document malformed and repeats nothing of it", () => {
  const foreign = fc.oneof(
    planted,
    jsonText(planted).value.filter((value) => !/"refresh_token":("planted|9007199254740993)/.test(value)),
    fc.tuple(planted, planted).map(([schema, secret]) => JSON.stringify({ schema, refresh_token: secret })),
  );
  fc.assert(
    fc.property(foreign, (value) => {
      const reading = readPair(stored(value));

      expect(reading.kind).toBe("malformed");
      expect(JSON.stringify(reading)).not.toContain("planted-");
    }),
    { numRuns: 500 },
  );
});

it("reports on every pair that it reads, whatever times a person wrote", () => {
  fc.assert(
    fc.property(nearPair, (value) => {
      const reading = readPair(stored(value));
      if (reading.kind === "malformed") return;

      const result = report("default", "idle", "not-due", { ...reading, versionId: "v1", createdAtMs: at("06:00") });

      expect(result).toMatchObject({ outcome: "idle", versionId: "v1" });
    }),
  );
});

/** What copying and editing leave around a word. */
const around = fc.string({
  unit: fc.constantFrom(..." \t\n\u00A0\u202F\u200B\u200D\u2060\uFEFF\u00AD\"'`\u201C\u201D\u00AB\u2019"),
});

it("reads the same tokens whatever a copy brought along around them", () => {
  fc.assert(
    fc.property(
      tokenText,
      around,
      fc.constantFrom("", "Bearer ", "bearer\t"),
      around,
      (word, before, scheme, behind) => {
        const pasted = `${before}${scheme}${word}${behind}`;

        const reading = readPair(stored(JSON.stringify({ refresh_token: pasted, access_token: pasted })));

        expect(reading.kind === "pair" && shown(reading.pair)).toEqual({ refreshToken: word, accessToken: word });
      },
    ),
  );
});

it("presents one word of printable ASCII or halts, whatever was pasted in a token's place", () => {
  fc.assert(
    fc.property(fc.oneof(hostileText, anyText), fc.boolean(), (pasted, inAnEnvelope) => {
      const result = { refresh_token: pasted, access_token: pasted };
      const reading = readPair(stored(JSON.stringify(inAnEnvelope ? { rc: 0, result } : result)));

      if (reading.kind === "malformed") return;
      expect(reading.pair.refreshToken.reveal()).toMatch(/^[\x21-\x7e]+$/);
      expect(reading.pair.accessToken?.reveal()).toMatch(/^[\x21-\x7e]+$/);
    }),
    { numRuns: 1_000 },
  );
});
