import { Duration } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { expect, it } from "vitest";
import { constructTemplate, only, stackTemplate, tickOf } from "./synthesis.ts";

const template = stackTemplate();
const schedule = tickOf(template);
const census = only(template, "AWS::Scheduler::Schedule", "RotationScheduleCensus");

it("ticks every 15 minutes on the minute unless told otherwise", () => {
  // given
  const slower = constructTemplate(() => ({ schedule: ScheduleExpression.rate(Duration.hours(1)) }));

  // when
  const expressions = [schedule, tickOf(slower)].map((tick) => tick["ScheduleExpression"]);

  // then
  expect(expressions).toEqual(["rate(15 minutes)", "rate(1 hour)"]);
  expect(schedule).toMatchObject({ FlexibleTimeWindow: { Mode: "OFF" }, State: "ENABLED" });
});

it("invokes the alias with an empty event and gives up after two retries within five minutes", () => {
  // given the deployed stack
  // when
  const target = schedule["Target"];

  // then
  expect(target).toMatchObject({
    Arn: { Ref: expect.stringMatching(/^RotationFunctionLive/) },
    Input: "{}",
    RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
    DeadLetterConfig: { Arn: { "Fn::GetAtt": [expect.stringMatching(/^RotationDeadLetters/), "Arn"] } },
  });
});

it("takes a census on the hour, whatever the ticks' schedule, as the tick is invoked", () => {
  // given
  const slower = constructTemplate(() => ({ schedule: ScheduleExpression.rate(Duration.hours(4)) }));

  // when
  const counts = [census, only(slower, "AWS::Scheduler::Schedule", "RotationScheduleCensus")];

  // then
  expect(counts.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual(["rate(1 hour)", "rate(1 hour)"]);
  expect(census).toMatchObject({
    GroupName: "XtTokenRotation-Schedule-Group-F55E3AEA",
    FlexibleTimeWindow: { Mode: "OFF" },
    State: "ENABLED",
    Target: {
      Arn: { Ref: expect.stringMatching(/^RotationFunctionLive/) },
      Input: '{"census":true}',
      RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
      DeadLetterConfig: { Arn: { "Fn::GetAtt": [expect.stringMatching(/^RotationDeadLetters/), "Arn"] } },
    },
  });
});

it("invokes by one role, which only the schedules of its own group can take on", () => {
  // given
  const role = { "Fn::GetAtt": [expect.stringMatching(/^RotationScheduleRole/), "Arn"] };

  // when
  const { AssumeRolePolicyDocument } = only(template, "AWS::IAM::Role", "RotationScheduleRole");

  // then
  expect([schedule, census]).toMatchObject([{ Target: { RoleArn: role } }, { Target: { RoleArn: role } }]);
  expect(AssumeRolePolicyDocument).toMatchObject({
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: {
            "aws:SourceAccount": { Ref: "AWS::AccountId" },
            "aws:SourceArn": { "Fn::GetAtt": [expect.stringMatching(/^RotationScheduleGroup/), "Arn"] },
          },
        },
      },
    ],
  });
});

it("stands in a group of its own, which goes with the stack", () => {
  // given
  const [group] = Object.values(template.findResources("AWS::Scheduler::ScheduleGroup"));

  // when
  const groupName = schedule["GroupName"];

  // then
  expect(groupName).toBe("XtTokenRotation-Schedule-Group-F55E3AEA");
  expect(group).toMatchObject({
    Properties: { Name: "XtTokenRotation-Schedule-Group-F55E3AEA" },
    DeletionPolicy: "Delete",
    UpdateReplacePolicy: "Delete",
  });
});

it("gives the group another name in another stack, so that both can stand in one account", () => {
  // given
  const other = stackTemplate({ stackName: "second-connection" });

  // when
  const names = [template, other].map((each) => only(each, "AWS::Scheduler::ScheduleGroup")["Name"]);

  // then
  expect(new Set(names).size).toBe(2);
});

it("keeps failed ticks of the schedule and of the function for 14 days in one encrypted queue", () => {
  // given
  const queue = only(template, "AWS::SQS::Queue");

  // when
  const deadLetters = only(template, "AWS::Lambda::Function")["DeadLetterConfig"];

  // then
  expect(queue).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  expect(deadLetters).toEqual({ TargetArn: { "Fn::GetAtt": [expect.stringMatching(/^RotationDeadLetters/), "Arn"] } });
});

it("denies the queue to everybody who does not use TLS", () => {
  // given the deployed stack
  // when
  const policy = only(template, "AWS::SQS::QueuePolicy");

  // then
  expect(policy).toMatchObject({
    PolicyDocument: {
      Statement: [
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: "sqs:*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    },
  });
});
