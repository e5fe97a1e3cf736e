import { Topic } from "aws-cdk-lib/aws-sns";
import { expect, it } from "vitest";
import { RotationMonitoring } from "../../lib/rotation-monitoring.ts";
import { constructTemplate, only, stackTemplate } from "./synthesis.ts";

const TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:pager";
const deployed = stackTemplate();

it("lets the account's own alarms publish, over TLS alone", () => {
  // given the deployed stack
  // when
  const policy = only(deployed, "AWS::SNS::TopicPolicy");

  // then
  expect(policy).toMatchObject({
    PolicyDocument: {
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: { Ref: expect.stringMatching(/^MonitoringTopic/) },
          Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
        },
      ],
    },
  });
});

it("encrypts the topic with no key, which CloudWatch could not use", () => {
  // given the deployed stack
  // when
  const topic = only(deployed, "AWS::SNS::Topic");

  // then
  expect(topic).not.toHaveProperty("KmsMasterKeyId");
});

it("subscribes nobody unless an address is given", () => {
  // given the deployed stack
  // when
  const subscriptions = deployed.findResources("AWS::SNS::Subscription");

  // then
  expect(subscriptions).toEqual({});
});

it("subscribes the given address to its topic", () => {
  // given
  const template = stackTemplate({ alarmEmail: "on-call@example.com" });

  // when
  const subscription = only(template, "AWS::SNS::Subscription");

  // then
  expect(subscription).toMatchObject({
    Protocol: "email",
    Endpoint: "on-call@example.com",
    TopicArn: { Ref: expect.stringMatching(/^MonitoringTopic/) },
  });
});

it("makes no topic and no policy where one is given, and tells that one", () => {
  // given
  const template = stackTemplate({ alarmTopicArn: TOPIC_ARN });

  // when
  const made = ["AWS::SNS::Topic", "AWS::SNS::TopicPolicy"].map((type) => template.findResources(type));
  const alarms = Object.values(template.findResources("AWS::CloudWatch::CompositeAlarm"));

  // then
  expect(made).toEqual([{}, {}]);
  expect(alarms.map((alarm) => alarm["Properties"]["AlarmActions"])).toEqual([[TOPIC_ARN], [TOPIC_ARN], [TOPIC_ARN]]);
});

it("refuses an address beside a topic, whose subscriptions are its owner's", () => {
  // given
  const monitor = () =>
    constructTemplate(
      () => ({}),
      (rotation, stack) => {
        const alarmTopic = Topic.fromTopicArn(stack, "Pager", TOPIC_ARN);
        new RotationMonitoring(stack, "Monitoring", { rotation, alarmTopic, alarmEmail: "on-call@example.com" });
      },
    );

  // when
  const act = () => monitor();

  // then
  expect(act).toThrow("alarmEmail: found an alarmTopic beside it, expected one of the two");
});

it("names the alarms of two connections in one stack apart", () => {
  // given
  const template = constructTemplate(
    () => ({}),
    (rotation, stack) => {
      new RotationMonitoring(stack, "First", { rotation });
      new RotationMonitoring(stack, "Second", { rotation });
    },
  );

  // when
  const names = Object.values(template.findResources("AWS::CloudWatch::CompositeAlarm")).map(
    (alarm) => alarm["Properties"]["AlarmName"],
  );

  // then
  expect(names).toEqual([
    "Test-First-ReauthorizationNeeded",
    "Test-First-NoHeartbeat",
    "Test-First-TicksDropped",
    "Test-Second-ReauthorizationNeeded",
    "Test-Second-NoHeartbeat",
    "Test-Second-TicksDropped",
  ]);
});
