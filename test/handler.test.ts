import { expect, it } from "vitest";
import { CLIENT, context, start } from "./fixtures/cold-handler.ts";

it("rotates the configured secret against Secrets Manager and XT", async () => {
  const { handler, secretsManager, xt } = await start();

  const result = await handler({}, context());

  expect(result).toEqual({
    outcome: "rotated",
    reason: "renewed: XT granted a new pair",
    connection: "default",
    versionId: secretsManager.labels("xt/token")["XT_ISSUED"],
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    refreshExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    nextRenewalAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  const { AWSCURRENT, XT_ISSUED } = secretsManager.labels("xt/token");
  expect(AWSCURRENT).toBe(XT_ISSUED);
  expect(secretsManager.value("xt/token")).toContain(`"refresh_token":"${xt.newestRefreshToken}"`);
});

it("renews a pair that is not due only by force", async () => {
  const { handler, xt } = await start();
  await handler({}, context());

  const scheduled = await handler({}, context({ awsRequestId: "request-2" }));
  const forced = await handler({ force: true }, context({ awsRequestId: "request-3" }));

  expect([scheduled, forced]).toMatchObject([{ outcome: "idle" }, { outcome: "rotated" }]);
  expect(xt.exchanges).toHaveLength(2);
});

it("logs a run in one line with its request id and its outcome, and no secret", async () => {
  const { handler, xt, refreshToken, lines, output } = await start();

  await handler({}, context({ awsRequestId: "request-7" }));

  expect(lines()).toHaveLength(1);
  expect(lines()[0]).toMatchObject({
    level: "INFO",
    message: "renewed: XT granted a new pair",
    function_request_id: "request-7",
    outcome: "rotated",
    connection: "default",
  });
  for (const secret of [refreshToken, `${xt.newestRefreshToken}`, CLIENT.clientSecret]) {
    expect(output()).not.toContain(secret);
  }
});

it("warns of a run that halts for a person", async () => {
  const { handler, secretsManager, lines } = await start();
  secretsManager.put("xt/token", "not a pair");

  const result = await handler({}, context());

  const reason =
    "malformed: AWSCURRENT of the token secret holds no token pair, and ticks leave it unchanged: the value must be JSON, " +
    "type npx --no xt-token recover";
  expect(result).toMatchObject({ outcome: "halted", reason });
  expect(lines()).toEqual([expect.objectContaining({ level: "WARN", outcome: "halted", message: reason })]);
});

it("uses the connections of one client for the next invocation too", async () => {
  const { handler, secretsManager } = await start();
  await handler({}, context());
  const { connections } = secretsManager;

  await handler({ force: true }, context());

  // Three reads at once need three connections, and nothing afterwards needs a fourth.
  expect([connections, secretsManager.connections]).toEqual([3, 3]);
});

it("leaves it to the store to send a failed request again", async () => {
  const { handler, secretsManager } = await start();
  const body = '{"__type":"InternalServiceError"}';
  secretsManager.setFaults(({ operation }) =>
    operation === "DescribeSecret" ? { kind: "reply", when: "before", status: 500, body } : undefined,
  );

  const run = handler({}, context());

  await expect(run).rejects.toMatchObject({ name: "StoreUnavailable", code: "InternalServiceError" });
  expect(secretsManager.calls.filter(({ operation }) => operation === "DescribeSecret")).toHaveLength(3);
});

it("answers an inspection, and spends and measures nothing", async () => {
  const { handler, xt, refreshToken, metrics } = await start();

  const inspection = await handler({ inspect: true }, context());

  expect(inspection).toMatchObject({
    schema: 1,
    connection: "default",
    verdict: { code: "due" },
    settings: { tokenSecretId: "xt/token", clientSecretId: "xt/client", clientId: CLIENT.clientId, version: "0.1.0" },
  });
  expect(JSON.stringify(inspection)).not.toContain(refreshToken);
  expect(JSON.stringify(inspection)).not.toContain(CLIENT.clientSecret);
  expect(xt.newestRefreshToken).toBe(refreshToken);
  expect(metrics()).toEqual([]);
});

it("puts a kept pair back in use", async () => {
  const { handler, secretsManager, refreshToken } = await start();
  const { AWSCURRENT: versionId = "" } = secretsManager.labels("xt/token");
  secretsManager.put("xt/token", "not a pair");

  const result = await handler({ promote: { versionId } }, context());

  expect(result).toMatchObject({ outcome: "settled", versionId });
  expect(secretsManager.value("xt/token")).toContain(refreshToken);
});

it("exchanges a code, and keeps it out of its answer and its log", async () => {
  const { handler, output } = await start();

  const run = handler({ authorize: { code: "code-of-nobody" } }, context());

  await expect(run).rejects.toMatchObject({ name: "AuthorizationRejected" });
  expect(output()).not.toContain("code-of-nobody");
});
