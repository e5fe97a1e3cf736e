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
  [200, ["rejected", "unknown"]],
  [400, ["rejected", "turned-away"]],
  [404, ["rejected", "turned-away"]],
  [421, ["rejected", "unknown"]],
  [429, ["throttled"]],
  [500, ["rejected", "unknown"]],
] as const)("takes no remark for a token in a refusal of status %i", (status, kinds) => {
  fc.assert(
    fc.property(body, (text) => {
      expect(kinds).toContain(readTokenAnswer(answered(status, text), pair(), ORIGIN).kind);
    }),
  );
});

it.each([200, 400, 403, 500, 503])("believes XT's own refusal whatever its status, %i among them", (status) => {
  const envelope = fc.constantFrom(
    (code: string) => ({ rc: 1, mc: code }),
    (code: string) => ({ rc: "1", mc: code, result: null }),
    (code: string) => ({ returnCode: 1, msgInfo: "failure", error: { code, msg: "refresh-1" }, result: null }),
  );
  const code = fc.constantFrom("AUTH_001", "AUTH_105", "FAILURE", "SYSTEM_ERROR");
  fc.assert(
    fc.property(envelope, code, (put, word) => {
      const outcome = readTokenAnswer(answered(status, JSON.stringify(put(word))), pair(), ORIGIN);

      expect(outcome).toEqual({ kind: "rejected", status, code: word });
    }),
  );
});
