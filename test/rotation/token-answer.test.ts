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
  return outcome.kind === "granted" ? { ...outcome, pair: shown(outcome.pair) } : outcome;
}

/** What of the pair an answer that grants it must come to, whatever else it holds. */
const BOTH_TOKENS = {
  kind: "granted",
  pair: { accessToken: "access-token-of-2", refreshToken: "refresh-token-of-2", origin: ORIGIN },
};

it("grants a pair with all that its answer says of it", () => {
  const result =
    `{${TOKENS},"expires_in":3600000,"refresh_expires_in":7200000,` +
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
  const outcome = read(answered(200, '{"rc":0,"result":{"access_token":"access-2","expires_in":3600000}}'));

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
  const outcome = read(answered(200, '{"rc":0,"result":{"refresh_token":"refresh-2","refresh_expires_in":3600000}}'));

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
  const result = '{"access_token":"access-2","refresh_token":"refresh-1","refresh_expires_in":3600000}';

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

it.each([
  [200, '{"rc":1,"mc":"AUTH_001","ma":[],"result":null}', "AUTH_001"],
  [200, '{"rc":1,"mc":"FAILURE"}', "FAILURE"],
  [200, '{"rc":"1","mc":"AUTH_106"}', "AUTH_106"],
  [200, '\uFEFF{"rc":1,"mc":"AUTH_101"}', "AUTH_101"],
  [204, '{"rc":-1,"mc":"FAILURE"}', "FAILURE"],
  [200, '{"rc":0.5,"mc":"FAILURE"}', "FAILURE"],
  [400, '{"rc":1,"mc":"AUTH_002"}', "AUTH_002"],
  [400, '{"rc":0,"mc":"SUCCESS"}', "SUCCESS"],
  [401, "", "no readable mc"],
  [403, "<html>forbidden</html>", "no readable mc"],
  [404, '{"status":404}', "no readable mc"],
  [499, "[]", "no readable mc"],
  [200, '{"rc":1,"mc":"AUTH_003","errors":{"refresh_token":"is invalid","access_token":"is missing"}}', "AUTH_003"],
  [
    400,
    '{"rc":1,"mc":"AUTH_003","errors":{"refresh_token":"RefreshTokenIsExpired","access_token":"none"}}',
    "AUTH_003",
  ],
  [400, '{"rc":1,"mc":"AUTH_003","request":{"refresh_token":"refresh-1"}}', "AUTH_003"],
])("calls status %i with %s rejected by %s", (status, body, mc) => {
  expect(read(answered(status, body))).toEqual({ kind: "rejected", status, mc });
});

it("calls a cut off refusal rejected where its status says so", () => {
  expect(read(answered(401, '{"rc":1,"mc":"AUT', false))).toEqual({
    kind: "rejected",
    status: 401,
    mc: "no readable mc",
  });
});

it.each(["", "<html>slow down</html>", '{"rc":1,"mc":"FAILURE"}'])("calls status 429 with <%s> throttled", (body) => {
  expect(read(answered(429, body))).toEqual({ kind: "throttled" });
});

it.each([199, 300, 301, 302, 307, 421, 500, 502, 503, 599])("calls status %i without tokens unknown", (status) => {
  const outcome = read(answered(status, '{"rc":1,"mc":"FAILURE","result":null}'));

  expect(outcome).toEqual({ kind: "unknown", code: `HTTP_${status}` });
});

it.each([
  ["a refusal", 200, '"rc":1,"mc":"AUTH_003"', { kind: "rejected", status: 200, mc: "AUTH_003" }],
  ["a client error", 400, '"rc":1,"mc":"AUTH_003"', { kind: "rejected", status: 400, mc: "AUTH_003" }],
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

  expect(outcome).toEqual({ kind: "rejected", status: 400, mc: "AUTH_003" });
});

it.each([
  ["lower case", '"auth_001"'],
  ["a sentence", '"the refresh token refresh-1 is invalid"'],
  ["a URL", '"https://oapi.xt.com/?refresh_token=refresh-1"'],
  ["a word and a line feed", '"AUTH_001\\n"'],
  ["41 characters", '"AUTH_0000000000000000000000000000000000001"'],
  ["a number", "17"],
  ["a word in a list", '["AUTH_001"]'],
  ["missing", "null"],
])("does not repeat an mc that is %s", (_, mc) => {
  const outcome = read(answered(200, `{"rc":1,"mc":${mc}}`));

  expect(outcome).toEqual({ kind: "rejected", status: 200, mc: "an unreadable mc" });
});

it("calls a request that never left unsent", () => {
  expect(read({ kind: "unsent", code: "ENOTFOUND" })).toEqual({ kind: "unsent", code: "ENOTFOUND" });
});

it("calls a request without an answer unknown", () => {
  expect(read({ kind: "lost", code: "ECONNRESET" })).toEqual({ kind: "unknown", code: "ECONNRESET" });
});
