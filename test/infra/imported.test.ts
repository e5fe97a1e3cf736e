import { Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { expect, it } from "vitest";
import { XtTokenRotation } from "../../lib/xt-token-rotation.ts";
import { appWithoutBundling, constructTemplate, only, statementsOf } from "./synthesis.ts";

const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:access-AbCdEf";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";

function stackWithImport() {
  const env = { account: "111122223333", region: "eu-west-1" };
  const stack = new Stack(appWithoutBundling(), "Workloads", { env });
  const encryptionKey = Key.fromKeyArn(stack, "Key", KEY);
  const rotation = XtTokenRotation.fromXtTokenRotationAttributes(stack, "Rotation", {
    functionName: "Rotation-Function-1A2B:live",
    accessTokenSecret: Secret.fromSecretAttributes(stack, "Token", { secretCompleteArn: SECRET, encryptionKey }),
  });
  const role = new Role(stack, "Workload", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  return { stack, rotation, role };
}

it("lets a workload of another app read the access token of a deployed rotation, and use its key for that alone", () => {
  // given
  const { stack, rotation, role } = stackWithImport();

  // when
  rotation.grantReadAccessToken(role).assertSuccess();

  // then
  expect(statementsOf(Template.fromStack(stack), "Workload")).toEqual([
    {
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: SECRET,
    },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: KEY,
      Condition: {
        StringEquals: {
          "kms:ViaService": { "Fn::Join": ["", ["secretsmanager.eu-west-1.", { Ref: "AWS::URLSuffix" }]] },
        },
        StringLike: { "kms:EncryptionContext:SecretARN": SECRET },
      },
    },
  ]);
});

it("lets a workload in another Region use the key through the Region of the secret", () => {
  // given
  const stack = new Stack(appWithoutBundling(), "Far", { env: { account: "111122223333", region: "ap-southeast-1" } });
  const encryptionKey = Key.fromKeyArn(stack, "Key", KEY);
  const rotation = XtTokenRotation.fromXtTokenRotationAttributes(stack, "Rotation", {
    functionName: "Rotation-Function-1A2B:live",
    accessTokenSecret: Secret.fromSecretAttributes(stack, "Token", { secretCompleteArn: SECRET, encryptionKey }),
  });
  const role = new Role(stack, "Workload", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });

  // when
  rotation.grantReadAccessToken(role).assertSuccess();

  // then
  const text = JSON.stringify(statementsOf(Template.fromStack(stack), "Workload"));
  expect(text).toContain("secretsmanager.eu-west-1.");
  expect(text).not.toContain("secretsmanager.ap-southeast-1.");
});

it("lets a backend of another app invoke the deployed function by its alias", () => {
  // given
  const { stack, rotation, role } = stackWithImport();

  // when
  rotation.grantInvoke(role).assertSuccess();

  // then
  expect(statementsOf(Template.fromStack(stack), "Workload")).toEqual([
    {
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: "arn:aws:lambda:eu-west-1:111122223333:function:Rotation-Function-1A2B:live",
    },
  ]);
});

it("knows the metrics of a deployed rotation, which are named after the function without its alias", () => {
  // given
  const { stack, rotation } = stackWithImport();

  // when
  rotation.metricSeverity().createAlarm(stack, "Worst", { threshold: 4, evaluationPeriods: 1 });

  // then
  expect(only(Template.fromStack(stack), "AWS::CloudWatch::Alarm")).toMatchObject({
    Namespace: "XtTokenRotation/Rotation-Function-1A2B",
    MetricName: "Severity",
    Statistic: "Maximum",
  });
});

it("lets a backend of the same app invoke the alias and nothing else", () => {
  // given
  const template = constructTemplate(
    () => ({}),
    (rotation, stack) => {
      const role = new Role(stack, "Backend", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
      rotation.grantInvoke(role).assertSuccess();
    },
  );

  // when
  const statements = statementsOf(template, "Backend");

  // then
  expect(statements).toEqual([
    {
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: { Ref: expect.stringMatching(/^RotationFunctionLive/) },
    },
  ]);
});
