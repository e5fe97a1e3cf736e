import { ContainerImage, FargateTaskDefinition } from "aws-cdk-lib/aws-ecs";
import { CloudWatchLogGroup } from "aws-cdk-lib/aws-events-targets";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { expect, it } from "vitest";
import { addDesk } from "../../examples/reading/ecs.ts";
import { onNewToken } from "../../examples/reading/on-new-token.ts";
import { EVENT_SOURCE, EVENT_TYPE } from "../../lambda/contract.ts";
import { constructTemplate, only, statementsOf } from "./synthesis.ts";

const ACCESS_TOKEN_SECRET = { Ref: expect.stringMatching(/^RotationAccessTokenSecret/) };

it("hands an ECS task the field access_token, and lets its execution role read that secret alone", () => {
  // given
  const image = ContainerImage.fromRegistry("desk");

  // when
  const template = constructTemplate(
    () => ({}),
    (rotation, stack) => {
      addDesk(new FargateTaskDefinition(stack, "Task"), image, rotation);
    },
  );

  // then
  const [container] = Object(only(template, "AWS::ECS::TaskDefinition"))["ContainerDefinitions"];
  expect(container.Secrets).toEqual([
    { Name: "XT_ACCESS_TOKEN", ValueFrom: { "Fn::Join": ["", [ACCESS_TOKEN_SECRET, ":access_token::"]] } },
  ]);
  expect(statementsOf(template, "TaskExecutionRole")).toEqual([
    {
      Effect: "Allow",
      Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      Resource: ACCESS_TOKEN_SECRET,
    },
  ]);
});

it("tells a target of each new access token that the function announces", () => {
  // given
  const template = constructTemplate(
    () => ({}),
    (_, stack) => {
      onNewToken(stack, new CloudWatchLogGroup(new LogGroup(stack, "Seen")));
    },
  );

  // when
  const rule = only(template, "AWS::Events::Rule");

  // then
  expect(rule).toMatchObject({
    State: "ENABLED",
    EventPattern: {
      source: [EVENT_SOURCE],
      "detail-type": [EVENT_TYPE.published],
      detail: { schema: [1], connection: ["default"] },
    },
    Targets: [{ Id: "Target0", Arn: expect.anything() }],
  });
  expect(rule).not.toHaveProperty("EventBusName");
});
