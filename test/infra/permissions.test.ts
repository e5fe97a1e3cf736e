import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { expect, it } from "vitest";
import { constructTemplate, stackTemplate, statementsOf } from "./synthesis.ts";

const KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";
const TOKEN_SECRET = { Ref: "RotationTokenSecretB20C8425" };
const CLIENT_SECRET = { Ref: "RotationClientSecret21B4195B" };
const ACCESS_TOKEN_SECRET = { Ref: "RotationAccessTokenSecret7536B1F5" };
const THROUGH_SECRETS_MANAGER = {
  "kms:ViaService": { "Fn::Join": ["", ["secretsmanager.", { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }]] },
};

/** `c868…` is the address of the construct `Rotation` in the stack `XtTokenRotation`: changing either orphans an escrowed pair. */
const ESCROW = "parameter/xt-token-rotation/XtTokenRotation/c868b58920a6583db0e0882a893fefcc33a9f9257d";
const ESCROW_PATH = inAccount("ssm", ESCROW);
const ESCROW_PARAMETERS = inAccount("ssm", `${ESCROW}/*`);

/** `XtTokenRotation/Rotation/` begins the names of further connections' secrets: changing it orphans them. */
const FURTHER_PAIRS = inAccount("secretsmanager", "secret:XtTokenRotation/Rotation/*/pair-??????");
const FURTHER_ACCESS_TOKENS = inAccount("secretsmanager", "secret:XtTokenRotation/Rotation/*/access-token-??????");
const FURTHER_SECRETS = inAccount("secretsmanager", "secret:XtTokenRotation/Rotation/*");
const SCHEDULES = inAccount("scheduler", "schedule/XtTokenRotation-Schedule-Group-F55E3AEA/*");

function inAccount(service: string, resource: string) {
  const region = [{ Ref: "AWS::Region" }, ":", { Ref: "AWS::AccountId" }];
  return { "Fn::Join": ["", ["arn:", { Ref: "AWS::Partition" }, `:${service}:`, ...region, `:${resource}`]] };
}

const template = stackTemplate();

it("allows the function exactly these actions on exactly these resources", () => {
  // given the deployed stack
  // when
  const statements = statementsOf(template, "RotationFunctionRole");

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: { "Fn::GetAtt": [expect.stringMatching(/^RotationFunctionLogs/), "Arn"] },
    },
    { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: CLIENT_SECRET },
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: [FURTHER_PAIRS, TOKEN_SECRET],
    },
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: [FURTHER_ACCESS_TOKENS, ACCESS_TOKEN_SECRET],
    },
    {
      Effect: "Allow",
      Action: ["secretsmanager:CreateSecret", "secretsmanager:RestoreSecret", "secretsmanager:TagResource"],
      Resource: FURTHER_SECRETS,
    },
    // Neither takes a resource.
    { Effect: "Allow", Action: ["scheduler:ListSchedules", "secretsmanager:ListSecrets"], Resource: "*" },
    { Effect: "Allow", Action: ["scheduler:CreateSchedule", "scheduler:UpdateSchedule"], Resource: SCHEDULES },
    {
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: { "Fn::GetAtt": [expect.stringMatching(/^RotationScheduleRole/), "Arn"] },
      Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
    },
    {
      Effect: "Allow",
      Action: ["ssm:DeleteParameter", "ssm:GetParameter", "ssm:PutParameter"],
      Resource: ESCROW_PARAMETERS,
    },
    // IAM asks for the path itself, without its closing slash.
    { Effect: "Allow", Action: "ssm:GetParametersByPath", Resource: [ESCROW_PATH, ESCROW_PARAMETERS] },
    {
      Effect: "Allow",
      Action: "events:PutEvents",
      Resource: inAccount("events", "event-bus/default"),
      Condition: { StringEquals: { "events:source": "xt-token-rotation" } },
    },
    {
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: { "Fn::GetAtt": [expect.stringMatching(/^RotationDeadLetters/), "Arn"] },
    },
  ]);
});

it("lets the scheduler invoke the alias and write dead letters, and nothing else", () => {
  // given the deployed stack
  // when
  const statements = statementsOf(template, "RotationScheduleRole");

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: { Ref: expect.stringMatching(/^RotationFunctionLive/) },
    },
    {
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: { "Fn::GetAtt": [expect.stringMatching(/^RotationDeadLetters/), "Arn"] },
    },
  ]);
});

