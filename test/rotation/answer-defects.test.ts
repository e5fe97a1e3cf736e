import { expect, it } from "vitest";
import { findDefects, hidesRefreshToken } from "../../lambda/rotation/answer-defects.ts";
import { answered, at, jwt } from "./given.ts";

const TOKENS = '"access_token":"access-2","refresh_token":"refresh-2","expires_in":3600000';
const ENDS_AT_ONE = jwt({ exp: at("13:00") / 1_000 });

function granting(access: string, expiresIn: number): string {
  const result = { access_token: access, refresh_token: "refresh-2", expires_in: expiresIn };
  return JSON.stringify({ rc: 0, result });
}

it.each([
  ["an answer as documented", `{"rc":0,"mc":"SUCCESS","ma":[],"result":{${TOKENS}}}`],
  ["an rc in quotes", `{"rc":"0","result":{${TOKENS}}}`],
  ["two statements of the expiry a minute apart", granting(ENDS_AT_ONE, 3_660_000)],
  ["an exp alone", granting(ENDS_AT_ONE, 0)],
])("finds nothing odd in %s", (_, body) => {
  expect(findDefects(answered(200, body), at("12:00"))).toEqual([]);
});

it.each([
  ["another status", answered(503, `{"rc":0,"result":{${TOKENS}}}`), "the status must be 200, got 503"],
  ["a broken connection", answered(200, `{"rc":0,"result":{${TOKENS}}}`, false), "the answer was cut off"],
  ["a trailing comma", answered(200, `{"rc":0,"result":{${TOKENS}},}`), "the answer is no JSON"],
  ["no envelope", answered(200, `{${TOKENS}}`), "the answer has no readable rc"],
  ["a failure's rc", answered(200, `{"rc":1,"result":{${TOKENS}}}`), "rc must be 0, got 1"],
  [
    "no refresh token",
    answered(200, '{"rc":0,"result":{"access_token":"access-2","expires_in":3600000}}'),
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
    answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_token":7,"expires_in":3600000}}'),
    "refresh_token is missing, the one held is kept",
  ],
  [
    "a number for an access token",
    answered(200, '{"rc":0,"result":{"access_token":7,"refresh_token":"refresh-2"}}'),
    "access_token is missing, the one held is kept",
  ],
  [
    "two statements of the expiry more than a minute apart",
    answered(200, granting(ENDS_AT_ONE, 3_660_001)),
    "expires_in and the token's exp disagree, exp is taken",
  ],
])("names %s", (_, answer, defect) => {
  expect(findDefects(answer, at("12:00"))).toEqual([defect]);
});

it("names every defect of an answer", () => {
  const answer = answered(500, '{"access_token":"access-2"', false);

  expect(findDefects(answer, at("12:00"))).toEqual([
    "the status must be 200, got 500",
    "the answer was cut off",
    "the answer is no JSON",
    "refresh_token is missing, the one held is kept",
    "the lifetime is unknown",
  ]);
});

it.each(["unsent", "lost"] as const)("finds nothing in an answer that is %s", (kind) => {
  expect(findDefects({ kind, code: "ECONNRESET" }, at("12:00"))).toEqual([]);
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
  ["never came", { kind: "lost", code: "ECONNRESET" } as const, false],
])("sees whether a refresh token is hidden in an answer that %s", (_, answer, isHidden) => {
  expect(hidesRefreshToken(answer)).toBe(isHidden);
});
