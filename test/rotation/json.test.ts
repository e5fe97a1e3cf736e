import { expect, it } from "vitest";
import { describeType, isRecord, parseCount, parseJson } from "../../lambda/rotation/json.ts";

it("parses JSON", () => {
  expect(parseJson('{"rc":0}')).toEqual({ rc: 0 });
});

it.each(["", "refresh-1", '{"rc":0', "undefined"])("makes nothing of the text <%s>", (text) => {
  expect(parseJson(text)).toBe(undefined);
});

it.each([
  ["9007199254740991", 9_007_199_254_740_991],
  ["9007199254740992", "9007199254740992"],
  ["-9007199254740993", "-9007199254740993"],
  ['{"user_id": 6216559590087220004}', { user_id: "6216559590087220004" }],
  ["[6216559590087220004,6216559590087220005]", ["6216559590087220004", "6216559590087220005"]],
  ['"6216559590087220004"', "6216559590087220004"],
  ['{"note":"id\\": 6216559590087220004 "}', { note: 'id": 6216559590087220004 ' }],
  ["1.6216559590087220004", 1.621655959008722],
  ["6216559590087220004.5", 6_216_559_590_087_220_000],
  ["6216559590087220004e2", 6.21655959008722e20],
])("keeps every digit of an integer: %s", (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

it.each(["{6216559590087220004:1}", "06216559590087220004", "id6216559590087220004"])(
  "makes no JSON of <%s> by keeping its digits",
  (text) => {
    expect(parseJson(text)).toBe(undefined);
  },
);

it("keeps the digits in a text as long as an answer may be", () => {
  const long = "x".repeat(4_000_000);

  expect(parseJson(`["${long}",6216559590087220004]`)).toEqual([long, "6216559590087220004"]);
});

it.each([
  [1, 1],
  ["12", 12],
  [0, undefined],
  ["0", undefined],
  [1.5, undefined],
  ["1.5", undefined],
  ["01", undefined],
  ["-1", undefined],
  [" 1", undefined],
  ["", undefined],
  ["9007199254740992", undefined],
  [Number.POSITIVE_INFINITY, undefined],
  [[1], undefined],
  [undefined, undefined],
])("counts %j as %j", (value, count) => {
  expect(parseCount(value)).toBe(count);
});

it.each([
  [undefined, "nothing"],
  [null, "null"],
  ["", "an empty string"],
  ["refresh-1", "a string"],
  [7, "a number"],
  [false, "a boolean"],
  [{}, "an object"],
  [[], "an array"],
])("describes %j in words that do not hold it", (value, expected) => {
  expect(describeType(value)).toBe(expected);
});

it.each([
  [{}, true],
  [null, false],
  [[], false],
  ["{}", false],
])("says whether %j has fields: %s", (value, expected) => {
  expect(isRecord(value)).toBe(expected);
});
