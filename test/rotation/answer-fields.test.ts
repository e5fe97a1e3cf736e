import { expect, it } from "vitest";
import { findFields, pickTokens } from "../../lambda/rotation/answer-fields.ts";
import { parseJson } from "../../lambda/rotation/json.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

function find(body: string): Readonly<Record<string, readonly (string | number)[]>> {
  return findFields(body, parseJson(body));
}

it("finds every field of a token response", () => {
  const body =
    '{"access_token":"a","refresh_token":"r","expires_in":1,"refresh_expires_in":"2",' +
    '"client_id":"c","user_id":3,"scope":"s","token_type":"bearer"}';

  expect(find(body)).toEqual({
    access_token: ["a"],
    refresh_token: ["r"],
    expires_in: [1],
    refresh_expires_in: ["2"],
    client_id: ["c"],
    user_id: [3],
    scope: ["s"],
  });
});

it("takes what a result holds, and not what stands beside it", () => {
  const body = '{"request":{"refresh_token":"spent"},"result":{"refresh_token":"new"}}';

  expect(find(body)["refresh_token"]).toEqual(["new"]);
});

it("takes what stands beside a result for a field that the result lacks", () => {
  const body = '{"refresh_token":"new","result":{"access_token":"access"}}';

  expect(find(body)).toMatchObject({ refresh_token: ["new"], access_token: ["access"] });
});

it("lists every value where there is no result, for the first may be an echo", () => {
  const body = '{"request":{"refresh_token":"spent"},"data":{"refresh_token":"new"}}';

  expect(find(body)["refresh_token"]).toEqual(["spent", "new"]);
});

it("lists the values in what is no JSON in the order of the text", () => {
  const body = '{"refresh_token":"first","expires_in":12,"x":{"refresh_token" : "second"}';

  expect(find(body)).toMatchObject({ refresh_token: ["first", "second"], expires_in: [12] });
});

it("finds a field however deep it lies, since what is too deep to parse is searched for in the text", () => {
  const deep = `${'{"x":'.repeat(40)}{"scope":"s"}${"}".repeat(40)}`;

  expect(find(deep)["scope"]).toEqual(["s"]);
});

it.each([
  ["that is cut off", String.raw`{"rc":0,"result":"{\"access_token\":\"a\",\"refresh_token\":\"r\",\"sc`],
  ["behind a line end", String.raw`{"rc":0,"result":"\n{\"access_token\":\"a\",\"refresh_token\":\"r\"}"}`],
])("finds the fields of JSON within JSON text %s", (_, body) => {
  expect(find(body)).toMatchObject({ access_token: ["a"], refresh_token: ["r"] });
});

it("finds a field whose place a later, empty one takes", () => {
  const body = '{"result":{"refresh_token":"new"},"result":null}';

  expect(find(body)["refresh_token"]).toEqual(["new"]);
});

it.each([
  ["JSON", '{"my_refresh_token":"r","refresh_tokens":"r","REFRESH_TOKEN":"r"}'],
  ["what is no JSON", '{"my_refresh_token":"r","refresh_tokens":"r","REFRESH_TOKEN":"r",}'],
])("finds no field in %s whose name is only like one", (_, body) => {
  expect(find(body)["refresh_token"]).toEqual([]);
});

const HELD = {
  access: "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ImFjY2Vzcy0xIn0.c2lnbmF0dXJlLTE",
  refresh: "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InJlZnJlc2gtMSJ9.c2lnbmF0dXJlLTE",
};
const NEW = {
  access: "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ImFjY2Vzcy0yIn0.c2lnbmF0dXJlLTI",
  refresh: "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6InJlZnJlc2gtMiJ9.c2lnbmF0dXJlLTI",
};

/** The tokens picked from an answer that holds these fields, while the pair of JWTs above is held. */
function pick(document: unknown, claimsSuccess = false): unknown {
  const spent = { accessToken: new Sensitive(HELD.access), refreshToken: new Sensitive(HELD.refresh) };
  const picked = pickTokens(findFields("", document), spent, claimsSuccess);
  return picked && { access: picked.access?.reveal(), refresh: picked.refresh?.reveal() };
}

it("believes an answer that claims success, however its tokens look", () => {
  expect(pick({ access_token: "a", refresh_token: "r" }, true)).toEqual({ access: "a", refresh: "r" });
});

