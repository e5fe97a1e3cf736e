import { expect, it } from "vitest";
import { findDefects } from "../../lambda/rotation/answer-defects.ts";
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
