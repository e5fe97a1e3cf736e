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
    '{"user_id":12345678,"access_token":"access-1","refresh_token":"refresh-1","expires_in":3600,' +
    '"refresh_expires_in":7200,"client_id":"35LF2FSLHX5IRQA4","scope":"userinfo"}';

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
  ["access_token", '"\u200B "'],
  ["access_token", "null"],
  ["expires_at", '"soon"'],
  ["expires_at", "7"],
  ["expires_at", "null"],
  ["refresh_expires_at", '"soon"'],
  ["client_id", "null"],
  ["user_id", "{}"],
  ["user_id", "1e400"],
  ["user_id", '" "'],
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
    "a later schema in quotes",
    '{"schema":"2","refresh_token":"refresh-1"}',
    "schema must be 1, the value was written by another version or program",
  ],
  [
    "a refusal of XT's",
    '{"rc":1,"mc":"AUTH_101","ma":[],"result":null}',
    "rc must be 0, XT refused and this answer holds no pair",
  ],
  ["an envelope with an empty result", '{"rc":0,"result":null}', "result must be an object, got null"],
  [
    "two refresh tokens",
    '{"refresh_token":"refresh-1","result":{"refresh_token":"refresh-2"}}',
    "refresh_token must be given once, beside result or in it",
  ],
  ["a number as access token", '{"refresh_token":"r","access_token":7}', "access_token must be a string, got a number"],
  ["a database's credentials", '{"username":"admin","password":"p"}', "refresh_token must be a string, got nothing"],
  ["an attempt record", '{"schema":1,"kind":"attempt"}', "refresh_token must be a string, got nothing"],
  ["an empty refresh token", '{"refresh_token":""}', "refresh_token must be a string, got an empty string"],
  ["a refresh token of null", '{"refresh_token":null}', "refresh_token must be a string, got null"],
  ["a number as refresh token", '{"refresh_token":7}', "refresh_token must be a string, got a number"],
  ["an object as refresh token", '{"refresh_token":{}}', "refresh_token must be a string, got an object"],
])("calls %s malformed and says why", (_, text, problem) => {
  expect(read(text)).toEqual({ kind: "malformed", problem });
});

it.each([
  ["spaces, tabs and line ends", " \t\r\nrefresh-1\n"],
  ["zero-width characters", "\u200B\u200C\u200D\u2060\uFEFFrefresh-1\u200B"],
  ["no-break spaces", "\u00A0\u202Frefresh-1\u00A0"],
  ["marks of direction, soft hyphens and fillers", "\u200E\u202A\u2066\u00ADrefresh-1\u3164\uFE0F\u061C"],
  ["straight quotes", "\"refresh-1'"],
  ["typographic quotes", "\u201Crefresh-1\u201D"],
  ["other quotes", "\u00AB\u2039`refresh-1`\u203A\u00BB"],
  ["the beginning of a header", "Bearer refresh-1"],
  ["all of it", '\u201C bearer\u00A0\t"\u200Brefresh-1\u200B"\n\u201D'],
])("takes %s off around both tokens and the client id", (_, pasted) => {
  const document = JSON.stringify({ refresh_token: pasted, access_token: pasted, client_id: pasted });

  expect(read(document)).toEqual({ refreshToken: "refresh-1", accessToken: "refresh-1", clientId: "refresh-1" });
});

const FLAWS: readonly (readonly [string, string])[] = [
  ["refresh 1", "a space or a line end inside it"],
  ["refresh\n1", "a space or a line end inside it"],
  ["refresh\u00A01", "a space or a line end inside it"],
  ["Bearer refresh Bearer 1", "a space or a line end inside it"],
  ["refresh\u200B1", "an invisible character inside it"],
  ["refresh\u00AD1", "an invisible character inside it"],
  ["refresh\u00001", "a control character"],
  ["refresh-1\u001B", "a control character"],
  ["r\u0435fresh-1", "a character beyond ASCII, perhaps one that looks like a letter of ASCII"],
  ["refresh\u20111", "a character beyond ASCII, perhaps one that looks like a letter of ASCII"],
  ["\uD83D", "a character beyond ASCII, perhaps one that looks like a letter of ASCII"],
  ["refre\u2026", "the mark of a shortened or masked copy"],
  ["refre...", "the mark of a shortened or masked copy"],
  ["refr****", "the mark of a shortened or masked copy"],
  ['{"refresh_token":"refresh-1"}', "a whole JSON text"],
  ['{ "refresh_token": "refresh-1", "expires_in": 1 }', "a whole JSON text"],
  ['[{"refresh_token"', "a whole JSON text"],
];

it.each(FLAWS)("calls a refresh token %j malformed and says what was found", (refreshToken, found) => {
  expect(read(JSON.stringify({ refresh_token: refreshToken }))).toEqual({
    kind: "malformed",
    problem: `refresh_token must be one word of printable ASCII, got ${found}, paste it again`,
  });
});

it("says what is wrong with both tokens at once", () => {
  expect(read('{"refresh_token":7,"access_token":"access 1"}')).toEqual({
    kind: "malformed",
    problem:
      "refresh_token must be a string, got a number; access_token must be one word of printable ASCII, got a space or a " +
      "line end inside it, paste it again",
  });
});

