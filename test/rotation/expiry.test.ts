import { expect, it } from "vitest";
import { expiryMs, parseInstant } from "../../lambda/rotation/expiry.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { at, jwt } from "./given.ts";

const OPAQUE = new Sensitive("opaque-token");

it("takes the exp of the documentation's own access token", () => {
  const documented = new Sensitive(
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIiwidXNlci1pZCI6MSwic2NvcGUiOiJ1c2VyaW5mbyIsImlzcyI6Inh0LmNvbSIsImV4cCI6MTY5MTU2MTA3NiwiY2xpZW50X2lkIjoiMzVMRjJGU0xIWDVJUlFBNCJ9.vkSTiFLc",
  );

  expect(expiryMs(documented, undefined, at("12:00"))).toBe(Date.parse("2023-08-09T06:04:36Z"));
});

it("prefers exp to expires_in", () => {
  const token = new Sensitive(jwt({ exp: at("18:00") / 1_000 }));

  expect(expiryMs(token, 1_000, at("12:00"))).toBe(at("18:00"));
});

it.each([
  ["a number", 15_551_999, "16:19:11.999"],
  ["text", "3600000", "13:00"],
  ["a fraction", 1_000.9, "12:00:01"],
  ["the least", 1, "12:00:00.001"],
])("counts %s of expires_in as milliseconds where the token is no JWT", (_, expiresIn, expected) => {
  expect(expiryMs(OPAQUE, expiresIn, at("12:00"))).toBe(at(expected));
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["a boolean", true],
  ["an object", {}],
  ["an empty string", ""],
  ["a blank", " "],
  ["a word", "soon"],
  ["zero", 0],
  ["a negative number", -1],
  ["not a number", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["more than the calendar holds", 1e300],
])("knows no expiry from an expires_in that is %s", (_, expiresIn) => {
  expect(expiryMs(OPAQUE, expiresIn, at("12:00"))).toBe(undefined);
});

it("takes the last instant of expires_in that has four digits of year, and not the next", () => {
  const longest = Date.parse("9999-12-31T00:00:00Z");

  expect(expiryMs(OPAQUE, longest, 0)).toBe(longest);
  expect(expiryMs(OPAQUE, longest + 1, 0)).toBe(undefined);
});

it.each([
  ["text", String(at("18:00") / 1_000)],
  ["zero", 0],
  ["negative", -1],
  ["in milliseconds", at("18:00")],
  ["null", null],
  ["missing", undefined],
])("falls back to expires_in where exp is %s", (_, exp) => {
  const token = new Sensitive(jwt({ sub: "1", exp }));

  expect(expiryMs(token, 3_600_000, at("12:00"))).toBe(at("13:00"));
});

it.each([
  ["", "an empty token"],
  [".", "empty parts"],
  ["e30", "a header alone"],
  ["e30.!!!.c2ln", "a payload in no alphabet"],
  ["e30.bm8ganNvbg.c2ln", "a payload that is no JSON"],
  ["e30.W10.c2ln", "a payload that is an array"],
  ["e30.bnVsbA.c2ln", "a payload that is null"],
  ["e30.eyJleHAiOjE3.c2ln", "a payload that is cut off"],
  ["e30.eyJuIjoiPj4+fiIsImV4cCI6MTc2NDAwMDAwMH0.c2ln", "a payload in plain base64"],
])("falls back to expires_in for %s: %s", (token) => {
  expect(expiryMs(new Sensitive(token), 3_600_000, at("12:00"))).toBe(at("13:00"));
});

it("reads a payload that uses the characters in which base64url differs from base64", () => {
  const token = "e30.eyJuIjoiPz8_Pj4-IiwiZXhwIjoxNzY0MDAwMDAwfQ.c2ln";

  expect(expiryMs(new Sensitive(token), undefined, at("12:00"))).toBe(1_764_000_000_000);
});

it.each([
  ["padding", "e30=.eyJleHAiOjE3NjQwMDAwMDB9IA==.c2ln"],
  ["claims beyond ASCII", jwt({ name: "日本", exp: 1_764_000_000 })],
  ["no signature", "e30.eyJleHAiOjE3NjQwMDAwMDB9"],
])("reads the exp of a token with %s", (_, token) => {
  expect(expiryMs(new Sensitive(token), undefined, at("12:00"))).toBe(1_764_000_000_000);
});

it.each([
  ["9999-12-31T00:00:00.000Z", 253_402_214_400_000],
  ["9999-12-31T00:00:00.001Z", undefined],
  ["+275760-09-13T00:00:00.000Z", undefined],
  ["soon", undefined],
  [7, undefined],
])("reads the instant %s as %s", (value, expected) => {
  expect(parseInstant(value)).toBe(expected);
});
