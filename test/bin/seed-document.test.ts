import { expect, it } from "vitest";
import { readCredentialsAlone, readPairAlone, readSeed, type SeedReading } from "../../bin/seed-document.ts";
import { writePair } from "../../lambda/rotation/pair-document.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
const CREDENTIALS = { client_id: "client-1", client_secret: "secret-1" };
const RESULT = {
  user_id: "12345678",
  access_token: "access-1",
  refresh_token: "refresh-1",
  expires_in: 86_400_000,
  refresh_expires_in: 15_552_000_000,
  client_id: "client-1",
  scope: "userinfo",
};
const STORED = {
  schema: 1,
  client_id: "client-1",
  user_id: "12345678",
  scope: "userinfo",
  access_token: "access-1",
  expires_at: "2026-11-24T12:00:00.000Z",
  refresh_token: "refresh-1",
  refresh_expires_at: "2027-05-22T12:00:00.000Z",
};

function read(document: unknown): SeedReading {
  return readSeed(new Sensitive(typeof document === "string" ? document : JSON.stringify(document)), NOW_MS);
}

function stored(reading: SeedReading): unknown {
  return reading.kind === "seed" ? JSON.parse(writePair(reading.seed.pair).reveal()) : reading;
}

it("reads the credentials and a refresh token, trimmed", () => {
  const reading = read(
    '\uFEFF {"client_id": " client-1", "client_secret": "secret-1\\n", "refresh_token": "refresh-1 "} \n',
  );

  expect(stored(reading)).toEqual({ schema: 1, client_id: "client-1", refresh_token: "refresh-1" });
  expect(reading.kind === "seed" && reading.seed.credentials.clientId.reveal()).toBe("client-1");
  expect(reading.kind === "seed" && reading.seed.credentials.clientSecret.reveal()).toBe("secret-1");
});

it.each([
  ["its fields", { ...RESULT, ...CREDENTIALS }],
  ["its result", { ...CREDENTIALS, result: RESULT }],
  ["its envelope", { ...CREDENTIALS, rc: 0, mc: "SUCCESS", ma: [], result: RESULT }],
])("keeps all that XT answered when %s is beside the credentials", (_how, document) => {
  expect(stored(read(document))).toEqual(STORED);
});

it("seeds a pair that a rotation once wrote as a person's", () => {
  const document = { ...STORED, ...CREDENTIALS, parent: "v1", attempt: 3, issued_at: "2026-11-23T11:00:00.000Z" };

  expect(stored(read(document))).toEqual(STORED);
});

it("finds every problem at once and repeats no value", () => {
  const reading = read({
    client_id: [7],
    client_secret: " ",
    refresh_token: "hunter2 hunter2",
    access_token: ["hunter2"],
  });

  expect(reading).toEqual({
    kind: "unusable",
    problems: [
      "client_id must be a string, got an array",
      "client_secret must be a string, got an empty string",
      "refresh_token must be one word of printable ASCII, got a space or a line end inside it, paste it again; " +
        "access_token must be a string, got an array",
    ],
  });
});

it.each([
  ["rc must be 0, XT refused and this answer holds no pair", { ...CREDENTIALS, rc: 1, mc: "AUTH_101", result: RESULT }],
  ["result must be an object, got null", { ...CREDENTIALS, refresh_token: "refresh-1", result: null }],
  [
    "result.client_id must be client_id, the pair was issued to another client",
    { ...CREDENTIALS, result: { ...RESULT, client_id: "client-2" } },
  ],
  [
    "refresh_token must be given once, beside result or in it",
    { ...CREDENTIALS, refresh_token: "refresh-2", result: RESULT },
  ],
  ["the pair must fit in 65536 bytes, got 65582", { ...CREDENTIALS, refresh_token: "r".repeat(65_528) }],
  ["the input must be a JSON object, got an array", [CREDENTIALS]],
  [
    'the input must be one JSON document such as {"client_id": "…", "client_secret": "…", "refresh_token": "…"}',
    '{"client_id": "hunter2"',
  ],
])("says that %s", (problem, document) => {
  const reading = read(document);

  expect(reading.kind === "unusable" && reading.problems).toContain(problem);
});

it("reads the client credentials alone, trimmed", () => {
  const reading = readCredentialsAlone(
    new Sensitive('\uFEFF {"client_id": " client-1", "client_secret": "secret-1\\n"}'),
  );

  expect(reading.kind === "credentials" && reading.credentials.clientId.reveal()).toBe("client-1");
  expect(reading.kind === "credentials" && reading.credentials.clientSecret.reveal()).toBe("secret-1");
});

