import { expect, it } from "vitest";
import { readClientCredentials } from "../../lambda/rotation/client-credentials.ts";
import { stored } from "./given.ts";

it("reads the client's id and secret and leaves other fields alone", () => {
  const reading = readClientCredentials(stored('{"client_id":"client-1","client_secret":"secret-1","note":7}'));

  const credentials = reading.kind === "credentials" ? reading.credentials : undefined;
  expect(credentials?.clientId.reveal()).toBe("client-1");
  expect(credentials?.clientSecret.reveal()).toBe("secret-1");
});

it("reads them between blanks, as an editor leaves them", () => {
  const reading = readClientCredentials(stored('\uFEFF {"client_id":"client-1","client_secret":"secret-1"}\n'));

  expect(reading.kind).toBe("credentials");
});

it("calls a secret without a value unusable", () => {
  expect(readClientCredentials(undefined)).toEqual({ kind: "unusable", problem: "has no value" });
});

const NO_OBJECT = "must hold a JSON object with client_id and client_secret";

it.each([
  ["binary data", undefined, NO_OBJECT],
  ["no JSON", "secret-1", NO_OBJECT],
  ["null", "null", NO_OBJECT],
  ["an array", "[]", NO_OBJECT],
  ["no client_id", '{"client_secret":"secret-1"}', "must hold client_id as a string, got nothing"],
  [
    "an empty client_id",
    '{"client_id":"","client_secret":"secret-1"}',
    "must hold client_id as a string, got an empty string",
  ],
  [
    "a number as client_id",
    '{"client_id":7,"client_secret":"secret-1"}',
    "must hold client_id as a string, got a number",
  ],
  ["no client_secret", '{"client_id":"client-1"}', "must hold client_secret as a string, got nothing"],
  [
    "an empty client_secret",
    '{"client_id":"client-1","client_secret":""}',
    "must hold client_secret as a string, got an empty string",
  ],
  [
    "null as client_secret",
    '{"client_id":"client-1","client_secret":null}',
    "must hold client_secret as a string, got null",
  ],
])("calls a secret with %s unusable and says why", (_, text, problem) => {
  expect(readClientCredentials(stored(text))).toEqual({ kind: "unusable", problem });
});
