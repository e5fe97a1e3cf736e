import { Duration } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Topic } from "aws-cdk-lib/aws-sns";
import { expect, it } from "vitest";
import { RotationMonitoring } from "../../lib/rotation-monitoring.ts";
import { alarmsOf, flatten, monitoringTemplate } from "./monitoring.ts";
import { constructTemplate, only } from "./synthesis.ts";

const TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:pager";

const template = monitoringTemplate();
const alarms = alarmsOf(template);

/** `2 of 3 x 15 min` */
function windowOf(alarm: Readonly<Record<string, unknown>> = {}): string {
  const { DatapointsToAlarm, EvaluationPeriods, Period } = alarm;
  return `${DatapointsToAlarm} of ${EvaluationPeriods} x ${Number(Period) / 60} min`;
}

it("has six alarms, and no composite one", () => {
  expect(Object.keys(alarms)).toEqual([
    "AccessTokenExpiring",
    "PersonNeeded",
    "TicksNotSucceeding",
    "ConnectionUnattended",
    "PairOutOfPlace",
    "RefreshTokenExpiring",
  ]);
  expect(template.findResources("AWS::CloudWatch::CompositeAlarm")).toEqual({});
});

it.each([
  ["AccessTokenExpiring", "Minimum AccessTokenLifeLeft LessThanThreshold 15", "ignore", "1 of 1 x 15 min"],
  ["PersonNeeded", "Maximum Severity GreaterThanOrEqualToThreshold 4", "notBreaching", "1 of 2 x 15 min"],
  ["TicksNotSucceeding", "Minimum Severity GreaterThanOrEqualToThreshold 3", "breaching", "4 of 4 x 15 min"],
  [
    "ConnectionUnattended",
    "Maximum ConnectionsUnattended GreaterThanOrEqualToThreshold 1",
    "breaching",
    "1 of 1 x 60 min",
  ],
  ["PairOutOfPlace", "Maximum SecondsOutOfPlace GreaterThanOrEqualToThreshold 3600", "notBreaching", "1 of 2 x 15 min"],
  ["RefreshTokenExpiring", "Minimum SecondsToRefreshExpiry LessThanThreshold 604800", "ignore", "1 of 1 x 15 min"],
])("rings %s at %s, takes silence as %s, and looks at %s", (id, condition, missing, window) => {
  // given the deployed alarms
  // when
  const { Statistic, MetricName, ComparisonOperator, Threshold, TreatMissingData } = alarms[id] ?? {};

  // then
  expect(`${Statistic} ${MetricName} ${ComparisonOperator} ${Threshold}`).toBe(condition);
  expect(TreatMissingData).toBe(missing);
  expect(windowOf(alarms[id])).toBe(window);
});

it("reads one metric without a dimension in each alarm, from the function's own namespace", () => {
  // given the deployed alarms
  // when
  const sources = Object.values(alarms).map(({ Namespace, Dimensions, Metrics }) => [
    flatten(Namespace),
    Dimensions,
    Metrics,
  ]);

  // then
  expect(sources).toHaveLength(6);
  for (const source of sources)
    expect(source).toEqual([
      expect.stringMatching(/^XtTokenRotation\/<RotationFunction[0-9A-F]{8}>$/),
      undefined,
      undefined,
    ]);
});

it.each([
  ["rate(5 minutes)", "12 of 12 x 5 min", "1 of 2 x 5 min"],
  ["rate(15 minutes)", "4 of 4 x 15 min", "1 of 2 x 15 min"],
  ["rate(50 minutes)", "2 of 2 x 50 min", "1 of 2 x 50 min"],
  ["rate(4 hours)", "2 of 2 x 240 min", "1 of 2 x 240 min"],
])("waits with %s for an hour, and for two ticks at least", (schedule, silence, person) => {
  // given
  const scheduled = alarmsOf(monitoringTemplate({}, ScheduleExpression.expression(schedule)));

  // when
  const windows = [windowOf(scheduled["TicksNotSucceeding"]), windowOf(scheduled["PersonNeeded"])];

  // then
  expect(windows).toEqual([silence, person]);
});

it("takes the interval that it is given over the schedule's own", () => {
  // given
  const uneven = alarmsOf(monitoringTemplate({ interval: Duration.minutes(90) }));

  // when
  const window = windowOf(uneven["TicksNotSucceeding"]);

  // then
  expect(window).toBe("2 of 2 x 90 min");
});

it.each([
  [Duration.minutes(15), 60],
  [Duration.hours(4), 480],
  [Duration.hours(30), 2_880],
])(
  "does not ring in a new stack before the first tick and the first census: with ticks every %s it warms up for %i minutes",
  (interval, minutes) => {
    // given
    const all = alarmsOf(monitoringTemplate({ interval }));

    // when
    const warmUps = Object.entries(all).flatMap(([id, { WarmUpConfiguration: warmUp }]) =>
      warmUp ? [[id, warmUp]] : [],
    );

    // then
    expect(warmUps).toEqual([
      ["TicksNotSucceeding", { WarmUpPeriodDurationInMinutes: minutes }],
      ["ConnectionUnattended", { WarmUpPeriodDurationInMinutes: 120 }],
    ]);
  },
);

