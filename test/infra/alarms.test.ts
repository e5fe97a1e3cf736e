import { Duration } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { expect, it } from "vitest";
import { ALARM_IDS } from "../../lib/alarm-catalogue.ts";
import { alarmsOf, compositeAlarmsOf } from "./alarms.ts";
import { stackTemplate } from "./synthesis.ts";

const template = stackTemplate();
const alarms = alarmsOf(template);
const composites = compositeAlarmsOf(template);

const CONNECTION = { connection: { Ref: "RotationTokenSecretB20C8425" } };
const GROUP = { ScheduleGroup: "XtTokenRotation-Schedule-Group-F55E3AEA" };
const FUNCTION = { Ref: expect.stringMatching(/^RotationFunction/) };
const ALIAS = { FunctionName: FUNCTION, Resource: { "Fn::Join": ["", [FUNCTION, ":live"]] } };
const QUEUE = { QueueName: { "Fn::GetAtt": [expect.stringMatching(/^RotationDeadLetters/), "QueueName"] } };

it("watches everything of the catalogue under its id", () => {
  // given the deployed stack
  // when
  const watched = ALARM_IDS.filter((id) => id in alarms || id in composites);

  // then
  expect(watched).toEqual([
    "ReauthorizationNeeded",
    "AccessTokenExpiring",
    "RefreshTokenExpiring",
    "NoHeartbeat",
    "Halted",
    "OutcomeUnknown",
    "EscrowInUse",
    "TicksDropped",
    "FunctionErrors",
    "DeadLetters",
    "NotSeeded",
  ]);
});

it.each([
  ["Halted", "XtTokenRotation Halts Sum", CONNECTION],
  ["ReauthorizationNeeded-RotationRejected", "XtTokenRotation RotationRejected Sum", CONNECTION],
  ["ReauthorizationNeeded-PairNotStored", "XtTokenRotation PairNotStored Sum", CONNECTION],
  ["ReauthorizationNeeded-RefreshTokenUnreadable", "XtTokenRotation RefreshTokenUnreadable Sum", CONNECTION],
  ["OutcomeUnknown", "XtTokenRotation ExchangeOutcomeUnknown Sum", CONNECTION],
  ["EscrowInUse", "XtTokenRotation EscrowedPairs Sum", CONNECTION],
  ["NotSeeded", "XtTokenRotation NotSeeded Sum", CONNECTION],
  ["TicksDropped-InvocationDroppedCount", "AWS/Scheduler InvocationDroppedCount Sum", GROUP],
  ["TicksDropped-InvocationsSentToDeadLetterCount", "AWS/Scheduler InvocationsSentToDeadLetterCount Sum", GROUP],
  ["TicksDropped-AsyncEventsDropped", "AWS/Lambda AsyncEventsDropped Sum", ALIAS],
  ["FunctionErrors", "AWS/Lambda Errors Sum", ALIAS],
])("rings %s from the first count on, and takes silence for good news", (id, metric, dimensions) => {
  // given the deployed stack
  // when
  const alarm = alarms[id];

  // then
  expect(alarm).toMatchObject({ metric, dimensions, comparison: ">= 1", missing: "notBreaching" });
});

it("rings DeadLetters at the third message, since each failed tick leaves one", () => {
  // given the deployed stack
  // when
  const alarm = alarms["DeadLetters"];

  // then
  expect(alarm).toMatchObject({
    metric: "AWS/SQS ApproximateNumberOfMessagesVisible Maximum",
    dimensions: QUEUE,
    comparison: ">= 3",
    missing: "notBreaching",
  });
});

it("listens for the heartbeat and takes silence for the worst", () => {
  // given the deployed stack
  // when
  const alarm = alarms["NoHeartbeat-Silence"];

  // then
  expect(alarm).toEqual({
    metric: "XtTokenRotation Heartbeat Sum",
    dimensions: CONNECTION,
    comparison: "< 1",
    missing: "breaching",
    window: "3 of 3 x 15 min",
    actions: [],
  });
});

it("rings AccessTokenExpiring by the share of the life that is left, whatever its length, and stays as it is in silence", () => {
  // given the deployed stack
  // when
  const alarm = alarms["AccessTokenExpiring"];

  // then
  expect(alarm).toMatchObject({
    metric: "100 * expiry / (expiry + age)",
    comparison: "< 15",
    missing: "ignore",
    operands: {
      expiry: { metric: "XtTokenRotation SecondsToAccessExpiry Minimum", dimensions: CONNECTION },
      age: { metric: "XtTokenRotation SecondsSinceLastSuccess Maximum", dimensions: CONNECTION },
    },
  });
});

it("rings RefreshTokenExpiring a week before, or as long as one sets, and stays as it is in silence", () => {
  // given
  const patient = alarmsOf(stackTemplate({ refreshExpiryAlarm: Duration.days(30) }));

  // when
  const [week, month] = [alarms["RefreshTokenExpiring"], patient["RefreshTokenExpiring"]];

  // then
  expect(week).toMatchObject({
    metric: "XtTokenRotation SecondsToRefreshExpiry Minimum",
    dimensions: CONNECTION,
    comparison: "< 604800",
    missing: "ignore",
  });
  expect(month).toMatchObject({ comparison: "< 2592000" });
});