it("deletes no secret and no schedule, which is for a person to do", () => {
  // given
  const statements = statementsOf(template, "");

  // when
  const actions = statements.flatMap(({ Action }) => Action);

  // then
  expect(actions.filter((action) => /Delete/.test(String(action)))).toEqual(["ssm:DeleteParameter"]);
});

it("attaches no managed policy and puts no wildcard into what is allowed, but for names that the function chooses", () => {
  // given
  const roles = Object.values(template.findResources("AWS::IAM::Role"));
  const statements = statementsOf(template, "");

  // when
  const managed = roles.filter((role) => "ManagedPolicyArns" in role["Properties"]);
  const wild = statements.filter(({ Action, Resource }) => JSON.stringify([Action, Resource]).includes("*"));

  // then
  expect(roles).toHaveLength(2);
  expect(statements).toHaveLength(14);
  expect(managed).toEqual([]);
  expect(statements.filter(({ Action }) => JSON.stringify(Action).includes("*"))).toEqual([]);
  expect(wild.map(({ Resource }) => Resource)).toEqual([
    [FURTHER_PAIRS, TOKEN_SECRET],
    [FURTHER_ACCESS_TOKENS, ACCESS_TOKEN_SECRET],
    FURTHER_SECRETS,
    "*",
    SCHEDULES,
    ESCROW_PARAMETERS,
    [ESCROW_PATH, ESCROW_PARAMETERS],
  ]);
});

it("uses a given key only for the connections' secrets and the escrow, each through its own service", () => {
  // given
  const encrypted = stackTemplate({ encryptionKeyArn: KEY_ARN });

  // when
  const onKey = statementsOf(encrypted, "").filter(({ Resource }) => Resource === KEY_ARN);

  // then
  const forSecret = (secret: unknown) => ({
    StringEquals: THROUGH_SECRETS_MANAGER,
    StringLike: { "kms:EncryptionContext:SecretARN": secret },
  });
  const readAndWrite = ["kms:Decrypt", "kms:GenerateDataKey"];
  expect(onKey).toEqual([
    { Effect: "Allow", Action: "kms:Decrypt", Resource: KEY_ARN, Condition: forSecret(CLIENT_SECRET) },
    { Effect: "Allow", Action: readAndWrite, Resource: KEY_ARN, Condition: forSecret(TOKEN_SECRET) },
    { Effect: "Allow", Action: readAndWrite, Resource: KEY_ARN, Condition: forSecret(FURTHER_PAIRS) },
    { Effect: "Allow", Action: readAndWrite, Resource: KEY_ARN, Condition: forSecret(ACCESS_TOKEN_SECRET) },
    { Effect: "Allow", Action: readAndWrite, Resource: KEY_ARN, Condition: forSecret(FURTHER_ACCESS_TOKENS) },
    {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: KEY_ARN,
      Condition: {
        StringEquals: {
          "kms:ViaService": { "Fn::Join": ["", ["ssm.", { Ref: "AWS::Region" }, ".", { Ref: "AWS::URLSuffix" }]] },
        },
        StringLike: { "kms:EncryptionContext:PARAMETER_ARN": ESCROW_PARAMETERS },
      },
    },
  ]);
});

it("announces on a given bus, by its ARN, and on no other", () => {
  // given
  const eventBusArn = "arn:aws:events:eu-west-1:444455556666:event-bus/trading";

  // when
  const announcing = stackTemplate({ eventBusArn });

  // then
  const onBus = statementsOf(announcing, "RotationFunctionRole").filter(({ Action }) => Action === "events:PutEvents");
  expect(onBus.map(({ Resource }) => Resource)).toEqual([eventBusArn]);
  announcing.hasResourceProperties("AWS::Lambda::Function", {
    Environment: { Variables: { EVENT_BUS_NAME: eventBusArn } },
  });
});

it("reaches a secret imported by its partial ARN, whose last six characters are unknown", () => {
  // given
  const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shared/xt";
  const imported = constructTemplate((stack) => ({ clientSecret: Secret.fromSecretPartialArn(stack, "Client", arn) }));

  // when
  const onSecret = statementsOf(imported, "RotationFunctionRole").filter(
    ({ Action }) => Action === "secretsmanager:GetSecretValue",
  );

  // then
  expect(onSecret).toEqual([
    {
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shared/xt-??????",
    },
  ]);
});