it("takes an access token as unknown that XT issued and nobody can use, since a live refresh token is beside it", () => {
  expect(read(DOCUMENT.replace("access-2", "access 2"))).toMatchObject({
    accessToken: undefined,
    refreshToken: "refresh-2",
    expiresAtMs: undefined,
    origin: { parent: "v1", attempt: 1, issuedAtMs: at("12:00") },
  });
});

it.each(["refresh_token ", "Refresh_Token", "refreshToken", "REFRESH-TOKEN", "\uFEFFrefresh_token"])(
  "points at the key %j, which is nearly refresh_token",
  (key) => {
    expect(read(JSON.stringify({ [key]: "refresh-1" }))).toEqual({
      kind: "malformed",
      problem: "refresh_token must be a string, got nothing, write the key that is nearly refresh_token exactly so",
    });
  },
);

it("says nothing of a key that is nearly one that is there", () => {
  expect(read('{"refresh_token":7,"refreshToken":"refresh-1"}')).toEqual({
    kind: "malformed",
    problem: "refresh_token must be a string, got a number",
  });
});

const ENVELOPE =
  '{"rc":0,"mc":"SUCCESS","ma":[],"result":{"user_id":"12345678","access_token":"access-1",' +
  '"refresh_token":"refresh-1","expires_in":3600,"client_id":"client-1","scope":"userinfo"}}';

it.each([
  ["pasted whole", ENVELOPE],
  ["as JSON text within JSON text", JSON.stringify(ENVELOPE)],
  ["encoded twice", JSON.stringify(JSON.stringify(ENVELOPE))],
  ["between typographic quotes", `\u201C${ENVELOPE}\u201D`],
  ["between the quotes of a shell, after a byte order mark", `\uFEFF'${ENVELOPE}'\n`],
  [
    "with the remarks of the documentation",
    ENVELOPE.replace('"access-1",', '"access-1",//token used to access "XT"\n'),
  ],
  ["with every value as text", JSON.stringify({ rc: "0", result: JSON.stringify(JSON.parse(ENVELOPE).result) })],
])("reads XT's envelope %s", (_, text) => {
  expect(read(text)).toEqual({
    accessToken: "access-1",
    refreshToken: "refresh-1",
    expiresAtMs: at("07:00"),
    clientId: "client-1",
    userId: "12345678",
    scope: "userinfo",
  });
});

it("leaves two slashes alone that are no remark", () => {
  const text = '{"scope":"https://xt.com","refresh_token":"refresh-1"//The token\n}';

  expect(read(text)).toEqual({ refreshToken: "refresh-1", scope: "https://xt.com" });
});

it("reads what a rotation wrote with every value as text, as an editor of keys and values leaves it", () => {
  const document = DOCUMENT.replace('"schema":1', '"schema":"1"').replace('"attempt":1', '"attempt":"1"');

  expect(read(document)).toEqual(read(DOCUMENT));
  expect(read(document)).toMatchObject({ origin: { parent: "v1", attempt: 1, issuedAtMs: at("12:00") } });
});

it("keeps every digit of a user_id that is a number", () => {
  expect(read('{"refresh_token":"refresh-1","user_id": 6216559590087220004}')).toMatchObject({
    userId: "6216559590087220004",
  });
});

const ENDS_AT_18 = jwt({ exp: 1_795_456_800 });

it.each([
  ["later, so that the token's own counts", '"2027-09-19T12:00:00Z"', at("18:00")],
  ["earlier, so that it counts", '"2026-11-23T17:00:00Z"', at("17:00")],
  ["a number of seconds", "1795453200", at("17:00")],
  ["a number of milliseconds as text", '"1795453200000"', at("17:00")],
  ["no time", '"3600"', at("18:00")],
  ["a date alone", '"2026-11-23"', at("18:00")],
])("judges an expires_at beside a JWT: %s", (_, statedAt, expected) => {
  const access = `"access_token":"${ENDS_AT_18}","expires_at":${statedAt},"expires_in":60`;
  const refresh = `"refresh_token":"${ENDS_AT_18}","refresh_expires_at":${statedAt},"refresh_expires_in":60`;

  expect(read(`{${access},${refresh}}`)).toMatchObject({ expiresAtMs: expected, refreshExpiresAtMs: expected });
});

it.each([
  ["a time, which counts before expires_in", '"2026-11-23T17:00:00Z"', at("17:00")],
  ["no time, so that expires_in counts", '"3600"', at("06:01")],
])("judges an expires_at beside an opaque token: %s", (_, statedAt, expected) => {
  const text = `{"refresh_token":"refresh-1","access_token":"access-1","expires_at":${statedAt},"expires_in":60}`;

  expect(read(text)).toMatchObject({ expiresAtMs: expected });
});

it("knows no expiry where there is no access token, so that one is fetched at once", () => {
  const text = '{"refresh_token":"refresh-1","expires_at":"2026-11-24T12:00:00Z","expires_in":86400}';

  expect(read(text)).toEqual({ refreshToken: "refresh-1" });
});
