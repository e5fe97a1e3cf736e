import { expect, it } from "vitest";
import type { TokenAnswer } from "../../lambda/rotation/ports.ts";
import { readTokenAnswer } from "../../lambda/rotation/token-answer.ts";
import { answered, at, pair, shown } from "./given.ts";

const ORIGIN = { parent: "v1", attempt: 1, issuedAtMs: at("12:00") };
const SPENT = pair({ refreshExpiresAtMs: at("18:00"), clientId: "client-1", userId: "12345678", scope: "userinfo" });

const TOKENS = '"access_token":"access-token-of-2","refresh_token":"refresh-token-of-2"';
const GRANT = `{"rc":0,"mc":"SUCCESS","ma":[],"result":{${TOKENS}}}`;

/** What the answer came to, tokens in plain sight. */
function read(answer: TokenAnswer): unknown {
  const outcome = readTokenAnswer(answer, SPENT, ORIGIN);
  return outcome.kind === "granted" ? { kind: "granted", pair: shown(outcome.pair) } : outcome;
}

/** What of the pair an answer that grants it must come to, whatever else it holds. */
const BOTH_TOKENS = {
  kind: "granted",
  pair: { accessToken: "access-token-of-2", refreshToken: "refresh-token-of-2", origin: ORIGIN },
};

it("grants a pair with all that its answer says of it", () => {
  const result =
    `{${TOKENS},"expires_in":3600,"refresh_expires_in":7200,` +
    '"client_id":"client-2","user_id":87654321,"scope":"trade"}';

  const outcome = read(answered(200, `{"rc":0,"mc":"SUCCESS","ma":[],"result":${result}}`));

  expect(outcome).toEqual({
    kind: "granted",
    pair: {
      accessToken: "access-token-of-2",
      refreshToken: "refresh-token-of-2",
      expiresAtMs: at("13:00"),
      refreshExpiresAtMs: at("14:00"),
      clientId: "client-2",
      userId: "87654321",
      scope: "trade",
      origin: ORIGIN,
    },
  });
});

it("keeps the refresh token and its expiry where the answer brings none", () => {
  const outcome = read(answered(200, '{"rc":0,"result":{"access_token":"access-2","expires_in":3600}}'));

  expect(outcome).toMatchObject({
    pair: {
      accessToken: "access-2",
      refreshToken: "refresh-1",
      expiresAtMs: at("13:00"),
      refreshExpiresAtMs: at("18:00"),
    },
  });
});

it("keeps the access token and its expiry where the answer brings none", () => {
  const outcome = read(answered(200, '{"rc":0,"result":{"refresh_token":"refresh-2","refresh_expires_in":3600}}'));

  expect(outcome).toMatchObject({
    pair: {
      accessToken: "access-1",
      refreshToken: "refresh-2",
      expiresAtMs: at("15:00"),
      refreshExpiresAtMs: at("13:00"),
    },
  });
});

it("keeps what else is known of the grant where the answer is silent", () => {
  const outcome = read(answered(200, GRANT));

  expect(outcome).toMatchObject({ pair: { clientId: "client-1", userId: "12345678", scope: "userinfo" } });
});

it("knows no expiry where a new token comes without one", () => {
  const outcome = read(answered(200, GRANT));

  expect(outcome).toMatchObject({ pair: { expiresAtMs: undefined, refreshExpiresAtMs: undefined } });
});

it("grants an unchanged refresh token, with the expiry that it has now", () => {
  const result = '{"access_token":"access-2","refresh_token":"refresh-1","refresh_expires_in":3600}';

  const outcome = read(answered(200, `{"rc":0,"result":${result}}`));

  expect(outcome).toMatchObject({
    kind: "granted",
    pair: { refreshToken: "refresh-1", refreshExpiresAtMs: at("13:00") },
  });
});

it.each([201, 302, 400, 421, 429, 500, 503])("grants the tokens that come with status %i", (status) => {
  expect(read(answered(status, GRANT))).toMatchObject(BOTH_TOKENS);
});

it.each(["1", '"1"', "null"])("grants the tokens that come with an rc of %s", (rc) => {
  expect(read(answered(200, `{"rc":${rc},"mc":"AUTH_001","result":{${TOKENS}}}`))).toMatchObject(BOTH_TOKENS);
});

it("grants a single token that comes with a failure and is a JWT", () => {
  const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

  const outcome = read(answered(503, `{"refresh_token":"${token}"}`));

  expect(outcome).toMatchObject({ pair: { accessToken: "access-1", refreshToken: token } });
});

const SPRING_ERROR =
  '{"timestamp":"2026-11-23T12:00:00.000+00:00","status":500,"error":"Internal Server Error","path":"/public/uaa/oauth2/token"}';
const MARKETS_REFUSAL =
  '{"returnCode":1,"msgInfo":"failure","error":{"code":"AUTH_101","msg":"client refresh-1 unknown"},"result":null}';

