import { verify } from "node:crypto";
import { expect, it } from "vitest";
import { Grants, type Presented, type Reuse } from "../../../sandbox/xt/grants.ts";
import { verificationKey } from "../../../sandbox/xt/sign-token.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

function grantsWith(reuse: Reuse, now: () => number = () => NOW_MS): Grants {
  return new Grants({ now, clientId: "client-1", reuse, accessLifetimeMs: 30_000, refreshLifetimeMs: 60_000 });
}

function refreshTokenOf(presented: Presented): string {
  return presented.kind === "granted" ? presented.pair.refreshToken : presented.kind;
}

it("signs its tokens with RS256 and says in seconds when they expire", () => {
  const grants = grantsWith("single-use");

  const { accessToken } = grants.authorize();

  const [header = "", claims = "", signature = ""] = accessToken.split(".");
  const signed = Buffer.from(`${header}.${claims}`);
  expect(verify("sha256", signed, verificationKey(), Buffer.from(signature, "base64url"))).toBe(true);
  expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toEqual({
    sub: "12345678",
    "user-id": 12345678,
    scope: "userinfo",
    iss: "xt.com",
    exp: Date.parse("2026-11-23T12:00:30Z") / 1_000,
    client_id: "client-1",
    jti: expect.any(String),
  });
});

it("never issues the same token twice, not even in the same millisecond", () => {
  const grants = grantsWith("single-use");

  const tokens = [grants.authorize(), grants.authorize()].flatMap((pair) => [pair.accessToken, pair.refreshToken]);

  expect(new Set(tokens).size).toBe(4);
});

it("refuses a spent refresh token and keeps the newer pair alive when tokens are single-use", () => {
  const grants = grantsWith("single-use");
  const { refreshToken } = grants.authorize();
  const newer = refreshTokenOf(grants.presentRefreshToken(refreshToken));

  const again = grants.presentRefreshToken(refreshToken);

  expect(again).toEqual({ kind: "refused" });
  expect(grants.isLive(refreshToken)).toBe(false);
  expect(grants.isLive(newer)).toBe(true);
  expect(grants.newestRefreshToken).toBe(newer);
});

it("ends the whole grant, and no other one, when a spent refresh token is presented and reuse revokes", () => {
  const grants = grantsWith("single-use-revoking");
  const other = grants.authorize();
  const { refreshToken } = grants.authorize();
  const newer = refreshTokenOf(grants.presentRefreshToken(refreshToken));

  const again = grants.presentRefreshToken(refreshToken);

  expect(again).toEqual({ kind: "revoked" });
  expect(grants.presentRefreshToken(newer)).toEqual({ kind: "refused" });
  expect(grants.isLive(newer)).toBe(false);
  expect(grants.isLive(other.refreshToken)).toBe(true);
});

it("grants a spent refresh token until its grace is over, counted from the first time", () => {
  let nowMs = NOW_MS;
  const grants = grantsWith({ graceMs: 10_000 }, () => nowMs);
  const { refreshToken } = grants.authorize();
  grants.presentRefreshToken(refreshToken);

  nowMs = NOW_MS + 10_000;
  const within = grants.presentRefreshToken(refreshToken);
  nowMs = NOW_MS + 10_001;
  const after = grants.presentRefreshToken(refreshToken);

  expect(within.kind).toBe("granted");
  expect(after).toEqual({ kind: "refused" });
});

it("grants a reusable refresh token again, until the behaviour is changed", () => {
  const grants = grantsWith("reusable");
  const { refreshToken } = grants.authorize();
  grants.presentRefreshToken(refreshToken);

  const again = grants.presentRefreshToken(refreshToken);
  grants.reuse = "single-use";
  const afterChange = grants.presentRefreshToken(refreshToken);

  expect(again.kind).toBe("granted");
  expect(afterChange).toEqual({ kind: "refused" });
});

it("refuses a refresh token from the millisecond in which it expires", () => {
  let nowMs = NOW_MS;
  const grants = grantsWith("reusable", () => nowMs);
  const { refreshToken } = grants.authorize();

  nowMs = NOW_MS + 59_999;
  const before = grants.isLive(refreshToken);
  nowMs = NOW_MS + 60_000;
  const after = grants.presentRefreshToken(refreshToken);

  expect(before).toBe(true);
  expect(after).toEqual({ kind: "refused" });
});
