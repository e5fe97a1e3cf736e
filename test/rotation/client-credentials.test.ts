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

it.each([
  ["a byte order mark and blanks", '\uFEFF {"client_id":"\u200Bclient-1\u00A0","client_secret":" secret-1\\n"}\n'],
  ["quotes of either kind", '{"client_id":"\u201Cclient-1\u201D","client_secret":"\\"secret-1\\""}'],
  ["text within JSON text", '"{\\"client_id\\":\\"client-1\\",\\"client_secret\\":\\"secret-1\\"}"'],
])("reads them out of %s", (_, text) => {
  const reading = readClientCredentials(stored(text));

  const credentials = reading.kind === "credentials" ? reading.credentials : undefined;
  expect(credentials?.clientId.reveal()).toBe("client-1");
  expect(credentials?.clientSecret.reveal()).toBe("secret-1");
});

it.each([
  ["7", "7"],
  ["6216559590087220004", "6216559590087220004"],
])("reads the client_id %s, written as a number, as text", (literal, expected) => {
  const reading = readClientCredentials(stored(`{"client_id":${literal},"client_secret":"secret-1"}`));

  expect(reading.kind === "credentials" && reading.credentials.clientId.reveal()).toBe(expected);
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
  [
    "no client_id",
    '{"client_secret":"secret-1"}',
    "must hold client credentials, client_id must be a string, got nothing",
  ],
  [
    "an empty client_id",
    '{"client_id":"","client_secret":"secret-1"}',
    "must hold client credentials, client_id must be a string, got an empty string",
  ],
  [
    "a number as client_secret",
    '{"client_id":"client-1","client_secret":7}',
    "must hold client credentials, client_secret must be a string, got a number",
  ],
  [
    "an id of look-alike letters and a secret with a space",
    '{"client_id":"\u0441lient-1","client_secret":"secret 1"}',
    "must hold client credentials, client_id must be one word of printable ASCII, got a character beyond ASCII, perhaps one " +
      "that looks like a letter of ASCII, paste it again; client_secret must be one word of printable ASCII, got a space or " +
      "a line end inside it, paste it again",
  ],
  [
    "other spellings of the names",
    '{"clientId":"client-1","CLIENT_SECRET ":"secret-1"}',
    "must hold client credentials, client_id must be a string, got nothing, write the key that is nearly client_id exactly " +
      "so; client_secret must be a string, got nothing, write the key that is nearly client_secret exactly so",
  ],
  [
    "no client_secret",
    '{"client_id":"client-1"}',
    "must hold client credentials, client_secret must be a string, got nothing",
  ],
  [
    "an empty client_secret",
    '{"client_id":"client-1","client_secret":""}',
    "must hold client credentials, client_secret must be a string, got an empty string",
  ],
  [
    "null as client_secret",
    '{"client_id":"client-1","client_secret":null}',
    "must hold client credentials, client_secret must be a string, got null",
  ],
])("calls a secret with %s unusable and says why", (_, text, problem) => {
  expect(readClientCredentials(stored(text))).toEqual({ kind: "unusable", problem });
});