it.each([
  [200, '{"rc":1,"mc":"AUTH_001","ma":[],"result":null}', "AUTH_001"],
  [200, MARKETS_REFUSAL, "AUTH_101"],
  [403, MARKETS_REFUSAL, "AUTH_101"],
  [200, '{"error":"invalid_grant"}', "invalid_grant"],
  [400, '{"error":"invalid_grant","error_description":"refresh-1 has expired"}', "invalid_grant"],
  [401, '{"error":"invalid_client"}', "invalid_client"],
  [200, '{"rc":1,"mc":"FAILURE"}', "FAILURE"],
  [200, '{"rc":"1","mc":"AUTH_106"}', "AUTH_106"],
  [200, '\uFEFF{"rc":1,"mc":"AUTH_101"}', "AUTH_101"],
  [204, '{"rc":-1,"mc":"FAILURE"}', "FAILURE"],
  [200, '{"rc":0.5,"mc":"FAILURE"}', "FAILURE"],
  [400, '{"rc":1,"mc":"AUTH_002"}', "AUTH_002"],
  [403, '{"rc":1,"mc":"AUTH_002"}', "AUTH_002"],
  [408, '{"rc":1,"mc":"AUTH_002"}', "AUTH_002"],
  [500, '{"rc":1,"mc":"AUTH_002"}', "AUTH_002"],
  [503, '{"returnCode":1,"error":{"code":"AUTH_105"}}', "AUTH_105"],
  [200, '{"rc":1,"mc":"AUTH_003","errors":{"refresh_token":"is invalid","access_token":"is missing"}}', "AUTH_003"],
  [
    400,
    '{"rc":1,"mc":"AUTH_003","errors":{"refresh_token":"RefreshTokenIsExpired","access_token":"none"}}',
    "AUTH_003",
  ],
  [400, '{"rc":1,"mc":"AUTH_003","request":{"refresh_token":"refresh-1"}}', "AUTH_003"],
])("calls status %i with %s rejected by %s", (status, body, code) => {
  expect(read(answered(status, body))).toEqual({ kind: "rejected", status, code });
});

it.each([
  [401, ""],
  [403, "<html>forbidden</html>"],
  [403, '{"msg":"not available in your region"}'],
  [404, "<html>not found</html>"],
  [404, '{"status":404,"error":"Not Found"}'],
  [407, ""],
  [451, "<html>unavailable for legal reasons</html>"],
  [400, '{"rc":0,"mc":"SUCCESS"}'],
  [401, '{"rc":1,"mc":"AUT'],
])("calls status %i with <%s> turned away, since XT itself said nothing", (status, body) => {
  expect(read(answered(status, body))).toEqual({ kind: "turned-away", status });
});

it.each([
  [429, ""],
  [429, "<html>slow down</html>"],
  [429, '{"rc":1,"mc":"FAILURE"}'],
  [418, ""],
])("calls status %i with <%s> throttled", (status, body) => {
  expect(read(answered(status, body))).toEqual({ kind: "throttled" });
});

it.each([
  [199, ""],
  [200, ""],
  [200, "<html>Sign in to the network</html>"],
  [200, SPRING_ERROR],
  [200, '{"error":"temporarily_unavailable"}'],
  [301, ""],
  [302, ""],
  [307, ""],
  [408, ""],
  [421, ""],
  [452, ""],
  [499, "[]"],
  [500, ""],
  [500, SPRING_ERROR],
  [502, "<html>bad gateway</html>"],
  [503, '{"error":"temporarily_unavailable"}'],
  [503, '{"error":"server_error"}'],
  [599, '{"rc":0,"mc":"SUCCESS","result":null}'],
])("calls status %i with <%s> unknown", (status, body) => {
  expect(read(answered(status, body))).toEqual({ kind: "unknown", code: `HTTP_${status}` });
});

it.each([
  ["a refusal", 200, '"rc":1,"mc":"AUTH_003"', { kind: "rejected", status: 200, code: "AUTH_003" }],
  ["a client error", 400, '"rc":1,"mc":"AUTH_003"', { kind: "rejected", status: 400, code: "AUTH_003" }],
  ["a throttled request", 429, '"rc":1,"mc":"FAILURE"', { kind: "throttled" }],
  ["a server error", 500, '"status":500', { kind: "unknown", code: "HTTP_500" }],
])("takes no token from the request that %s echoes", (_, status, fields, expected) => {
  const request = '"request":{"refresh_token":"refresh-1","access_token":"access-1"}';

  expect(read(answered(status, `{${fields},${request}}`))).toEqual(expected);
});

it.each([
  '"refresh_token":"is invalid or has expired"',
  '"refresh_token":"expired"',
  '"access_token":"must not be blank"',
])("takes the remark %s in a refusal for no token", (remark) => {
  const outcome = read(answered(400, `{"rc":1,"mc":"AUTH_003","ma":[{${remark}}]}`));

  expect(outcome).toEqual({ kind: "rejected", status: 400, code: "AUTH_003" });
});

it.each([
  ["lower case", '"auth001"'],
  ["a sentence", '"the refresh token refresh-1 is invalid"'],
  ["a URL", '"https://oapi.xt.com/?refresh_token=refresh-1"'],
  ["a token", '"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"'],
  ["the presented token", '"refresh-1"'],
  ["a word and a line feed", '"AUTH_001\\n"'],
  ["41 characters", '"AUTH_0000000000000000000000000000000000001"'],
  ["a number", "17"],
  ["a word in a list", '["AUTH_001"]'],
  ["missing", "null"],
])("does not repeat a code that is %s", (_, code) => {
  const expected = { kind: "rejected", status: 200, code: "an unreadable code" };

  expect(read(answered(200, `{"rc":1,"mc":${code}}`))).toEqual(expected);
  expect(read(answered(200, `{"returnCode":1,"error":{"code":${code}}}`))).toEqual(expected);
});

it("keeps every digit of a user id that is written as a long number", () => {
  const outcome = read(answered(200, `{"rc":0,"result":{${TOKENS},"user_id":6216559590087220004}}`));

  expect(outcome).toMatchObject({ pair: { userId: "6216559590087220004" } });
});

it("calls a request that never left unsent", () => {
  expect(read({ kind: "unsent", code: "ENOTFOUND" })).toEqual({ kind: "unsent", code: "ENOTFOUND" });
});

it("calls a request without an answer unknown", () => {
  expect(read({ kind: "lost", code: "ECONNRESET" })).toEqual({ kind: "unknown", code: "ECONNRESET" });
});
