import fc from "fast-check";
import { expect, it } from "vitest";
import { readTokenAnswer } from "../../lambda/rotation/token-answer.ts";
import { answered, at, pair } from "../rotation/given.ts";

const ORIGIN = { parent: "v1", attempt: 1, issuedAtMs: at("12:00") };

const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
const word = fc.string({ minLength: 1, maxLength: 12, unit: letters });

/** What servers put where a token belongs when they have none: a sentence, a word, a code, or the token they refuse, in part or whole. */
const remark = fc.oneof(
  fc
    .tuple(word, fc.constantFrom("is invalid", "expired at 2026-11-23T12:00:00Z, code 401"), word)
    .map((words) => words.join(" ")),
  fc.string({ minLength: 1, maxLength: 60, unit: letters }),
  fc.tuple(word, fc.nat({ max: 999 })).map(([text, code]) => `${text.slice(0, 11)}_${code}`),
  fc
    .array(fc.constantFrom("AUTH", "003", "REFRESH", "TOKEN", "EXPIRED", "401"), { minLength: 1 })
    .map((words) => words.join("_")),
  fc.constantFrom("", "refresh-1", "access-1", "eyJhbGciOiJSUzI1****sw9s", "eyJhbGciOiJSUzI1...sw9s"),
);

/** Where they put it. */
const place = fc.constantFrom<(fields: object) => object>(
  (fields) => ({ errors: fields }),
  (fields) => ({ ma: [fields] }),
  (fields) => ({ result: fields }),
  (fields) => ({ result: JSON.stringify(fields) }),
  (fields) => fields,
);

const body = fc.tuple(remark, remark, place, fc.constantFrom("", ",")).map(([access, refresh, put, end]) => {
  const document = { rc: 1, mc: "AUTH_003", ...put({ access_token: access, refresh_token: refresh }) };
  return `${JSON.stringify(document).slice(0, -1)}${end}}`;
});

it.each([
  [400, "rejected"],
  [401, "rejected"],
  [404, "rejected"],
  [429, "throttled"],
  [421, "unknown"],
  [500, "unknown"],
  [503, "unknown"],
])("takes no remark for a token in a refusal of status %i", (status, kind) => {
  fc.assert(
    fc.property(body, (text) => {
      expect(readTokenAnswer(answered(status, text), pair(), ORIGIN).kind).toBe(kind);
    }),
  );
});

it("takes no remark for a token in a refusal of status 200", () => {
  fc.assert(
    fc.property(body, (text) => {
      const outcome = readTokenAnswer(answered(200, text), pair(), ORIGIN);

      expect(["rejected", "unknown"]).toContain(outcome.kind);
    }),
  );
});
