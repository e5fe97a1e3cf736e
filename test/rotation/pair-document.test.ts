import { expect, it } from "vitest";
import { readPair, writePair } from "../../lambda/rotation/pair-document.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { at, jwt, shown, stored } from "./given.ts";

const DOCUMENT =
  '{"schema":1,"client_id":"client-1","user_id":"12345678","scope":"userinfo",' +
  '"access_token":"access-2","expires_at":"2026-11-23T15:00:00.000Z",' +
  '"refresh_token":"refresh-2","refresh_expires_at":"2026-12-23T15:00:00.000Z",' +
  '"issued_at":"2026-11-23T12:00:00.000Z","parent":"v1","attempt":1}';

/** What reading this value came to, its tokens in plain sight. */
function read(text: string | undefined): unknown {
  const reading = readPair(stored(text));
  return reading.kind === "pair" ? shown(reading.pair) : reading;
}

it("writes every field that it knows, times in UTC", () => {
  const document = writePair({
    accessToken: new Sensitive("access-2"),
    refreshToken: new Sensitive("refresh-2"),
    expiresAtMs: at("15:00"),
    refreshExpiresAtMs: Date.parse("2026-12-23T15:00Z"),
    clientId: "client-1",
    userId: "12345678",
    scope: "userinfo",
    origin: { parent: "v1", attempt: 1, issuedAtMs: at("12:00") },
  });

  expect(document.reveal()).toBe(DOCUMENT);
});

it("leaves out what it does not know", () => {
  const document = writePair({ refreshToken: new Sensitive("refresh-2") });

  expect(document.reveal()).toBe('{"schema":1,"refresh_token":"refresh-2"}');
});

it("reads what a rotation wrote", () => {
  expect(read(DOCUMENT)).toEqual({
    accessToken: "access-2",
    refreshToken: "refresh-2",
    expiresAtMs: at("15:00"),
    refreshExpiresAtMs: Date.parse("2026-12-23T15:00Z"),
    clientId: "client-1",
    userId: "12345678",
    scope: "userinfo",
    origin: { parent: "v1", attempt: 1, issuedAtMs: at("12:00") },
  });
});

it("reads XT's bare result, whose lifetimes count from the writing", () => {
  const result =
    '{"user_id":12345678,"access_token":"access-1","refresh_token":"refresh-1","expires_in":3600000,' +
    '"refresh_expires_in":7200000,"client_id":"35LF2FSLHX5IRQA4","scope":"userinfo"}';

  expect(read(result)).toEqual({
    accessToken: "access-1",
    refreshToken: "refresh-1",
    expiresAtMs: at("07:00"),
    refreshExpiresAtMs: at("08:00"),
    clientId: "35LF2FSLHX5IRQA4",
    userId: "12345678",
    scope: "userinfo",
    origin: undefined,
  });
});

it("reads each token's own expiry where the bare result holds JWTs", () => {
  const accessToken = jwt({ exp: at("18:00") / 1_000 });
  const refreshToken = jwt({ exp: at("20:00") / 1_000 });

  const pair = read(JSON.stringify({ access_token: accessToken, refresh_token: refreshToken, expires_in: 1 }));

  expect(pair).toMatchObject({ expiresAtMs: at("18:00"), refreshExpiresAtMs: at("20:00") });
});

it.each([
  ["alone", '{"refresh_token":"refresh-1"}'],
  ["between blanks, as an editor leaves it", '\uFEFF {"refresh_token":"refresh-1"}\n'],
  ["beside fields of nobody's", '{"refresh_token":"refresh-1","note":"by hand","token_type":"bearer"}'],
])("reads a refresh token %s", (_, text) => {
  expect(read(text)).toEqual({ refreshToken: "refresh-1" });
});

it.each([
  ["access_token", '""'],
  ["access_token", "7"],
  ["expires_at", '"soon"'],
  ["expires_at", "1764000000000"],
  ["expires_at", "7"],
  ["expires_at", "null"],
  ["refresh_expires_at", '"soon"'],
  ["client_id", "null"],
  ["user_id", "{}"],
  ["scope", '["userinfo"]'],
])("takes %s as unknown where it is %s", (name, literal) => {
  expect(read(`{"refresh_token":"refresh-1","${name}":${literal}}`)).toEqual({ refreshToken: "refresh-1" });
});

it.each([
  ["parent", '{"refresh_token":"refresh-1","issued_at":"2026-11-23T12:00:00Z","attempt":1}'],
  ["attempt", '{"refresh_token":"refresh-1","issued_at":"2026-11-23T12:00:00Z","parent":"v1"}'],
  ["issued_at", '{"refresh_token":"refresh-1","parent":"v1","attempt":1}'],
])("takes the origin as unknown where %s is missing", (_, text) => {
  expect(read(text)).toEqual({ refreshToken: "refresh-1" });
});

it.each([
  ["binary data", undefined, "the value must be text, got binary data"],
  ["nothing", "", "the value must be JSON"],
  ["a bare token", "refresh-1", "the value must be JSON"],
  ["JSON that is cut off", '{"refresh_token":"refresh-1"', "the value must be JSON"],
  ["null", "null", "the value must be a JSON object, got null"],
  ["an array", "[]", "the value must be a JSON object, got an array"],
  ["text in quotes", '"refresh-1"', "the value must be a JSON object, got a string"],
  ["a number", "7", "the value must be a JSON object, got a number"],
  [
    "a later schema",
    '{"schema":2,"refresh_token":"refresh-1"}',
    "schema must be 1, the value was written by another version or program",
  ],
  [
    "a schema in quotes",
    '{"schema":"1","refresh_token":"refresh-1"}',
    "schema must be 1, the value was written by another version or program",
  ],
  ["a database's credentials", '{"username":"admin","password":"p"}', "refresh_token must be a string, got nothing"],
  ["an attempt record", '{"schema":1,"kind":"attempt"}', "refresh_token must be a string, got nothing"],
  ["an empty refresh token", '{"refresh_token":""}', "refresh_token must be a string, got an empty string"],
  ["a refresh token of null", '{"refresh_token":null}', "refresh_token must be a string, got null"],
  ["a number as refresh token", '{"refresh_token":7}', "refresh_token must be a string, got a number"],
  ["an object as refresh token", '{"refresh_token":{}}', "refresh_token must be a string, got an object"],
])("calls %s malformed and says why", (_, text, problem) => {
  expect(read(text)).toEqual({ kind: "malformed", problem });
});
