import { expect, it } from "vitest";
import { CLIENT, context, start } from "./fixtures/cold-handler.ts";

it("rotates the configured secret against Secrets Manager and XT", async () => {
  const { handler, secretsManager, xt } = await start();

  const result = await handler({}, context());

  expect(result).toEqual({
    outcome: "rotated",
    reason: "renewed: XT granted a new pair",
    secretId: "xt/token",
    versionId: secretsManager.labels("xt/token")["XT_ISSUED"],
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    refreshExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    nextRenewalAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect(secretsManager.labels("xt/token")["AWSCURRENT"]).toBe(result.versionId);
  expect(secretsManager.value("xt/token")).toContain(`"refresh_token":"${xt.newestRefreshToken}"`);
});

it("rotates the secret that the event names instead of the configured one", async () => {
  const { handler, secretsManager, xt } = await start();
  secretsManager.createSecret("xt/other", JSON.stringify({ refresh_token: xt.grant().refreshToken }));

  const result = await handler({ secretId: "xt/other" }, context());

  expect(result).toMatchObject({ outcome: "rotated", secretId: "xt/other" });
  expect(Object.keys(secretsManager.labels("xt/token"))).toEqual(["AWSCURRENT"]);
});

it("renews a pair that is not due only by force", async () => {
  const { handler, xt } = await start();
  await handler({}, context());

  const scheduled = await handler({}, context());
  const forced = await handler({ force: true }, context({ awsRequestId: "request-2" }));

  expect([scheduled.outcome, forced.outcome]).toEqual(["idle", "rotated"]);
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
    secretId: "xt/token",
  });
  for (const secret of [refreshToken, `${xt.newestRefreshToken}`, CLIENT.clientSecret]) {
    expect(output()).not.toContain(secret);
  }
});

it("warns of a run that halts for a person", async () => {
  const { handler, secretsManager, lines } = await start();
  secretsManager.put("xt/token", "not a pair");

  const result = await handler({}, context());

  expect(result.outcome).toBe("halted");
  expect(lines()).toEqual([expect.objectContaining({ level: "WARN", outcome: "halted", message: result.reason })]);
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