it.each([
  ["no JSON", "secret-1", ['the input must be one JSON document such as {"client_id": "…", "client_secret": "…"}']],
  [
    "a pair beside them",
    '{"client_id":"client-1","client_secret":"secret-1","refresh_token":"refresh-1"}',
    ["refresh_token must be left out, the pair is to stay as it is"],
  ],
  [
    "half of them",
    '{"client_secret":"secret 1"}',
    [
      "client_id must be a string, got nothing",
      "client_secret must be one word of printable ASCII, got a space or a line end inside it, paste it again",
    ],
  ],
])("takes no client credentials from %s", (_name, text, problems) => {
  expect(readCredentialsAlone(new Sensitive(text))).toEqual({ kind: "unusable", problems });
});

it("takes off what a copy brought along around each of the three", () => {
  const pasted = (word: string) => `\u201C Bearer\u00A0\u200B${word}\u2060"\n`;

  const reading = read({
    client_id: pasted("client-1"),
    client_secret: pasted("secret-1"),
    refresh_token: pasted("refresh-1"),
    user_id: "12345678\u200B",
  });

  expect(stored(reading)).toEqual({
    schema: 1,
    client_id: "client-1",
    user_id: "12345678",
    refresh_token: "refresh-1",
  });
  expect(reading.kind === "seed" && reading.seed.credentials.clientSecret.reveal()).toBe("secret-1");
});

it.each([
  ["a document in quotes", JSON.stringify(JSON.stringify({ ...CREDENTIALS, result: RESULT }))],
  ["a result in text", JSON.stringify({ ...CREDENTIALS, rc: "0", result: JSON.stringify(RESULT) })],
  [
    "a document with remarks",
    JSON.stringify({ ...CREDENTIALS, result: RESULT }).replaceAll(",", ',// XT\'s "remark"\n'),
  ],
  ["a result whose client_id differs by a blank", { ...CREDENTIALS, result: { ...RESULT, client_id: " client-1\n" } }],
])("reads %s", (_, document) => {
  expect(stored(read(document))).toEqual(STORED);
});

it("keeps every digit of a user_id and a client_id that are numbers", () => {
  const reading = read(
    '{"client_id":6216559590087220004,"client_secret":"secret-1","refresh_token":"refresh-1","user_id":6216559590087220005}',
  );

  expect(stored(reading)).toEqual({
    schema: 1,
    client_id: "6216559590087220004",
    user_id: "6216559590087220005",
    refresh_token: "refresh-1",
  });
});

it("points at keys that are nearly right", () => {
  expect(read({ clientId: "client-1", client_secret: "secret-1", "refresh_token ": "refresh-1" })).toEqual({
    kind: "unusable",
    problems: [
      "client_id must be a string, got nothing, write the key that is nearly client_id exactly so",
      "refresh_token must be a string, got nothing, write the key that is nearly refresh_token exactly so",
    ],
  });
});

it("refuses the document of a later schema", () => {
  expect(read({ ...CREDENTIALS, ...STORED, schema: 2 })).toEqual({
    kind: "unusable",
    problems: ["schema must be 1, the value was written by another version or program"],
  });
});

it.each([
  ["a refresh token", { refresh_token: "refresh-1" }, { schema: 1, refresh_token: "refresh-1" }],
  ["XT's answer", { rc: 0, mc: "SUCCESS", ma: [], result: RESULT }, STORED],
  [
    "a pair that a rotation once wrote",
    { ...STORED, parent: "v1", attempt: 3, issued_at: "2026-11-23T11:00:00.000Z" },
    STORED,
  ],
])("reads %s without client credentials", (_what, document, expected) => {
  const reading = readPairAlone(new Sensitive(JSON.stringify(document)), NOW_MS);

  expect(reading.kind === "pair" && JSON.parse(writePair(reading.pair).reveal())).toEqual(expected);
});

it("finds every problem of a document with only a pair, and repeats no value", () => {
  const faulty = readPairAlone(new Sensitive('{"refresh_token":"","client_secret":"hunter2"}'), NOW_MS);
  const large = readPairAlone(new Sensitive(JSON.stringify({ refresh_token: "r".repeat(65_536) })), NOW_MS);

  expect(faulty).toEqual({
    kind: "unusable",
    problems: [
      expect.stringMatching(/^refresh_token /),
      "client_secret must be left out, all connections have the same client credentials",
    ],
  });
  expect(large).toEqual({ kind: "unusable", problems: ["the pair must fit in 65536 bytes, got 65567"] });
});
