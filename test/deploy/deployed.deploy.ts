import { expect } from "vitest";
import { deployment, itDeploys } from "./played.ts";
import { exists, told } from "./read-back.ts";

const QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:<RotationDeadLettersD3FBCA02>";
const ALIAS = "<RotationFunctionLive68245CC9>";

itDeploys("makes every resource of the template", () => {
  // given
  const { templated, deployed } = deployment();

  // when
  const made = deployed.filter(exists).map(({ logicalId }) => logicalId);

  // then
  expect([...made].sort()).toEqual([...templated].sort());
});

itDeploys("differs from the template in nothing once it is deployed", () => {
  // given a deployment
  // when
  const { diff } = deployment();

  // then
  expect(diff.output).toContain("There were no differences");
  expect(diff.exit).toBe(0);
});

itDeploys.each(["RotationTokenSecret", "RotationClientSecret", "RotationAccessTokenSecret"])(
  "leaves %s without a version until it is filled",
  (id) => {
    // given
    const { deployed } = deployment();

    // when
    const secret = told(deployed, "AWS::SecretsManager::Secret", id);

    // then
    expect(secret).toMatchObject({ Tags: [{ Key: "application", Value: "xt-token-rotation" }] });
    expect(secret).not.toHaveProperty("VersionIdsToStages");
  },
);

itDeploys("configures the function as the template says", () => {
  // given
  const { deployed } = deployment();

  // when
  const found = told(deployed, "AWS::Lambda::Function");

  // then
  expect(found).toMatchObject({
    Configuration: {
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      MemorySize: 1769,
      Timeout: 120,
      Role: "arn:aws:iam::123456789012:role/<RotationFunctionRole04C809CD>",
      Architectures: ["arm64"],
      DeadLetterConfig: { TargetArn: QUEUE_ARN },
      LoggingConfig: { LogFormat: "JSON", LogGroup: "<RotationFunctionLogsCC6507BB>" },
    },
  });
  expect(found).toHaveProperty("Configuration.Environment.Variables", {
    TOKEN_SECRET_ID: "<RotationTokenSecretB20C8425>",
    CLIENT_SECRET_ID: "<RotationClientSecret21B4195B>",
    ACCESS_TOKEN_SECRET_ID: "<RotationAccessTokenSecret7536B1F5>",
    EVENT_BUS_NAME: "arn:aws:events:us-east-1:123456789012:event-bus/default",
    XT_BASE_URL: "https://oapi.xt.com",
    UNKNOWN_OUTCOME_POLICY: "replay",
    EXCHANGE_TIMEOUT_MS: "60000",
    ESCROW_PARAMETER_PREFIX: "/xt-token-rotation/XtTokenRotation/c868b58920a6583db0e0882a893fefcc33a9f9257d/",
    CONNECTION_PREFIX: "XtTokenRotation/Rotation/",
    SCHEDULE_GROUP_NAME: "<RotationScheduleGroup015D9232>",
    SCHEDULE_ROLE_ARN: "arn:aws:iam::123456789012:role/<RotationScheduleRoleB3406043>",
    TICK_SCHEDULE: "rate(15 minutes)",
  });
});

itDeploys("points the alias live to the first version", () => {
  // given
  const { deployed } = deployment();

  // when
  const alias = told(deployed, "AWS::Lambda::Alias");

  // then
  expect(alias).toMatchObject({ Name: "live", FunctionVersion: "1" });
});

itDeploys("never lets Lambda run a failed event again", () => {
  // given
  const { deployed } = deployment();

  // when
  const config = told(deployed, "AWS::Lambda::EventInvokeConfig");

  // then
  expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
});

itDeploys("ticks the alias every 15 minutes in a group of its own", () => {
  // given
  const { deployed } = deployment();

  // when
  const schedule = told(deployed, "AWS::Scheduler::Schedule", "RotationScheduleTick");

  // then
  expect(schedule).toMatchObject({
    GroupName: "<RotationScheduleGroup015D9232>",
    ScheduleExpression: "rate(15 minutes)",
    ScheduleExpressionTimezone: "Etc/UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    State: "ENABLED",
    Target: {
      Arn: ALIAS,
      Input: "{}",
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
      DeadLetterConfig: { Arn: QUEUE_ARN },
      RoleArn: "arn:aws:iam::123456789012:role/<RotationScheduleRoleB3406043>",
    },
  });
});

itDeploys("takes a census of the connections every hour, in the same group and with the same role", () => {
  // given
  const { deployed } = deployment();

  // when
  const schedule = told(deployed, "AWS::Scheduler::Schedule", "RotationScheduleCensus");

  // then
  expect(schedule).toMatchObject({
    GroupName: "<RotationScheduleGroup015D9232>",
    ScheduleExpression: "rate(1 hour)",
    State: "ENABLED",
    Target: {
      Arn: ALIAS,
      Input: '{"census":true}',
      RoleArn: "arn:aws:iam::123456789012:role/<RotationScheduleRoleB3406043>",
    },
  });
});

itDeploys("encrypts the dead letters, keeps them for 14 days and denies plain HTTP", () => {
  // given
  const { deployed } = deployment();

  // when
  const queue = told(deployed, "AWS::SQS::Queue");
  const policy = told(deployed, "AWS::SQS::QueuePolicy");

  // then
  expect(queue).toMatchObject({ Attributes: { SqsManagedSseEnabled: "true", MessageRetentionPeriod: "1209600" } });
  expect(JSON.parse(Object(policy).Attributes.Policy).Statement).toEqual([
    {
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "sqs:*",
      Resource: QUEUE_ARN,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});

itDeploys("keeps the function's log for 90 days", () => {
  // given
  const { deployed } = deployment();

  // when
  const found = told(deployed, "AWS::Logs::LogGroup");

  // then
  expect(found).toMatchObject({ logGroups: [{ retentionInDays: 90 }] });
});
