import { expect, it } from "vitest";
import { readTokenAnswer } from "../../lambda/rotation/token-answer.ts";
import { DOCUMENTED_ACCESS_TOKEN, DOCUMENTED_ANSWER, DOCUMENTED_REFRESH_TOKEN } from "./documented-answer.ts";
import { answered, at, pair, shown } from "./given.ts";

const ORIGIN = { parent: "v1", attempt: 1, issuedAtMs: at("12:00") };
const TOKENS = '"access_token":"access-token-of-2","refresh_token":"refresh-token-of-2"';

/** What an answer of status 200 with this body came to, tokens in plain sight. */
function read(body: string, complete = true): { readonly kind: string; readonly pair?: unknown } {
  const outcome = readTokenAnswer(answered(200, body, complete), pair(), ORIGIN);
  return outcome.kind === "granted" ? { kind: "granted", pair: shown(outcome.pair) } : outcome;
}

it("grants the documentation's own example, comments and all", () => {
  expect(read(DOCUMENTED_ANSWER)).toEqual({
    kind: "granted",
    pair: {
      accessToken: DOCUMENTED_ACCESS_TOKEN,
      refreshToken: DOCUMENTED_REFRESH_TOKEN,
      expiresAtMs: Date.parse("2023-08-09T06:04:36Z"),
      refreshExpiresAtMs: Date.parse("2023-09-08T06:04:36Z"),
      clientId: "35LF2FSLHX5IRQA4",
      userId: "12345678",
      scope: "userinfo",
      origin: ORIGIN,
    },
  });
});

it.each([
  ["the documentation's example", DOCUMENTED_ANSWER, DOCUMENTED_ACCESS_TOKEN],
  ["plain JSON", `{"rc":0,"mc":"SUCCESS","ma":[],"result":{"user_id":"1",${TOKENS}}}`, "access-token-of-2"],
])("grants from the first whole token on, wherever %s is cut off", (_, body, token) => {
  const whole = body.indexOf(token) + token.length + 1;

  const kinds = Array.from(body, (_character, length) => read(body.slice(0, length), false).kind);

  expect(kinds.lastIndexOf("unknown")).toBe(whole - 1);
  expect(kinds.indexOf("granted")).toBe(whole);
  expect(new Set(kinds)).toEqual(new Set(["unknown", "granted"]));
});

it("keeps the old refresh token where the new one is cut off", () => {
  const outcome = read('{"rc":0,"result":{"access_token":"access-2","refresh_token":"refresh-', false);

  expect(outcome).toMatchObject({ pair: { accessToken: "access-2", refreshToken: "refresh-1" } });
});

it("takes no lifetime from digits that are cut off", () => {
  const outcome = read(`{"rc":0,"result":{${TOKENS},"expires_in":36000`, false);

  expect(outcome).toMatchObject({ kind: "granted", pair: { expiresAtMs: undefined } });
});

it.each([
  ["after a byte order mark", `\uFEFF{"rc":0,"result":{${TOKENS}}}`],
  ["with a trailing comma", `{"rc":0,"result":{${TOKENS},}}`],
  ["with rc in quotes", `{"rc":"0","result":{${TOKENS}}}`],
  ["without an envelope", `{${TOKENS},"token_type":"bearer"}`],
  ["under another name than result", `{"rc":0,"data":{${TOKENS}}}`],
  ["in an array", `[{${TOKENS}}]`],
  ["below an array", `{"rc":0,"result":[{${TOKENS}}]}`],
  ["in a result that is text", JSON.stringify({ rc: 0, result: `{${TOKENS}}` })],
  ["twice, an older one first", `{"rc":0,"result":{"refresh_token":"older",${TOKENS}}}`],
  ["twice in what is no JSON, the held one first", `{"rc":0,"result":{"refresh_token":"refresh-1",${TOKENS}},}`],
  ["before the echo of the request", `{"rc":0,"result":{${TOKENS}},"request":{"refresh_token":"refresh-1"}}`],
  ["behind the echo of the request", `{"rc":0,"request":{"refresh_token":"refresh-1"},"result":{${TOKENS}}}`],
  [
    "behind foreign tokens",
    `{"rc":0,"other":{"refresh_token":"foreign","access_token":"foreign"},"result":{${TOKENS}}}`,
  ],
  ["among text", `HTTP/1.1 200 OK\r\n\r\n{"rc":0,"result":{${TOKENS}}}`],
])("grants tokens that come %s", (_, body) => {
  expect(read(body)).toMatchObject({
    kind: "granted",
    pair: { accessToken: "access-token-of-2", refreshToken: "refresh-token-of-2" },
  });
});

