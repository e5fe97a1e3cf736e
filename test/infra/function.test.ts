import { Duration } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { expect, it } from "vitest";
import { constructTemplate, only, stackTemplate } from "./synthesis.ts";

const template = stackTemplate();
const functionProperties = only(template, "AWS::Lambda::Function");

it("runs on Node 24 and arm64 with a whole vCPU and two minutes", () => {
  // given the deployed stack
  // when
  const { Runtime, Architectures, MemorySize, Timeout, Handler } = functionProperties;

  // then
  expect({ Runtime, Architectures, MemorySize, Timeout, Handler }).toEqual({
    Runtime: "nodejs24.x",
    Architectures: ["arm64"],
    MemorySize: 1769,
    Timeout: 120,
    Handler: "index.handler",
  });
});

it("reserves no concurrency, which a new account could not deploy", () => {
  // given the deployed stack
  // when
  const names = Object.keys(functionProperties);

  // then
  expect(names).not.toContain("ReservedConcurrentExecutions");
});

it("carries neither layers nor tracing, which would record the query that holds the secrets", () => {
  // given the deployed stack
  // when
  const names = Object.keys(functionProperties);

  // then
  expect(names).not.toContain("Layers");
  expect(names).not.toContain("TracingConfig");
});

it("tells the function everything it reads from the environment, and no secret", () => {
  // given the deployed stack
  // when
  const environment = functionProperties["Environment"];

  // then
  expect(environment).toEqual({
    Variables: {
      TOKEN_SECRET_ID: { Ref: "RotationTokenSecretB20C8425" },
      CLIENT_SECRET_ID: { Ref: "RotationClientSecret21B4195B" },
      ACCESS_TOKEN_SECRET_ID: { Ref: "RotationAccessTokenSecret7536B1F5" },
      EVENT_BUS_NAME: {
        "Fn::Join": [
          "",
          [
            "arn:",
            { Ref: "AWS::Partition" },
            ":events:",
            { Ref: "AWS::Region" },
            ":",
            { Ref: "AWS::AccountId" },
            ":event-bus/default",
          ],
        ],
      },
      XT_BASE_URL: "https://oapi.xt.com",
      UNKNOWN_OUTCOME_POLICY: "replay",
      EXCHANGE_TIMEOUT_MS: "60000",
      ESCROW_PARAMETER_PREFIX: "/xt-token-rotation/XtTokenRotation/c868b58920a6583db0e0882a893fefcc33a9f9257d/",
      CONNECTION_PREFIX: "XtTokenRotation/Rotation/",
      SCHEDULE_GROUP_NAME: "XtTokenRotation-Schedule-Group-F55E3AEA",
      SCHEDULE_ROLE_ARN: { "Fn::GetAtt": ["RotationScheduleRoleB3406043", "Arn"] },
      TICK_SCHEDULE: "rate(15 minutes)",
    },
  });
});

it("hands the props that were chosen to the function", () => {
  // given
  const chosen = constructTemplate(() => ({
    connectionPrefix: "desks/xt/",
    schedule: ScheduleExpression.rate(Duration.hours(1)),
    baseUrl: "https://xt.example",
    unknownOutcomePolicy: "hold",
    exchangeTimeout: Duration.seconds(45),
    logRetention: RetentionDays.ONE_YEAR,
  }));

  // when
  const logGroup = only(chosen, "AWS::Logs::LogGroup");

  // then
  chosen.hasResourceProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: {
        XT_BASE_URL: "https://xt.example",
        UNKNOWN_OUTCOME_POLICY: "hold",
        EXCHANGE_TIMEOUT_MS: "45000",
        CONNECTION_PREFIX: "desks/xt/",
        TICK_SCHEDULE: "rate(1 hour)",
      },
    },
  });
  expect(logGroup["RetentionInDays"]).toBe(365);
});

it("refuses a base URL that would send the secrets in the clear", () => {
  // given
  const props = { baseUrl: "http://oapi.xt.com" };

  // when
  const build = () => constructTemplate(() => props);

  // then
  expect(build).toThrow("baseUrl: found the scheme http, expected an https URL without credentials, query or fragment");
});

it.each([
  ["0.999", 999],
  ["60.001", 60_001],
])("refuses an exchange timeout of %s seconds", (found, milliseconds) => {
  // given
  const props = { exchangeTimeout: Duration.millis(milliseconds) };

  // when
  const build = () => constructTemplate(() => props);

  // then
  expect(build).toThrow(`exchangeTimeout: found ${found} seconds, expected from 1 to 60 seconds`);
});

it("never lets Lambda run a failed event again, and drops one that waited five minutes", () => {
  // given the deployed stack
  // when
  const config = only(template, "AWS::Lambda::EventInvokeConfig");

  // then
  expect(config).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
  expect(JSON.stringify(config["Qualifier"])).toContain("RotationFunctionLive");
});

it("publishes a version behind the alias live", () => {
  // given the deployed stack
  // when
  const alias = only(template, "AWS::Lambda::Alias");

  // then
  expect(alias).toMatchObject({
    Name: "live",
    FunctionVersion: { "Fn::GetAtt": [expect.stringMatching(/CurrentVersion/), "Version"] },
  });
});

it("logs JSON into its own group, kept for three months and kept with the secrets", () => {
  // given the deployed stack
  const [[id, logGroup] = ["", {}]] = Object.entries(template.findResources("AWS::Logs::LogGroup"));

  // when
  const logging = functionProperties["LoggingConfig"];

  // then
  expect(logging).toEqual({
    LogFormat: "JSON",
    ApplicationLogLevel: "INFO",
    SystemLogLevel: "INFO",
    LogGroup: { Ref: id },
  });
  expect(logGroup).toMatchObject({
    Properties: { RetentionInDays: 90 },
    DeletionPolicy: "RetainExceptOnCreate",
    UpdateReplacePolicy: "Retain",
  });
  // CloudFormation then draws a name, so that a log group that was left behind is in nobody's way.
  expect(logGroup).not.toHaveProperty("Properties.LogGroupName");
});
