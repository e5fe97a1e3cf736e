import { inspect } from "node:util";
import { expect, it } from "vitest";
import { everythingIn } from "./fixtures/everything-in.ts";
import { createTraces } from "./fixtures/traces.ts";

const SECRET = 'kE9/pW+2vQ="7ü&x\\Zt4LmR8';

const find = createTraces([SECRET]);

/** The secret after `before`, in base64. */
function base64(before: string, encoding: "base64" | "base64url" = "base64"): string {
  return Buffer.from(`${before}${SECRET} and more`).toString(encoding);
}

it.each([
  ["as it is", SECRET],
  ["from its first to its sixteenth character", SECRET.slice(0, 16)],
  ["from the middle of it on", SECRET.slice(5, 21)],
  ["to its last character", SECRET.slice(-16)],
  ["in a URL", encodeURIComponent(SECRET)],
  ["in a form", new URLSearchParams({ secret: SECRET }).toString()],
  ["in JSON", JSON.stringify({ secret: SECRET })],
  ["in base64", base64("")],
  ["in base64 behind one byte", base64("1")],
  ["in base64 behind two bytes", base64("12")],
  ["in base64 for URLs behind two bytes", base64("12", "base64url")],
  ["in hexadecimal", Buffer.from(SECRET).toString("hex")],
  ["as an inspected buffer", inspect(Buffer.from(SECRET))],
])("finds a secret %s", (_name, text) => {
  expect(find(`before ${text} after`)).not.toEqual([]);
});

it("shows where it found one", () => {
  expect(find(`the cause was ${SECRET}`)).toEqual([`plain: the cause was ${SECRET}`]);
});

it.each([
  ["fifteen characters of it", SECRET.slice(0, 15)],
  ["something else", "the token endpoint was not reached (ECONNREFUSED), nothing is spent"],
  ["nothing", ""],
])("finds no secret in %s", (_name, text) => {
  expect(find(text)).toEqual([]);
});

it("does not look for a secret that is too short to be told from chance", () => {
  expect(() => createTraces(["fifteen letters"])).toThrow("a secret of a test must have 16 characters at least");
});

class Inheriting extends Error {
  get detail(): string {
    return SECRET;
  }
}

function failing(fields: PropertyDescriptorMap): Error {
  return Object.defineProperties(new Error("failed"), fields);
}

it.each([
  ["the message", new Error(SECRET)],
  ["the name", failing({ name: { value: SECRET } })],
  ["the stack", failing({ stack: { value: SECRET } })],
  ["the cause", new Error("failed", { cause: new Error("failed", { cause: SECRET }) })],
  ["a field", Object.assign(new Error("failed"), { request: { path: [SECRET] } })],
  ["a hidden field", failing({ url: { value: SECRET } })],
  ["a field of a symbol", Object.assign(new Error("failed"), { [Symbol("request")]: SECRET })],
  ["the name of a field", Object.assign(new Error("failed"), { [SECRET]: 1 })],
  ["a getter", failing({ url: { get: () => SECRET } })],
  ["an inherited getter", new Inheriting("failed")],
  ["bytes", Object.assign(new Error("failed"), { rawPacket: Buffer.from(SECRET, "latin1") })],
  ["a map", Object.assign(new Error("failed"), { headers: new Map([["location", SECRET]]) })],
  ["a group of errors", new AggregateError([new Error(SECRET)])],
  ["text that was thrown", SECRET],
])("sees %s of what is thrown", (_name, thrown) => {
  expect(find(everythingIn(thrown))).not.toEqual([]);
});

it("sees nothing that cannot be had, and stands a circle and a getter that throws", () => {
  const circle: Record<string, unknown> = { name: "circle" };
  circle["self"] = circle;
  Object.defineProperty(circle, "broken", {
    enumerable: true,
    get() {
      throw new Error(SECRET);
    },
  });

  expect(find(everythingIn(circle))).toEqual([]);
});
