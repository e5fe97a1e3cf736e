import { expect, it } from "vitest";
import { readEvent } from "../lambda/event.ts";
import { InvalidEvent } from "../lambda/rotation/errors.ts";

it.each([
  [{}],
  [{ secretId: "token-2" }],
  [{ force: true }],
  [{ force: false }],
  [{ secretId: "token-2", force: true }],
])("reads %j as it is", (event) => {
  expect(readEvent(event)).toEqual(event);
});

it("takes a field that is undefined for one that is absent", () => {
  expect(Object.keys(readEvent({ secretId: undefined, force: undefined }))).toEqual([]);
});

it.each([
  [undefined, "it must be a JSON object, got nothing"],
  [null, "it must be a JSON object, got null"],
  [[], "it must be a JSON object, got an array"],
  ["{}", "it must be a JSON object, got a string"],
  [{ froce: true }, "froce is unknown, expected secretId or force"],
  [{ secretId: "" }, "secretId must be a string, got an empty string"],
  [{ secretId: 7 }, "secretId must be a string, got a number"],
  [{ secretId: null }, "secretId must be a string, got null"],
  [{ force: "true" }, "force must be a boolean, got a string"],
  [{ force: null }, "force must be a boolean, got null"],
  [
    { froce: true, secretId: 7, force: 1 },
    "froce is unknown, expected secretId or force; " +
      "secretId must be a string, got a number; force must be a boolean, got a number",
  ],
])("refuses %j and names every problem", (event, problems) => {
  expect(() => readEvent(event)).toThrow(new InvalidEvent([problems]));
});

it.each(["the token eyJhbGciOiJSUzI1NiJ9", "e".repeat(41), ""])(
  "does not repeat the field name <%s>, which may be a misplaced secret",
  (name) => {
    const expected = new InvalidEvent(["a field with an unprintable name is unknown, expected secretId or force"]);

    expect(() => readEvent({ [name]: 1 })).toThrow(expected);
  },
);