it("counts the connections by the hourly census, whatever the ticks' schedule", () => {
  // given
  const rare = alarmsOf(monitoringTemplate({ interval: Duration.hours(4) }));

  // when
  const window = windowOf(rare["ConnectionUnattended"]);

  // then
  expect(window).toBe("1 of 1 x 60 min");
});

it("rings RefreshTokenExpiring as long before as one sets", () => {
  // given
  const patient = alarmsOf(monitoringTemplate({ refreshTokenExpiry: Duration.days(30) }));

  // when
  const threshold = patient["RefreshTokenExpiring"]?.["Threshold"];

  // then
  expect(threshold).toBe(2_592_000);
});

it("tells the topic of the beginning and of the end of each alarm", () => {
  // given
  const topic = [{ Ref: expect.stringMatching(/^MonitoringTopic/) }];

  // when
  const actions = Object.values(alarms).map(({ AlarmActions, OKActions }) => [AlarmActions, OKActions]);

  // then
  expect(actions).toEqual([0, 1, 2, 3, 4, 5].map(() => [topic, topic]));
});

it("names the alarms of two connections in one stack apart", () => {
  // given
  const two = constructTemplate(
    () => ({}),
    (rotation, stack) => {
      for (const id of ["First", "Second"]) new RotationMonitoring(stack, id, { rotation, dashboard: false });
    },
  );

  // when
  const names = Object.values(two.findResources("AWS::CloudWatch::Alarm")).map(
    ({ Properties }) => Properties["AlarmName"],
  );

  // then
  expect(names).toContain("Test-First-PersonNeeded");
  expect(names).toContain("Test-Second-PersonNeeded");
});

it("makes neither alarms nor a topic where alarms are off", () => {
  // given
  const quiet = monitoringTemplate({ alarms: false });

  // when
  const made = ["Alarm", "Dashboard"].map(
    (type) => Object.keys(quiet.findResources(`AWS::CloudWatch::${type}`)).length,
  );

  // then
  expect(made).toEqual([0, 1]);
  expect(quiet.findResources("AWS::SNS::Topic")).toEqual({});
});

it("lets the account's own alarms publish, over TLS alone, and encrypts with no key that is closed to them", () => {
  // given the deployed topic
  // when
  const { PolicyDocument } = only(template, "AWS::SNS::TopicPolicy");

  // then
  expect(PolicyDocument).toMatchObject({
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
  });
  expect(only(template, "AWS::SNS::Topic")).not.toHaveProperty("KmsMasterKeyId");
});

it("subscribes the given address, and nobody where none is given", () => {
  // given
  const told = monitoringTemplate({ alarmEmail: "on-call@example.com" });

  // when
  const subscription = only(told, "AWS::SNS::Subscription");

  // then
  expect(subscription).toMatchObject({
    Protocol: "email",
    Endpoint: "on-call@example.com",
    TopicArn: { Ref: expect.stringMatching(/^MonitoringTopic/) },
  });
  expect(template.findResources("AWS::SNS::Subscription")).toEqual({});
});

/** Monitoring that reports to a topic from elsewhere. */
function paging(props: { readonly alarmEmail?: string; readonly alarms?: boolean }) {
  return constructTemplate(
    () => ({}),
    (rotation, stack) => {
      const alarmTopic = Topic.fromTopicArn(stack, "Pager", TOPIC_ARN);
      new RotationMonitoring(stack, "Monitoring", { rotation, alarmTopic, ...props });
    },
  );
}

it("makes no topic and no policy where one is given, and tells that one", () => {
  // given
  const paged = paging({});

  // when
  const made = ["AWS::SNS::Topic", "AWS::SNS::TopicPolicy"].map((type) => paged.findResources(type));
  const told = Object.values(alarmsOf(paged)).map(({ AlarmActions }) => AlarmActions);

  // then
  expect(made).toEqual([{}, {}]);
  expect(told).toEqual([[TOPIC_ARN], [TOPIC_ARN], [TOPIC_ARN], [TOPIC_ARN], [TOPIC_ARN], [TOPIC_ARN]]);
});

it.each([
  [{ alarmEmail: "on-call@example.com" }, "alarmEmail: found an alarmTopic beside it, expected one of the two"],
  [{ alarms: false }, "alarms: found false and somebody to tell, expected true, or no alarmTopic and no alarmEmail"],
])("refuses %j beside a topic", (props, message) => {
  // given the contradiction
  // when
  const act = () => paging(props);

  // then
  expect(act).toThrow(message);
});

it("finds the worst value of a period by default, under each metric's own method", () => {
  // given
  const found: string[] = [];

  // when
  constructTemplate(
    () => ({}),
    (rotation) => {
      const metrics = [
        rotation.metricSeverity(),
        rotation.metricAccessTokenLifeLeft(),
        rotation.metricSecondsToRefreshExpiry(),
        rotation.metricSecondsOutOfPlace(),
        rotation.metricConnections(),
        rotation.metricConnectionsUnattended(),
      ];
      found.push(...metrics.map(({ metricName, statistic }) => `${metricName} ${statistic}`));
    },
  );

  // then
  expect(found).toEqual([
    "Severity Maximum",
    "AccessTokenLifeLeft Minimum",
    "SecondsToRefreshExpiry Minimum",
    "SecondsOutOfPlace Maximum",
    "Connections Maximum",
    "ConnectionsUnattended Maximum",
  ]);
});
