import { expect, it } from "vitest";
import type { TokenAnswer } from "../../lambda/rotation/ports.ts";
import { findOddities, readTokenAnswer } from "../../lambda/rotation/token-answer.ts";
import { answered, at, jwt, pair } from "./given.ts";

/** What is odd about an answer of noon that grants a pair. */
function odditiesOf(answer: TokenAnswer): readonly string[] {
  const outcome = readTokenAnswer(answer, pair(), { parent: "v1", attempt: 1, issuedAtMs: at("12:00") });
  return outcome.kind === "granted" ? findOddities(outcome) : [outcome.kind];
}

const TOKENS = '"access_token":"access-token-of-2","refresh_token":"refresh-token-of-2","expires_in":3600';
const ENDS_AT_ONE = jwt({ exp: at("13:00") / 1_000 });

function granting(access: string, expiresIn: number): string {
  const result = { access_token: access, refresh_token: "refresh-2", expires_in: expiresIn };
  return JSON.stringify({ rc: 0, result });
}

it.each([
  ["an answer as documented", `{"rc":0,"mc":"SUCCESS","ma":[],"result":{${TOKENS}}}`],
  ["an rc in quotes", `{"rc":"0","result":{${TOKENS}}}`],
  ["two statements of the expiry a minute apart", granting(ENDS_AT_ONE, 3_660)],
  ["a JWT that dies in an hour beside an expires_in of as many seconds", granting(ENDS_AT_ONE, 3_600)],
  ["an exp alone", granting(ENDS_AT_ONE, 0)],
])("finds nothing odd in %s", (_, body) => {
  expect(odditiesOf(answered(200, body))).toEqual([]);
});

it.each([
  ["another status", answered(503, `{"rc":0,"result":{${TOKENS}}}`), "the status must be 200, got 503"],
  ["a broken connection", answered(200, `{"rc":0,"result":{${TOKENS}}}`, false), "the answer was cut off"],
  ["a trailing comma", answered(200, `{"rc":0,"result":{${TOKENS}},}`), "the answer is no JSON"],
  ["no envelope", answered(200, `{${TOKENS}}`), "the answer has no readable rc"],
  ["a failure's rc", answered(200, `{"rc":1,"result":{${TOKENS}}}`), "rc must be 0, got 1"],
  [
    "no refresh token",
    answered(200, '{"rc":0,"result":{"access_token":"access-2","expires_in":3600}}'),
    "refresh_token is missing, the one held is kept",
  ],
  [
    "no access token",
    answered(200, '{"rc":0,"result":{"refresh_token":"refresh-2"}}'),
    "access_token is missing, the one held is kept",
  ],
  [
    "no lifetime",
    answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_token":"refresh-2"}}'),
    "the lifetime is unknown",
  ],
  [
    "a number for a refresh token",
    answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_token":7,"expires_in":3600}}'),
    "refresh_token is missing, the one held is kept",
  ],
  [
    "a number for an access token",
    answered(200, '{"rc":0,"result":{"access_token":7,"refresh_token":"refresh-2"}}'),
    "access_token is missing, the one held is kept",
  ],
  [
    "two statements of the expiry more than a minute apart",
    answered(200, granting(ENDS_AT_ONE, 3_661)),
    "expires_in and the token's exp disagree, exp is taken",
  ],
])("names %s", (_, answer, oddity) => {
  expect(odditiesOf(answer)).toEqual([oddity]);
});

it("names every oddity of an answer", () => {
  const answer = answered(500, '{"access_token":"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"', false);

  expect(odditiesOf(answer)).toEqual([
    "the status must be 200, got 500",
    "the answer was cut off",
    "the answer is no JSON",
    "refresh_token is missing, the one held is kept",
    "the lifetime is unknown",
  ]);
});

const LONE_ACCESS_TOKEN = '{"rc":0,"result":{"access_token":"access-2"';

it.each([
  ["breaks off before it", answered(200, LONE_ACCESS_TOKEN, false), true],
  ["breaks off within it", answered(200, `${LONE_ACCESS_TOKEN},"refresh_token":"refre`, false), true],
  ["breaks off behind a number in its place", answered(200, `${LONE_ACCESS_TOKEN},"refresh_token":7,`, false), true],
  ["is no JSON and lacks it", answered(200, `${LONE_ACCESS_TOKEN},}}`), true],
  ["is JSON, lacks it, and may have gone on", answered(200, `${LONE_ACCESS_TOKEN}}}`, false), true],
  ["is whole and lacks it", answered(200, `${LONE_ACCESS_TOKEN}}}`), false],
  ["breaks off behind it", answered(200, `{"rc":0,"result":{${TOKENS}`, false), false],
])("doubts the kept refresh token after an answer that %s", (_, answer, isDoubtful) => {
  const outcome = readTokenAnswer(answer, pair(), { parent: "v1", attempt: 1, issuedAtMs: at("12:00") });

  expect(outcome.kind === "granted" && outcome.pair.isRefreshTokenDoubtful).toBe(isDoubtful || undefined);
});
