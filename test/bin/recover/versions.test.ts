import { expect, it } from "vitest";
import { readContent } from "../../../bin/recover/versions.ts";
import { stored } from "../../rotation/given.ts";

it.each([
  ["a pair", '{"refresh_token":"refresh-1"}', { kind: "pair" }],
  [
    "a void record",
    '{"schema":1,"kind":"void","parent":"v1","attempt":1}',
    { kind: "other", problem: "it stands where a dead attempt's pair never came" },
  ],
  ["something else", "7", { kind: "other", problem: "the value must be a JSON object, got a number" }],
])("tells %s by its content", (_name, text, expected) => {
  expect(readContent(stored(text))).toMatchObject(expected);
});

it("says so where a version is listed and not served any more", () => {
  expect(readContent(undefined)).toEqual({ kind: "other", problem: "its value is not served any more" });
});
