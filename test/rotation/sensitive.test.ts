import { inspect } from "node:util";
import { expect, it } from "vitest";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

const TOKEN = new Sensitive("refresh-1");

it("reveals its string to whoever asks by name", () => {
  expect(TOKEN.reveal()).toBe("refresh-1");
});

it.each([
  ["String()", String(TOKEN), "[redacted]"],
  ["a template", `Bearer ${TOKEN}`, "Bearer [redacted]"],
  ["concatenation", "".concat(TOKEN as unknown as string), "[redacted]"],
  ["JSON.stringify", JSON.stringify({ token: TOKEN }), '{"token":"[redacted]"}'],
  ["util.inspect", inspect({ token: TOKEN }), "{ token: [redacted] }"],
  ["util.inspect of everything", inspect(TOKEN, { showHidden: true, depth: null }), "[redacted]"],
])("prints [redacted] by way of %s", (_, printed, expected) => {
  expect(printed).toBe(expected);
});

it("holds nothing that can be enumerated or copied", () => {
  expect(Object.entries(TOKEN)).toEqual([]);
  expect(Reflect.ownKeys(TOKEN)).toEqual([]);
  expect(structuredClone(TOKEN)).toEqual({});
});

it("equals another that holds the same string", () => {
  expect(TOKEN.equals(new Sensitive("refresh-1"))).toBe(true);
});

it.each([
  ["another string", new Sensitive("refresh-2")],
  ["nothing", undefined],
])("does not equal %s", (_, other) => {
  expect(TOKEN.equals(other)).toBe(false);
});
