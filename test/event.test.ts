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
  [{ connection: "desk-a" }, { kind: "tick", connection: "desk-a", force: false }],
  [
    { connection: "User_4.2-b", inspect: true },
    { kind: "inspect", connection: "User_4.2-b" },
  ],
  [{ connections: {} }, { kind: "names", after: "" }],
  [{ connections: { after: "desk-a" } }, { kind: "names", after: "desk-a" }],
  [{ connections: ["b", "a"] }, { kind: "states", connections: ["b", "a"] }],
  [{ census: true }, { kind: "census" }],
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

const A_NAME = "a connection's name must be 1 to 64 letters, digits, '-', '_' and '.', first a letter or digit";
const ABOUT_ALL = "connection must be left out with census and connections, which are about all connections";
const ONE_AT_A_TIME = "force, inspect, authorize, promote, connections and census must be given one at a time";

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
  [{ connection: "desk/a" }, [A_NAME]],
  [{ connection: ".desk" }, [A_NAME]],
  [{ connection: "d".repeat(65) }, [A_NAME]],
  [{ connections: {}, connection: "desk-a" }, [ABOUT_ALL]],
  [{ census: true, connection: "default" }, [ABOUT_ALL]],
  [{ census: "yes" }, ["census must be a boolean, got a string"]],
  [{ connections: "desk-a" }, ["connections must be a JSON object, got a string"]],
  [{ connections: { after: "a/b" } }, [A_NAME]],
  [{ connections: { before: "b" } }, ["before is unknown in connections"]],
  [{ connections: [] }, ["connections must hold from 1 to 200 names, got 0 items"]],
  [{ connections: ["a", 7] }, ["connections must hold from 1 to 200 names, got 2 items"]],
  [{ connections: Array(201).fill("a") }, ["connections must hold from 1 to 200 names, got 201 items"]],
  [{ connections: ["a/b", "c d"] }, [A_NAME]],
  [{ census: true, inspect: true }, [ONE_AT_A_TIME]],
  [{ connections: {}, force: true }, [ONE_AT_A_TIME]],
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
