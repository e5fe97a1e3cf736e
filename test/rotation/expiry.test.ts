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
  ["a number", 86_400, "2026-11-24T12:00:00Z"],
  ["text", "86400", "2026-11-24T12:00:00Z"],
  ["text between blanks", " 86400\n", "2026-11-24T12:00:00Z"],
  ["text with decimals", "86400.0", "2026-11-24T12:00:00Z"],
  ["a fraction", 1.5, "2026-11-23T12:00:01.500Z"],
  ["the example of XT's page", 15_551_999, "2027-05-22T11:59:59Z"],
  ["four hundred days", 34_560_000, "2027-12-28T12:00:00Z"],
])("counts %s of expires_in as seconds where the token is no JWT", (_, expiresIn, expected) => {
  expect(expiryMs(OPAQUE, expiresIn, at("12:00"))).toBe(Date.parse(expected));
});

it.each([
  ["a day", 86_400_000, "2026-11-24T12:00:00Z"],
  ["a day as text", "86400000", "2026-11-24T12:00:00Z"],
  ["the first millisecond past four hundred days of seconds", 34_560_001, "2026-11-23T21:36:00.001Z"],
  ["XT's 180 days", 15_552_000_000, "2027-05-22T12:00:00Z"],
])(
  "counts %s of expires_in as milliseconds, since as seconds it would be longer than 400 days",
  (_, expiresIn, expected) => {
    expect(expiryMs(OPAQUE, expiresIn, at("12:00"))).toBe(Date.parse(expected));
  },
);

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
  ["text with a sign", "+86400"],
  ["text with an exponent", "864e2"],
  ["text in another base", "0x15180"],
  ["text with a unit", "86400s"],
  ["text in groups", "86,400"],
  ["a list", [86_400]],
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
  ["a word", "soon"],
  ["zero", 0],
  ["negative", -1],
  ["a duration", 86_400],
  ["between the two units", 100_000_000_000],
  ["beyond the year 9999", 253_402_214_400_001],
  ["a list", [1_764_000_000]],
  ["null", null],
  ["missing", undefined],
])("falls back to expires_in where exp is %s", (_, exp) => {
  const token = new Sensitive(jwt({ sub: "1", exp }));

  expect(expiryMs(token, 3_600, at("12:00"))).toBe(at("13:00"));
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
])("falls back to expires_in for %s: %s", (token) => {
  expect(expiryMs(new Sensitive(token), 3_600, at("12:00"))).toBe(at("13:00"));
});

it.each([
  ["the characters of base64url", "e30.eyJuIjoiPz8_Pj4-IiwiZXhwIjoxNzY0MDAwMDAwfQ.c2ln"],
  ["the characters and the padding of base64", "e30=.eyJuIjoiPz8/Pj4+IiwiZXhwIjoxNzY0MDAwMDAwfQ==.c2ln"],
  ["an exp in text", jwt({ exp: "1764000000" })],
  ["an exp in milliseconds", jwt({ exp: 1_764_000_000_000 })],
  ["an exp in milliseconds as text", jwt({ exp: "1764000000000" })],
  ["an exp with decimals", jwt({ exp: 1_764_000_000.0004 })],
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
  ["2026-11-23T12:00:00Z", 1_795_435_200_000],
  ["2026-11-23T12:00Z", 1_795_435_200_000],
  ["2026-11-23 12:00:00.123456+00:00", 1_795_435_200_123],
  ["2026-11-23t14:00:00+02:00", 1_795_435_200_000],
  ["2026-11-23T10:00:00-0200", 1_795_435_200_000],
  [" 2026-11-23T12:00:00Z\n", 1_795_435_200_000],
  [1_795_435_200, 1_795_435_200_000],
  [1_795_435_200_000, 1_795_435_200_000],
  ["1795435200", 1_795_435_200_000],
  ["1795435200000", 1_795_435_200_000],
  ["2026-11-23T12:00:00", undefined],
  ["2026-11-23", undefined],
  ["2026-02-30T12:00:00Z", undefined],
  ["2026-11-23T25:00:00Z", undefined],
  ["2026-13-23T12:00:00Z", undefined],
  ["Mon, 23 Nov 2026 12:00:00 GMT", undefined],
  ["11/23/2026", undefined],
  ["Nov 2026", undefined],
  ["2026", undefined],
  ["3600", undefined],
  ["1", undefined],
  ["", undefined],
  ["soon", undefined],
  [3_600, undefined],
  [7, undefined],
  [null, undefined],
])("reads the instant %s as %s", (value, expected) => {
  expect(parseInstant(value)).toBe(expected);
});

it("believes a JWT that has expired, whatever a lifetime promises", () => {
  const token = new Sensitive(jwt({ exp: at("06:00") / 1_000 }));

  expect(expiryMs(token, 86_400, at("12:00"))).toBe(at("06:00"));
});
