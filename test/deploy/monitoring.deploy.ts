import { expect } from "vitest";
import { deployment, itDeploys } from "./played.ts";
import { type Reading, told } from "./read-back.ts";

const TOPIC = "<MonitoringTopic53EBA00F>";
/** What decides when an alarm rings. */
const DECISIVE = [
  "MetricName",
  "Statistic",
  "Period",
  "EvaluationPeriods",
  "DatapointsToAlarm",
  "Threshold",
  "ComparisonOperator",
  "TreatMissingData",
] as const;

/** The alarm that a reading is of. */
function alarmIn({ answer }: Reading): Readonly<Record<string, unknown>> {
  return Object(Object(answer).output).MetricAlarms[0];
}

const decisive = (alarm: Readonly<Record<string, unknown>>) => DECISIVE.map((name) => `${name}: ${alarm[name]}`);

itDeploys("makes every alarm as the template says", () => {
  // given
  const { alarms, deployed } = deployment();

  // when
  const found = deployed
    .filter(({ type }) => type === "AWS::CloudWatch::Alarm")
    .map((reading) => [reading.logicalId, decisive(alarmIn(reading))]);

  // then
  expect(found).not.toEqual([]);
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(alarms).map(([logicalId, alarm]) => [logicalId, decisive(alarm)])),
  );
});

itDeploys("watches one metric of the function's own namespace with each alarm", () => {
  // given
  const { deployed } = deployment();

  // when
  const watched = deployed
    .filter(({ type }) => type === "AWS::CloudWatch::Alarm")
    .map((reading) => [reading.logicalId, alarmIn(reading)["Namespace"], alarmIn(reading)["MetricName"]]);

  // then
  const namespace = "XtTokenRotation/<RotationFunction4F6B5A8F>";
  expect(watched.sort()).toEqual([
    ["MonitoringAlarmsAccessTokenExpiringA15E65FB", namespace, "AccessTokenLifeLeft"],
    ["MonitoringAlarmsConnectionUnattendedCE6B3754", namespace, "ConnectionsUnattended"],
    ["MonitoringAlarmsPairOutOfPlace2C9C7462", namespace, "SecondsOutOfPlace"],
    ["MonitoringAlarmsPersonNeeded31952862", namespace, "Severity"],
    ["MonitoringAlarmsRefreshTokenExpiring2B14DE3E", namespace, "SecondsToRefreshExpiry"],
    ["MonitoringAlarmsTicksNotSucceedingDDA60348", namespace, "Severity"],
  ]);
});

itDeploys("tells the topic of the beginning and of the end of every alarm", () => {
  // given
  const { deployed } = deployment();

  // when
  const alarms = deployed.filter(({ type }) => type === "AWS::CloudWatch::Alarm").map(alarmIn);

  // then
  expect(alarms.length).toBeGreaterThan(0);
  for (const alarm of alarms) expect(alarm).toMatchObject({ AlarmActions: [TOPIC], OKActions: [TOPIC] });
});

itDeploys("takes alarms of this account on the topic, and nothing over plain HTTP", () => {
  // given
  const { deployed } = deployment();

  // when
  const { Attributes } = Object(told(deployed, "AWS::SNS::TopicPolicy"));

  // then
  expect(JSON.parse(Attributes.Policy).Statement).toEqual([
    {
      Sid: "AllowPublishThroughSSLOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: TOPIC,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "AllowAlarmsOfThisAccount",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: TOPIC,
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    },
  ]);
});

itDeploys("makes a dashboard whose every name is resolved", () => {
  // given
  const { deployed } = deployment();

  // when
  const { DashboardBody } = Object(told(deployed, "AWS::CloudWatch::Dashboard"));

  // then
  expect(JSON.parse(DashboardBody).widgets.length).toBeGreaterThan(0);
  expect(DashboardBody).not.toMatch(/\$\{|Fn::|"Ref"/);
});
