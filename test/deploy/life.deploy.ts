import { expect } from "vitest";
import { deployment, itDeploys, itRuns, itRunsThePackage } from "./played.ts";
import { exists, told } from "./read-back.ts";

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
  const schedule = told(updated, "AWS::Scheduler::Schedule", "RotationScheduleTick");

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

itDeploys("keeps what every secret holds when it is deployed again", () => {
  // given
  const { beforeUpdate, afterUpdate } = deployment();

  // when
  const { token, client, accessToken } = afterUpdate;

  // then
  expect(token.value).toHaveProperty("refresh_token", expect.stringMatching(/^eyJ/));
  expect(client.value).toHaveProperty("client_id", "35LF2FSLHX5IRQA4");
  expect(accessToken.value).toHaveProperty("access_token");
  expect(afterUpdate).toEqual(beforeUpdate);
});

itDeploys("leaves the secrets and the log when it is destroyed, and nothing else", () => {
  // given
  const { destroyed } = deployment();

  // when
  const left = destroyed.filter(exists).map(({ logicalId }) => logicalId);

  // then
  expect(left).toEqual([
    "RotationTokenSecretB20C8425",
    "RotationClientSecret21B4195B",
    "RotationAccessTokenSecret7536B1F5",
    "RotationFunctionLogsCC6507BB",
  ]);
});

itDeploys("keeps what every secret holds when it is destroyed", () => {
  // given
  const { beforeUpdate } = deployment();

  // when
  const { afterDestroy } = deployment();

  // then
  expect(afterDestroy.token.value).toHaveProperty("refresh_token");
  expect(afterDestroy).toEqual(beforeUpdate);
});

itDeploys("is deployed again onto the secrets and beside the log that were left, and makes no secret", () => {
  // given
  const { again, beforeUpdate } = deployment();

  // when
  const secrets = again.made.filter(({ type }) => type === "AWS::SecretsManager::Secret");
  const log = told(again.made, "AWS::Logs::LogGroup");

  // then
  expect(secrets).toEqual([]);
  expect(log).toMatchObject({ logGroups: [{ logGroupName: "<RotationFunctionLogsCC6507BB>", retentionInDays: 90 }] });
  expect(again.held.token.value).toHaveProperty("refresh_token");
  expect(again.held).toEqual(beforeUpdate);
});

itDeploys("tells the new function of the secrets that were left, and of the same escrow", () => {
  // given
  const { again } = deployment();

  // when
  const { environment } = again;

  // then
  expect(environment).toMatchObject({
    TOKEN_SECRET_ID: expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:/),
    CLIENT_SECRET_ID: expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:/),
    ACCESS_TOKEN_SECRET_ID: expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:/),
    ESCROW_PARAMETER_PREFIX: "/xt-token-rotation/XtTokenRotation/c868b58920a6583db0e0882a893fefcc33a9f9257d/",
  });
});

itRuns("is found by its name again, with the pair that was in use", () => {
  // given
  const { again, beforeUpdate } = deployment();

  // when
  const inspection = JSON.parse(again.status?.stdout ?? "");

  // then
  expect(inspection).toMatchObject({ verdict: { severity: 0 }, current: { versionId: beforeUpdate.token.versionId } });
  expect(again.status?.exit).toBe(0);
});

itRunsThePackage("is deployed again by an app that knows the package alone, which wants no dashboard", () => {
  // given
  const { again, deployed } = deployment();

  // when
  const dashboards = [deployed, again.made].map((made) =>
    made.flatMap(({ type, logicalId }) => (type === "AWS::CloudWatch::Dashboard" ? [logicalId] : [])),
  );

  // then
  expect(dashboards).toEqual([["MonitoringDashboard2B969E55"], []]);
});

itRunsThePackage("renews the pair that was left once the package's command asks the package's function", () => {
  // given
  const { again, beforeUpdate } = deployment();

  // when
  const { renewing, rotated, isLive } = Object(again.renewal);

  // then
  expect(renewing.output).toContain("rotated  renewed: XT granted a new pair");
  expect(renewing.exit).toBe(0);
  expect(rotated.labels).toHaveProperty([rotated.token.versionId], expect.arrayContaining(["AWSCURRENT", "XT_ISSUED"]));
  expect(rotated.labels).toHaveProperty(
    [String(beforeUpdate.token.versionId)],
    expect.arrayContaining(["AWSPREVIOUS"]),
  );
  expect(isLive).toBe(true);
});

itRunsThePackage("publishes the access token of the renewed pair, in the secret that was left", () => {
  // given
  const { again, beforeUpdate } = deployment();

  // when
  const { token, accessToken } = Object(again.renewal).rotated;

  // then
  expect(accessToken.value.access_token).toBe(token.value.access_token);
  expect(accessToken.versionId).toBe(token.versionId);
  expect(accessToken.versionId).not.toBe(beforeUpdate.accessToken.versionId);
});
