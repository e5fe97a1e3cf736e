import { CfnParameter, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { ManagedPolicy, PermissionsBoundary } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import { expect, it } from "vitest";
import { RotationMonitoring } from "../../lib/rotation-monitoring.ts";
import { XtTokenRotation } from "../../lib/xt-token-rotation.ts";
import { appWithoutBundling, only, statementsOf } from "./synthesis.ts";

const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";

/** What each of two connections has, by a property of which no two resources may have the same. */
function valuesOf(template: Template, type: string, property: string): readonly string[] {
  return Object.values(template.findResources(type)).map(({ Properties }) => JSON.stringify(Properties[property]));
}

it("has several connections in one stack, which share nothing but what they are given", () => {
  // given
  const stack = new Stack(appWithoutBundling(), "Test");
  const alarmTopic = new Topic(stack, "Pager");
  const clientSecret = new Secret(stack, "Client");
  for (const desk of ["DeskA", "DeskB"]) {
    const rotation = new XtTokenRotation(stack, desk, { clientSecret });
    new RotationMonitoring(stack, `${desk}Monitoring`, { rotation, alarmTopic });
  }
  const template = Template.fromStack(stack);

  // when
  const environments = valuesOf(template, "AWS::Lambda::Function", "Environment");
  const names = [
    ...valuesOf(template, "AWS::CloudWatch::Alarm", "AlarmName"),
    ...valuesOf(template, "AWS::CloudWatch::Dashboard", "DashboardName"),
    ...valuesOf(template, "AWS::Scheduler::ScheduleGroup", "Name"),
  ];
  const prefixes = environments.map((environment) => JSON.parse(environment).Variables.ESCROW_PARAMETER_PREFIX);
  const connectionPrefixes = environments.map((environment) => JSON.parse(environment).Variables.CONNECTION_PREFIX);
  const groups = new Set(valuesOf(template, "AWS::Scheduler::Schedule", "GroupName"));
  const targets = valuesOf(template, "AWS::Scheduler::Schedule", "Target");

  // then
  expect(environments).toHaveLength(2);
  expect(connectionPrefixes).toEqual(["Test/DeskA/", "Test/DeskB/"]);
  expect(groups.size).toBe(2);
  for (const values of [environments, names, prefixes, targets]) {
    expect(new Set(values).size).toBe(values.length);
  }
});

it("puts every role under the permissions boundary of the stack around it", () => {
  // given
  const stack = new Stack(appWithoutBundling(), "Test");
  new XtTokenRotation(stack, "Rotation");

  // when
  PermissionsBoundary.of(stack).apply(ManagedPolicy.fromManagedPolicyArn(stack, "Boundary", BOUNDARY));
  const boundaries = valuesOf(Template.fromStack(stack), "AWS::IAM::Role", "PermissionsBoundary");

  // then
  expect(boundaries).toEqual([JSON.stringify(BOUNDARY), JSON.stringify(BOUNDARY)]);
});

it("takes secrets and a key whose ARNs are known at deployment only", () => {
  // given
  const stack = new Stack(appWithoutBundling(), "Test");
  const arn = (id: string) => new CfnParameter(stack, id).valueAsString;
  const encryptionKey = Key.fromKeyArn(stack, "Key", arn("KeyArn"));
  const existing = (id: string) =>
    Secret.fromSecretAttributes(stack, id, { secretCompleteArn: arn(`${id}Arn`), encryptionKey });

  // when
  new XtTokenRotation(stack, "Rotation", {
    tokenSecret: existing("Token"),
    clientSecret: existing("Client"),
    encryptionKey,
  });
  const template = Template.fromStack(stack);

  // then
  const { Variables: variables } = Object(only(template, "AWS::Lambda::Function")["Environment"]);
  expect(variables).toMatchObject({
    TOKEN_SECRET_ID: { Ref: "TokenArn" },
    CLIENT_SECRET_ID: { Ref: "ClientArn" },
    ESCROW_KEY_ID: { Ref: "KeyArn" },
  });
  expect(statementsOf(template, "RotationFunctionRole")).toEqual(
    expect.arrayContaining([expect.objectContaining({ Resource: expect.arrayContaining([{ Ref: "TokenArn" }]) })]),
  );
});
