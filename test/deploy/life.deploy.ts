import { expect } from "vitest";
import { deployment, itDeploys, told } from "./played.ts";
import { exists } from "./read-back.ts";

itDeploys("shows in the diff what an update will change", () => {
  // given a deployment that an update was compared with
  // when
  const { updateDiff } = deployment();

  // then
  expect(updateDiff.exit).toBe(1);
  expect(updateDiff.output).toContain("rate(30 minutes)");
  expect(updateDiff.output).not.toMatch(/replace|\[-\] AWS::SecretsManager/);
});

itDeploys("moves the alias to a new version that has the changed setting", () => {
  // given
  const { updated } = deployment();

  // when
  const version = told(updated, "AWS::Lambda::Version");
  const alias = told(updated, "AWS::Lambda::Alias");

  // then
  expect(version).toMatchObject({
    Version: "2",
    Environment: { Variables: { EXCHANGE_TIMEOUT_MS: "30000", XT_BASE_URL: "https://oapi.xt.com" } },
  });
  expect(alias).toMatchObject({ FunctionVersion: "2" });
});

itDeploys("ticks as the changed schedule says, with the same target", () => {
  // given
  const { updated } = deployment();

  // when
  const schedule = told(updated, "AWS::Scheduler::Schedule");

  // then
  expect(schedule).toMatchObject({
    ScheduleExpression: "rate(30 minutes)",
    Target: { Arn: "<RotationFunctionLive68245CC9>", Input: "{}" },
  });
});

itDeploys("still never lets Lambda run a failed event again after an update", () => {
  // given
  const { updated } = deployment();

  // when
  const config = told(updated, "AWS::Lambda::EventInvokeConfig");

  // then
  expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
});

itDeploys("keeps what both secrets hold when it is deployed again", () => {
  // given
  const { beforeUpdate, afterUpdate } = deployment();

  // when
  const held = { token: afterUpdate.token, client: afterUpdate.client };

  // then
  expect(held).toMatchObject({
    token: { schema: 1, refresh_token: expect.stringMatching(/^eyJ/) },
    client: { client_id: "35LF2FSLHX5IRQA4" },
  });
  expect(afterUpdate).toEqual(beforeUpdate);
});

itDeploys("leaves the secrets and the log when it is destroyed, and nothing else", () => {
  // given
  const { destroyed } = deployment();

  // when
  const left = destroyed.filter(exists).map(({ logicalId }) => logicalId);

  // then
  expect(left).toEqual(["RotationTokenSecretB20C8425", "RotationClientSecret21B4195B", "RotationFunctionLogsCC6507BB"]);
});

itDeploys("keeps what both secrets hold when it is destroyed", () => {
  // given
  const { beforeUpdate } = deployment();

  // when
  const { afterDestroy } = deployment();

  // then
  expect(afterDestroy.token).toMatchObject({ schema: 1 });
  expect(afterDestroy).toEqual(beforeUpdate);
});