it("rings NoHeartbeat and the alarms over several metrics where any of theirs rings", () => {
  // given the deployed stack
  // when
  const rules = Object.fromEntries(Object.entries(composites).map(([id, { rule }]) => [id, rule]));

  // then
  expect(rules).toEqual({
    NoHeartbeat: "(ALARM(NoHeartbeat-Silence))",
    ReauthorizationNeeded:
      "(ALARM(ReauthorizationNeeded-RotationRejected) OR ALARM(ReauthorizationNeeded-PairNotStored) OR " +
      "ALARM(ReauthorizationNeeded-RefreshTokenUnreadable))",
    TicksDropped:
      "(ALARM(TicksDropped-InvocationDroppedCount) OR ALARM(TicksDropped-InvocationsSentToDeadLetterCount) OR " +
      "ALARM(TicksDropped-AsyncEventsDropped))",
  });
});

it("pages neither at the deployment, whose first tick is yet to come, nor beside Halted, which says why", () => {
  // given the deployed stack
  // when
  const { suppressor, waitMinutes, extensionMinutes } = composites["NoHeartbeat"] ?? {};

  // then
  expect({ suppressor, waitMinutes, extensionMinutes }).toEqual({
    suppressor: "Halted",
    waitMinutes: 25,
    extensionMinutes: 25,
  });
});

it("has no alarm that rings while all of its metrics are silent, as at a deployment, but the one that waits", () => {
  // given the deployed stack
  // when
  const ringing = Object.entries(alarms).filter(
    ([, { missing }]) => missing !== "notBreaching" && missing !== "ignore",
  );

  // then
  expect(ringing.map(([id]) => id)).toEqual(["NoHeartbeat-Silence"]);
});

it("tells the topic of the beginning and of the end of each alarm, and leaves their parts silent", () => {
  // given
  const topic = [{ Ref: expect.stringMatching(/^MonitoringTopic/) }];
  const all = { ...alarms, ...composites };

  // when
  const actions = Object.fromEntries(Object.entries(all).map(([id, alarm]) => [id, alarm.actions]));

  // then
  const told = Object.fromEntries(ALARM_IDS.map((id) => [id, [topic, topic]]));
  expect(actions).toEqual({
    ...told,
    "NoHeartbeat-Silence": [],
    "ReauthorizationNeeded-RotationRejected": [],
    "ReauthorizationNeeded-PairNotStored": [],
    "ReauthorizationNeeded-RefreshTokenUnreadable": [],
    "TicksDropped-InvocationDroppedCount": [],
    "TicksDropped-InvocationsSentToDeadLetterCount": [],
    "TicksDropped-AsyncEventsDropped": [],
  });
});

it.each([
  [
    "rate(5 minutes)",
    "3 of 3 x 5 min",
    "1 of 14 x 5 min",
    "1 of 2 x 5 min",
    "2 of 3 x 60 min",
    "24 of 24 x 60 min",
    15,
  ],
  [
    "rate(15 minutes)",
    "3 of 3 x 15 min",
    "1 of 6 x 15 min",
    "1 of 2 x 15 min",
    "2 of 3 x 60 min",
    "24 of 24 x 60 min",
    25,
  ],
  [
    "rate(4 hours)",
    "3 of 3 x 240 min",
    "1 of 3 x 240 min",
    "1 of 2 x 240 min",
    "2 of 3 x 240 min",
    "3 of 3 x 480 min",
    250,
  ],
  [
    "cron(0 * * * ? *)",
    "3 of 3 x 60 min",
    "1 of 3 x 60 min",
    "1 of 2 x 60 min",
    "2 of 3 x 60 min",
    "12 of 12 x 120 min",
    70,
  ],
])("looks as far back as %s needs", (schedule, silence, unknown, halted, errors, notSeeded, waitMinutes) => {
  // given
  const scheduled = stackTemplate({ schedule: ScheduleExpression.expression(schedule) });

  // when
  const { [`NoHeartbeat-Silence`]: beat, OutcomeUnknown, Halted, FunctionErrors, NotSeeded } = alarmsOf(scheduled);
  const windows = [beat, OutcomeUnknown, Halted, FunctionErrors, NotSeeded].map((alarm) => alarm?.window);

  // then
  expect(windows).toEqual([silence, unknown, halted, errors, notSeeded]);
  expect(compositeAlarmsOf(scheduled)["NoHeartbeat"]).toMatchObject({ waitMinutes });
});

it("remembers for a day what only a person can make good, and no tick repeats", () => {
  // given the deployed stack
  // when
  const windows = ["PairNotStored", "RefreshTokenUnreadable", "RotationRejected"].map(
    (failure) => alarms[`ReauthorizationNeeded-${failure}`]?.window,
  );

  // then
  expect(windows).toEqual(["1 of 24 x 60 min", "1 of 24 x 60 min", "1 of 6 x 15 min"]);
});