it("picks the held tokens where an answer that claims success holds no others", () => {
  const answer = { access_token: HELD.access, refresh_token: HELD.refresh };

  expect(pick(answer, true)).toEqual(HELD);
});

it("picks nothing where there is nothing, though it claim success", () => {
  expect(pick({ result: null }, true)).toBe(undefined);
});

it.each([
  ["both", { access_token: NEW.access, refresh_token: NEW.refresh }, NEW],
  ["the refresh token alone", { refresh_token: NEW.refresh }, { access: undefined, refresh: NEW.refresh }],
  ["the access token alone", { access_token: NEW.access }, { access: NEW.access, refresh: undefined }],
  [
    "the refresh token beside the held access token",
    { access_token: HELD.access, refresh_token: NEW.refresh },
    { access: HELD.access, refresh: NEW.refresh },
  ],
  [
    "the access token beside the held refresh token",
    { access_token: NEW.access, refresh_token: HELD.refresh },
    { access: NEW.access, refresh: HELD.refresh },
  ],
  [
    "both behind an echo of the request",
    { request: { refresh_token: HELD.refresh }, data: { access_token: NEW.access, refresh_token: NEW.refresh } },
    NEW,
  ],
])("picks new JWTs from an answer that claims no success: %s", (_, answer, expected) => {
  expect(pick(answer)).toEqual(expected);
});

it.each([
  ["both", { access_token: HELD.access, refresh_token: HELD.refresh }],
  ["the refresh token", { refresh_token: HELD.refresh }],
  ["the access token", { access_token: HELD.access }],
])("takes no echo of the held JWTs for a grant: %s", (_, answer) => {
  expect(pick(answer)).toBe(undefined);
});

it.each([
  ["access-token-of-2", "refresh-token-of-2"],
  ["0123456789abcdef", "0123456789abcdef"],
  ["a1b2c3d4e5f6~+/w==", "a1b2c3d4e5f6._-x="],
])("picks the new opaque pair %s and %s from an answer that claims no success", (access, refresh) => {
  expect(pick({ access_token: access, refresh_token: refresh })).toEqual({ access, refresh });
});

it.each([
  ["an opaque refresh token alone", { refresh_token: "refresh-token-of-2" }],
  ["an opaque access token alone", { access_token: "access-token-of-2" }],
])("picks nothing from an answer that claims no success and holds %s", (_, answer) => {
  expect(pick(answer)).toBe(undefined);
});

it("picks nothing from an answer that claims no success and holds one new opaque token and one held", () => {
  const spent = { accessToken: new Sensitive("access-token-of-1"), refreshToken: new Sensitive("refresh-token-of-1") };
  const fields = findFields("", { access_token: "access-token-of-1", refresh_token: "refresh-token-of-2" });

  expect(pickTokens(fields, spent, false)).toBe(undefined);
});

it.each([
  "0123456789abcde",
  "0123456789ABCDEF",
  "RefreshTokenIsExpired",
  "AUTH_003_REFRESH_TOKEN_EXPIRED",
  "eyJhbGciOiJSUzI1****c2ln",
  "eyJhbGciOiJSUzI1...c2ln",
  "request 0123456789abcdef",
  "0123456789abcdef was refused",
  "eyJhbGciOi.eyJpZCI6.c2lnbmF0dX ",
  " eyJhbGciOi.eyJpZCI6In.c2lnbmF0dX",
])("takes the remark <%s> in both tokens' places for none", (remark) => {
  expect(pick({ access_token: remark, refresh_token: remark })).toBe(undefined);
});

it.each([
  "eyJhbGciO.eyJpZCI6ImFjY2Vzcy0yIn0.c2lnbmF0dXJlLTI",
  "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6I.c2lnbmF0dXJlLTI",
  "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ImFjY2Vzcy0yIn0.c2lnbmF0d",
  "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ImFjY2Vzcy0yIn0",
  "x eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ImFjY2Vzcy0yIn0.c2lnbmF0dXJlLTI",
  "eyJhbGciOiJSUzI1NiJ9.eyJpZCI6ImFjY2Vzcy0yIn0.c2lnbmF0dXJlLTI x",
])("takes the lone <%s>, which is only like a JWT, for no token", (remark) => {
  expect(pick({ refresh_token: remark })).toBe(undefined);
});
