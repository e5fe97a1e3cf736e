import { expect, it } from "vitest";
import { describeType, isRecord, parseJson } from "../../lambda/rotation/json.ts";

it("parses JSON", () => {
  expect(parseJson('{"rc":0}')).toEqual({ rc: 0 });
});

it.each(["", "refresh-1", '{"rc":0', "undefined"])("makes nothing of the text <%s>", (text) => {
  expect(parseJson(text)).toBe(undefined);
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