it("decodes the escapes of a token in what is no JSON", () => {
  const outcome = read('{"rc":0,"result":{"refresh_token":"refresh\\/\\u0032",}}');

  expect(outcome).toMatchObject({ pair: { refreshToken: "refresh/2" } });
});

it.each([
  ["nothing", ""],
  ["a byte order mark", "\uFEFF"],
  ["null", "null"],
  ["an empty array", "[]"],
  ["an empty object", "{}"],
  ["a number", "7"],
  ["text in quotes", '"SUCCESS"'],
  ["a page", "<html><body>Sign in to the network</body></html>"],
  ["an envelope without a result", '{"rc":0,"mc":"SUCCESS"}'],
  ["a result of null", '{"rc":0,"mc":"SUCCESS","ma":[],"result":null}'],
  ["a result without tokens", '{"rc":0,"result":{"user_id":"12345678","expires_in":1}}'],
  ["an rc that is no number and no tokens", '{"rc":"FAILED","mc":"FAILURE"}'],
  ["numbers for tokens", '{"rc":0,"result":{"access_token":1,"refresh_token":2}}'],
  ["null for tokens", '{"rc":0,"result":{"access_token":null,"refresh_token":null}}'],
  ["empty tokens", '{"rc":0,"result":{"access_token":"","refresh_token":""}}'],
  ["objects for tokens", '{"rc":0,"result":{"access_token":{},"refresh_token":["x"]}}'],
  ["a refusal that is cut off, with a remark", '{"rc":1,"mc":"AUTH_003","ma":[{"refresh_token":"is invalid"'],
  ["a refusal that is cut off, with the request", '{"rc":1,"request":{"refresh_token":"refresh-1","client'],
  ["a remark that is cut off, without an rc", '{"errors":{"refresh_token":"is invalid"'],
  ["empty tokens in what is no JSON", '{"rc":0,"result":{"access_token":"","refresh_token":"",}}'],
])("calls an answer of %s unknown", (_, body) => {
  expect(read(body)).toEqual({ kind: "unknown", code: "HTTP_200" });
});

it.each([
  ['{"rc":0,', true],
  ['{"rc" : 0,', true],
  ['{"returnCode":0,', true],
  ['{"rc":"0",', true],
  ['{"rc":0,"ma":{"rc":1},', true],
  ['{"rc":"1",', false],
  ['{"rc":-1,', false],
  ['{"rc":10,', false],
  ['{"rcx":0,', false],
  ['{"rc":null,', false],
])("sees by the rc in %s, which is no JSON, whether a lone token is believed: %s", (body, isBelieved) => {
  expect(read(`${body}"refresh_token":"r",`, false).kind).toBe(isBelieved ? "granted" : "unknown");
});

it("says of an unknown answer that it was cut off", () => {
  expect(read('{"rc":0,"result":{"access_to', false)).toEqual({ kind: "unknown", code: "HTTP_200_CUT_OFF" });
});

it.each([
  ["lists", "[", "]", 100_000],
  ["results", '{"result":', "}", 20_000],
])("survives an answer that nests %s as deeply as its size allows", (_, open, close, depth) => {
  const body = `${open.repeat(depth)}${open === "[" ? "" : "1"}${close.repeat(depth)}`;

  expect(read(body)).toEqual({ kind: "unknown", code: "HTTP_200" });
});
