import { expect, it } from "vitest";
import { coldStart, context, ENVIRONMENT, start } from "./fixtures/cold-handler.ts";

const DAY_SECONDS = 86_400;

it("measures a rotation in one line", async () => {
  // given
  const { handler, metrics } = await start();

  // when
  await handler({}, context());

  // then
  expect(metrics()).toEqual([
    {
      _aws: expect.anything(),
      Severity: 0,
      AccessTokenLifeLeft: expect.closeTo(100, 0),
      SecondsToRefreshExpiry: expect.closeTo(180 * DAY_SECONDS, -1.5),
    },
  ]);
});

it("measures a failed tick too, and what is left of the tokens in use", async () => {
  // given
  const { handler, metrics, secretsManager } = await start();
  secretsManager.put("xt/client", '{"client_id":"client-1","client_secret":"wrong-secret"}');

  // when
  await handler({}, context()).catch(() => undefined);

  // then
  expect(metrics()).toEqual([
    {
      _aws: expect.anything(),
      Severity: expect.toBeOneOf([3, 4]),
      SecondsToRefreshExpiry: expect.any(Number),
    },
  ]);
});

it("says that nothing is wrong with a connection that nobody has seeded on its first day", async () => {
  // given
  const { secretsManager, xt } = await start();
  secretsManager.createSecret("xt/empty");
  const endpoints = { AWS_ENDPOINT_URL: secretsManager.url, XT_BASE_URL: xt.url };
  const { handler, metrics } = await coldStart({ ...ENVIRONMENT, ...endpoints, TOKEN_SECRET_ID: "xt/empty" });

  // when
  await handler({}, context());

  // then
  expect(metrics()).toEqual([{ _aws: expect.anything(), Severity: 0 }]);
});

it("writes nothing before the pair is safe and in use", async () => {
  // given
  const { handler, metrics, secretsManager } = await start();
  const written: number[] = [];
  secretsManager.setFaults(() => ({
    kind: "act",
    when: "after",
    act: () => {
      written.push(metrics().length);
    },
  }));

  // when
  await handler({}, context());

  // then
  expect(new Set(written)).toEqual(new Set([0]));
  expect(metrics()).toHaveLength(1);
});
