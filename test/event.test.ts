import { expect, it } from "vitest";
import { readEvent } from "../lambda/event.ts";
import { InvalidEvent } from "../lambda/rotation/errors.ts";
import { Sensitive } from "../lambda/rotation/sensitive.ts";

it.each([
  [{}, { kind: "tick", connection: "default", force: false }],
  [{ connection: "default" }, { kind: "tick", connection: "default", force: false }],
  [{ force: false }, { kind: "tick", connection: "default", force: false }],
  [{ force: true }, { kind: "tick", connection: "default", force: true }],
  [{ inspect: true }, { kind: "inspect", connection: "default" }],
  [{ promote: { versionId: "v2" } }, { kind: "promote", connection: "default", versionId: "v2" }],
  [
    { connection: undefined, force: undefined },
    { kind: "tick", connection: "default", force: false },
  ],
])("reads %j", (event, expected) => {
  expect(readEvent(event)).toEqual(expected);
});

it.each([
  [{ code: "code-1" }, false],
  [{ code: "code-1", replaceAccount: false }, false],
  [{ code: "code-1", replaceAccount: true }, true],
])("reads an authorization of %j and keeps its code to itself", (authorize, replaceAccount) => {
  const asked = readEvent({ authorize });

  expect(asked).toEqual({ kind: "authorize", connection: "default", code: new Sensitive(""), replaceAccount });
  expect(asked.kind === "authorize" && asked.code.reveal()).toBe("code-1");
  expect(JSON.stringify(asked)).not.toContain("code-1");
});

const ONE_AT_A_TIME = "force, inspect, authorize and promote must be given one at a time";

it.each([
  [undefined, ["the event must be a JSON object, got nothing"]],
  [null, ["the event must be a JSON object, got null"]],
  [[], ["the event must be a JSON object, got an array"]],
  ["{}", ["the event must be a JSON object, got a string"]],
  [{ froce: true }, ["froce is unknown in the event"]],
  [{ secretId: "token-2" }, ["secretId is unknown in the event"]],
  [{ force: "true" }, ["force must be a boolean, got a string"]],
  [{ inspect: 1 }, ["inspect must be a boolean, got a number"]],
  [{ connection: "" }, ["connection must be a string, got an empty string"]],
  [{ connection: null }, ["connection must be a string, got null"]],
  [{ connection: "desk-a" }, ["connection must be default, the only one here"]],
  [{ authorize: "code-1" }, ["authorize must be a JSON object, got a string", "authorize must hold code"]],
  [{ authorize: {} }, ["authorize must hold code"]],
  [{ authorize: { code: "" } }, ["code must be a string, got an empty string"]],
  [{ authorize: { code: 7 } }, ["code must be a string, got a number"]],
  [{ authorize: { code: "c", replaceAccount: "yes" } }, ["replaceAccount must be a boolean, got a string"]],
  [{ authorize: { code: "c", account: 1 } }, ["account is unknown in authorize"]],
  [{ promote: {} }, ["promote must hold versionId"]],
  [{ promote: { versionId: 7 } }, ["versionId must be a string, got a number"]],
  [{ promote: { versionId: "v2", force: true } }, ["force is unknown in promote"]],
  [{ force: true, inspect: true }, [ONE_AT_A_TIME]],
  [{ inspect: true, promote: { versionId: "v2" } }, [ONE_AT_A_TIME]],
  [{ authorize: { code: "c" }, promote: { versionId: "v2" } }, [ONE_AT_A_TIME]],
  [{ force: true, authorize: { code: "c" } }, [ONE_AT_A_TIME]],
  [
    { froce: true, connection: "desk-a", force: 1, authorize: {}, inspect: true },
    [
      "force must be a boolean, got a number",
      "froce is unknown in the event",
      "authorize must hold code",
      "connection must be default, the only one here",
      ONE_AT_A_TIME,
    ],
  ],
])("refuses %j and names every problem", (event, problems) => {
  expect(() => readEvent(event)).toThrow(new InvalidEvent(problems));
});

it.each(["the token eyJhbGciOiJSUzI1NiJ9", "e".repeat(41), ""])(
  "does not repeat the field name <%s>, which may be a misplaced secret",
  (name) => {
    expect(() => readEvent({ [name]: 1 })).toThrow(
      new InvalidEvent(["a field with an unprintable name is unknown in the event"]),
    );
    expect(() => readEvent({ promote: { versionId: "v2", [name]: 1 } })).toThrow(
      new InvalidEvent(["a field with an unprintable name is unknown in promote"]),
    );
  },
);
