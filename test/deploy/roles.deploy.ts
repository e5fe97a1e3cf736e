import { expect } from "vitest";
import { textIn } from "./aws-calls.ts";
import { deployment, itDeploys, itRuns } from "./played.ts";
import { told } from "./read-back.ts";

const QUEUE_ARN = "arn:aws:sqs:us-east-1:123456789012:<RotationDeadLettersD3FBCA02>";
const ESCROW =
  "arn:aws:ssm:us-east-1:123456789012:parameter/xt-token-rotation/XtTokenRotation/c868b58920a6583db0e0882a893fefcc33a9f9257d";
const ACCESS_TOKEN_SECRET = "<RotationAccessTokenSecret7536B1F5>";
const CONNECTIONS = "arn:aws:secretsmanager:us-east-1:123456789012:secret:XtTokenRotation/Rotation/";
const SCHEDULE_ROLE = "arn:aws:iam::123456789012:role/<RotationScheduleRoleB3406043>";

/** The statements of the policy whose logical id begins so. */
function statements(logicalId: string): unknown {
  return Object(told(deployment().updated, "AWS::IAM::Policy", logicalId)).PolicyDocument.Statement;
}

itDeploys("lets the function do what it needs and nothing else", () => {
  // given a deployment
  // when
  const granted = statements("RotationFunctionRole");

  // then
  expect(granted).toEqual([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:us-east-1:123456789012:log-group:<RotationFunctionLogsCC6507BB>",
    },
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: "<RotationClientSecret21B4195B>" },
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: [`${CONNECTIONS}*/pair-??????`, "<RotationTokenSecretB20C8425>"],
    },
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: [`${CONNECTIONS}*/access-token-??????`, ACCESS_TOKEN_SECRET],
    },
    {
      Effect: "Allow",
      Action: ["secretsmanager:CreateSecret", "secretsmanager:RestoreSecret", "secretsmanager:TagResource"],
      Resource: `${CONNECTIONS}*`,
    },
    { Effect: "Allow", Action: ["scheduler:ListSchedules", "secretsmanager:ListSecrets"], Resource: "*" },
    {
      Effect: "Allow",
      Action: ["scheduler:CreateSchedule", "scheduler:UpdateSchedule"],
      Resource: "arn:aws:scheduler:us-east-1:123456789012:schedule/<RotationScheduleGroup015D9232>/*",
    },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: SCHEDULE_ROLE,
      Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    },
    {
      Effect: "Allow",
      Action: ["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"],
      Resource: `${ESCROW}/*`,
    },
    { Effect: "Allow", Action: "ssm:GetParametersByPath", Resource: [ESCROW, `${ESCROW}/*`] },
    {
      Effect: "Allow",
      Action: "events:PutEvents",
      Resource: "arn:aws:events:us-east-1:123456789012:event-bus/default",
      Condition: { StringEquals: { "events:source": "xt-token-rotation" } },
    },
    { Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE_ARN },
  ]);
});

itRuns("refuses the function what is beyond its connections, and to delete any", () => {
  // given a deployment with a connection, which the function made
  // when
  const { misuse } = deployment();

  // then
  const denied = { kind: "refused", code: "403" };
  expect(misuse).toEqual({
    makeSecretElsewhere: denied,
    makeScheduleElsewhere: denied,
    passAnotherRole: denied,
    readAccessToken: denied,
    deleteSecret: denied,
    deleteSchedule: denied,
  });
});

itDeploys("lets the schedules invoke the alias and nothing else", () => {
  // given a deployment
  // when
  const granted = statements("RotationScheduleRole");

  // then
  expect(granted).toEqual([
    { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "<RotationFunctionLive68245CC9>" },
    { Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE_ARN },
  ]);
});

itDeploys("lets the schedules' role be assumed for its own group alone", () => {
  // given
  const { deployed } = deployment();

  // when
  const { Role } = Object(told(deployed, "AWS::IAM::Role", "RotationScheduleRole"));

  // then
  expect(Role.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: {
          "aws:SourceAccount": "123456789012",
          "aws:SourceArn": "arn:aws:scheduler:us-east-1:123456789012:schedule-group/<RotationScheduleGroup015D9232>",
        },
      },
    },
  ]);
});

itDeploys("grants a workload the access-token secrets that it names and nothing else", () => {
  // given a deployment with roles of workloads
  // when
  const granted = [statements("Workload"), statements("Reporting")];

  // then
  const reading = {
    Effect: "Allow",
    Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
  };
  expect(granted).toEqual([
    [{ ...reading, Resource: [`${CONNECTIONS}user-42/access-token-??????`, ACCESS_TOKEN_SECRET] }],
    [{ ...reading, Resource: [`${CONNECTIONS}*/access-token-??????`, ACCESS_TOKEN_SECRET] }],
  ]);
});

itDeploys("grants the page that connects users the rotation's alias and nothing else", () => {
  // given a deployment of the example
  // when
  const granted = statements("CallbackServiceRole");

  // then
  expect(granted).toEqual([
    { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "<RotationFunctionLive68245CC9>" },
  ]);
});

itRuns("lets a workload read the token of its user and of no other, and lets no workload read a pair", () => {
  // given
  const { furtherAccess, connecting } = deployment();

  // when
  const { oneReadsIts, allReadsIts, allReadsAnother, ...others } = Object(furtherAccess);

  // then
  expect(JSON.parse(textIn(oneReadsIts, "output", "SecretString"))).toEqual(connecting?.held.accessToken);
  expect([allReadsIts.kind, allReadsAnother.kind]).toEqual(["answered", "answered"]);
  expect(others).toEqual({
    oneReadsAnother: { kind: "refused", code: "403" },
    oneReadsItsPair: { kind: "refused", code: "403" },
    allReadsAPair: { kind: "refused", code: "403" },
  });
});

itDeploys(
  "lets a workload read the access token, and refuses it the pair, the client credentials and every write",
  () => {
    // given
    const { access, afterUpdate } = deployment();

    // when
    const { readAccessToken, describeAccessToken, ...others } = access;

    // then
    expect(JSON.parse(textIn(readAccessToken, "output", "SecretString"))).toHaveProperty("access_token");
    expect(readAccessToken).toMatchObject({ output: { VersionId: afterUpdate.accessToken.versionId } });
    expect(describeAccessToken.kind).toBe("answered");
    expect(others).toMatchObject({
      writeAccessToken: { kind: "refused", code: "403" },
      readTokenPair: { kind: "refused", code: "403" },
      describeTokenPair: { kind: "refused", code: "403" },
      writeTokenPair: { kind: "refused", code: "403" },
      readClientSecret: { kind: "refused", code: "403" },
    });
  },
);

itDeploys("tells the target of a rule of each new access token of its connection, and of nothing else", () => {
  // given a deployment to which events of several kinds were sent
  // when
  const { announced } = deployment();

  // then
  expect(announced.newToken).toEqual([{ schema: 1, connection: "default", versionId: "version-1", expiresAt: null }]);
});

itDeploys("tells the target of a rule of each user who must connect again, and of nothing else", () => {
  // given a deployment to which events of several kinds were sent
  // when
  const { announced } = deployment();

  // then
  const verdict = { severity: 4, code: "grant-lost", message: "…" };
  expect(announced.personNeeded).toEqual([{ schema: 1, connection: "user-42", verdict }]);
});
