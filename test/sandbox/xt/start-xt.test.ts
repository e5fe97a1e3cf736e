import { readFileSync } from "node:fs";
import { get } from "node:https";
import { connect } from "node:net";
import { expect, it } from "vitest";
import type { XtStandIn } from "../../../sandbox/xt/start-xt.ts";
import { ask, NOW_MS, start } from "./started.ts";

function refresh(xt: XtStandIn, refreshToken: string): Promise<Record<string, unknown>> {
  return ask(xt, { grant_type: "refresh_token", refresh_token: refreshToken });
}

function refreshTokenOf(answer: Record<string, unknown>): string {
  return String((answer["result"] as Record<string, unknown>)["refresh_token"]);
}

it("answers a refresh with the documented envelope", async () => {
  const xt = await start();
  const { refreshToken } = xt.grant();

  const answer = await refresh(xt, refreshToken);

  expect(answer).toEqual({
    status: 200,
    rc: 0,
    mc: "SUCCESS",
    ma: [],
    result: {
      user_id: "12345678",
      access_token: expect.stringMatching(/^eyJhbGciOiJSUzI1NiJ9\./),
      refresh_token: expect.stringMatching(/^eyJhbGciOiJSUzI1NiJ9\./),
      expires_in: 86_400_000,
      refresh_expires_in: 15_552_000_000,
      client_id: "client-1",
      scope: "userinfo",
    },
  });
});

it("keeps the reuse behaviour that it is given, until it is changed", async () => {
  const xt = await start({ reuse: "single-use" });
  const { refreshToken } = xt.grant();
  await refresh(xt, refreshToken);

  const spent = await refresh(xt, refreshToken);
  xt.setReuse("reusable");
  const reused = await refresh(xt, refreshToken);

  expect(spent).toEqual({ status: 200, rc: 1, mc: "AUTH_101", ma: [], result: null });
  expect(xt.newestRefreshToken).toBe(refreshTokenOf(reused));
  expect(xt.exchanges.map((exchange) => exchange.verdict)).toEqual(["granted", "refused", "granted"]);
});

it("exchanges an authorization code once", async () => {
  const xt = await start();
  const code = xt.code();

  const first = await ask(xt, { grant_type: "authorization_code", code });
  const second = await ask(xt, { grant_type: "authorization_code", code });

  expect(xt.isLive(refreshTokenOf(first))).toBe(true);
  expect(second).toEqual({ status: 200, rc: 1, mc: "AUTH_102", ma: [], result: null });
});

it.each([
  ["a foreign client id", { client_id: "client-2" }],
  ["a wrong client secret", { client_secret: "secret-2" }],
])("refuses %s and spends nothing", async (_, wrong) => {
  const xt = await start();
  const { refreshToken } = xt.grant();

  const answer = await ask(xt, { grant_type: "refresh_token", refresh_token: refreshToken, ...wrong });

  expect(answer).toEqual({ status: 200, rc: 1, mc: "AUTH_001", ma: [], result: null });
  expect(xt.isLive(refreshToken)).toBe(true);
});

it("refuses an unknown grant type", async () => {
  const xt = await start();

  const answer = await ask(xt, { grant_type: "password" });

  expect(answer).toEqual({ status: 200, rc: 1, mc: "AUTH_002", ma: [], result: null });
  expect(xt.exchanges.map((exchange) => exchange.verdict)).toEqual(["refused"]);
});

it("answers 404 to another path and to another method", async () => {
  const xt = await start();

  const path = await fetch(`${xt.url}/public/uaa/oauth2/tokens`);
  const method = await fetch(`${xt.url}/public/uaa/oauth2/token`, { method: "POST" });

  expect([path.status, method.status]).toEqual([404, 404]);
  expect(xt.exchanges).toEqual([]);
});

it("records a request that a fault took before it had any effect", async () => {
  const xt = await start({ faults: () => ({ kind: "reply", when: "before", status: 503, body: "{}" }) });
  const { refreshToken } = xt.grant();

  const answer = await refresh(xt, refreshToken);

  expect(answer).toEqual({ status: 503 });
  expect(xt.isLive(refreshToken)).toBe(true);
  expect(xt.exchanges).toEqual([
    { index: 1, at: NOW_MS, grantType: "refresh_token", presented: refreshToken, verdict: "untouched" },
  ]);
});

it("spends the token of a request whose answer a fault withheld", async () => {
  const xt = await start();
  const { refreshToken } = xt.grant();
  xt.setFaults(({ operation, nth }) =>
    operation === "token" && nth === 1 ? { kind: "drop", when: "after" } : undefined,
  );

  const dropped = refresh(xt, refreshToken);

  await expect(dropped).rejects.toThrow("fetch failed");
  expect(xt.isLive(refreshToken)).toBe(false);
  expect(xt.newestRefreshToken).not.toBe(refreshToken);
  expect(xt.isLive(String(xt.newestRefreshToken))).toBe(true);
});

it("tells a fault plan what was asked", async () => {
  const seen: unknown[] = [];
  const xt = await start({
    faults: (call) => {
      seen.push(call);
      return undefined;
    },
  });

  await fetch(`${xt.url}/elsewhere`);
  await refresh(xt, "a+b/c=");

  expect(seen).toEqual([
    {
      index: 2,
      operation: "token",
      nth: 1,
      input: { client_id: "client-1", client_secret: "secret-1", grant_type: "refresh_token", refresh_token: "a+b/c=" },
    },
  ]);
});

it("cuts a stalled request and a silent connection when it closes", async () => {
  const xt = await start({ faults: () => ({ kind: "stall", when: "before" }) });
  const stalled = refresh(xt, "any").catch(() => "cut");
  const silent = connect(Number(new URL(xt.url).port), "127.0.0.1");
  await new Promise((resolve) => silent.once("connect", resolve));
  const silentEnd = new Promise((resolve) => silent.once("close", () => resolve("cut")));

  await expect.poll(() => xt.exchanges.length).toBe(1);
  await xt.close();

  expect([await stalled, await silentEnd]).toEqual(["cut", "cut"]);
});

it("speaks HTTPS with the key and certificate that it is given", async () => {
  const cert = readFileSync(new URL("../../adapters/fixtures/localhost-cert.pem", import.meta.url), "utf8");
  const key = readFileSync(new URL("../../adapters/fixtures/localhost-key.pem", import.meta.url), "utf8");
  const xt = await start({ tls: { key, cert } });

  const status = await new Promise((resolve, reject) => {
    get(`${xt.url}/elsewhere`, { ca: cert }, (response) => resolve(response.resume().statusCode)).on("error", reject);
  });

  expect(xt.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(status).toBe(404);
});

it("answers 1,000 requests in a minute, and locks the address of one more for ten minutes", async () => {
  // given
  let nowMs = NOW_MS;
  const xt = await start({ quotas: true, reuse: "reusable", now: () => nowMs });
  const { refreshToken } = xt.grant();
  const status = async () => {
    const query = { client_id: "client-1", client_secret: "wrong", grant_type: "refresh_token" };
    return (await fetch(`${xt.url}/public/uaa/oauth2/token?${new URLSearchParams(query)}`)).status;
  };
  for (let nth = 1; nth <= 1_000; nth += 1) await status();

  // when
  const seen = [await status()];
  nowMs += 599_999;
  seen.push(await status());
  nowMs += 1;
  seen.push(await status());

  // then
  expect(seen).toEqual([429, 429, 200]);
  expect(xt.exchanges.slice(-3).map(({ verdict }) => verdict)).toEqual(["untouched", "untouched", "refused"]);
  expect(xt.isLive(refreshToken)).toBe(true);
});
