import { expect, it } from "vitest";
import { ALARM_IDS } from "../../lib/alarm-catalogue.ts";
import { metricsDrawn, widgetsOf } from "./dashboard.ts";
import { only, stackTemplate } from "./synthesis.ts";

const template = stackTemplate();
const widgets = widgetsOf(template);

it("answers from top to bottom: alive, how long, what happened, what it costs", () => {
  // given
  const down = widgets.toSorted((one, other) => one.y - other.y || one.x - other.x);

  // when
  const titles = down.map(({ type, properties }) => properties.title ?? properties.markdown?.split("\n")[0] ?? type);

  // then
  expect(titles).toEqual([
    "## Is it alive? · runbook: docs/runbook.md",
    "Alarms",
    "Ticks that ended well",
    "## How long until a consumer notices?",
    "As the last tick saw it",
    "Access token: life left, %",
    "Refresh token: expires in, days",
    "## What happened lately?",
    "Ticks in the time shown",
    "Rotations, and what waits",
    "Failed ticks by class",
    "Exchange and exposure window, ms",
    "Last warnings and errors",
    "## What does it cost?",
    "Calls",
    "Lambda, GB-seconds",
    "Log, bytes",
    "| list prices, a month | USD |",
  ]);
});

it("fills every row of the grid of 24 columns", () => {
  // given
  const tops = [...new Set(widgets.map(({ y }) => y))];

  // when
  const widths = tops.map((top) => widgets.filter(({ y }) => y === top).reduce((sum, { width }) => sum + width, 0));

  // then
  expect(new Set(widths)).toEqual(new Set([24]));
});

it("shows every alarm that tells anybody", () => {
  // given
  const alarmWidget = widgets.find(({ type }) => type === "alarm");

  // when
  const shown = alarmWidget?.properties.alarms?.map(
    (arn) => /^<MonitoringAlarms(\w+)[0-9A-F]{8}\.Arn>$/.exec(arn)?.[1],
  );

  // then
  expect(shown).toEqual(ALARM_IDS);
});

it("draws nothing but what the function or AWS writes", () => {
  // given the deployed stack
  // when
  const drawn = metricsDrawn(widgets);

  // then
  const connection = "<RotationTokenSecretB20C8425>";
  const alias = expect.stringMatching(
    /^AWS\/Lambda (Errors|Invocations|Duration) <RotationFunction\w+> <RotationFunction\w+>:live$/,
  );
  expect(drawn).toEqual([
    `XtTokenRotation Heartbeat ${connection}`,
    `XtTokenRotation SecondsToAccessExpiry ${connection}`,
    `XtTokenRotation SecondsToRefreshExpiry ${connection}`,
    `XtTokenRotation SecondsSinceLastSuccess ${connection}`,
    `XtTokenRotation Rotations ${connection}`,
    `XtTokenRotation OpenAttempts ${connection}`,
    `XtTokenRotation EscrowedPairs ${connection}`,
    `XtTokenRotation Halts ${connection}`,
    `XtTokenRotation NotSeeded ${connection}`,
    alias,
    `XtTokenRotation RotationRejected ${connection}`,
    `XtTokenRotation ExchangeOutcomeUnknown ${connection}`,
    `XtTokenRotation PairNotStored ${connection}`,
    `XtTokenRotation RefreshTokenUnreadable ${connection}`,
    `XtTokenRotation ExchangeLatency ${connection}`,
    `XtTokenRotation ExposureWindow ${connection}`,
    "AWS/Scheduler InvocationAttemptCount XtTokenRotation-Schedule-Group-F55E3AEA",
    alias,
    alias,
    expect.stringMatching(/^AWS\/Logs IncomingBytes <RotationFunctionLogs\w+>$/),
  ]);
});

it("draws each expiry with the line at which its alarm rings", () => {
  // given the deployed stack
  // when
  const lines = widgets.flatMap(({ properties }) => properties.annotations?.horizontal ?? []);

  // then
  expect(lines.map(({ label, value }) => `${label} ${value}`)).toEqual(["renewal is due 33", "alarm 15", "alarm 7"]);
});

it("asks the function's log for what went wrong, a run cut off by its timeout included", () => {
  // given
  const logWidget = widgets.find(({ type }) => type === "log");

  // when
  const query = logWidget?.properties.query;

  // then
  expect(query).toMatch(/^SOURCE '<RotationFunctionLogs\w+>'/);
  expect(query).toContain('filter level in ["WARN", "ERROR"] or record.status = "timeout"');
});

it("estimates a month from the metrics and alarms that the stack has", () => {
  // given
  const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm"));
  const composites = Object.values(template.findResources("AWS::CloudWatch::CompositeAlarm"));

  // when
  const estimate = widgets.at(-1)?.properties.markdown;
  const watched = alarms.map(({ Properties: { Metrics } }) => (Metrics === undefined ? 1 : Metrics.length - 1));

  // then
  expect(watched.reduce((sum, count) => sum + count, 0)).toBe(16);
  expect(composites).toHaveLength(3);
  expect(estimate).toBe(
    "| list prices, a month | USD |\n| --- | ---: |\n| 2 secrets | 0.80 |\n| 2,920 ticks of Secrets Manager calls | 0.04 |\n" +
      "| 4 metrics of every tick | 1.20 |\n| 16 metrics in alarms, 3 composite alarms | 3.10 |\n| this dashboard | 3.00 |\n| together | 8.14 |",
  );
});

it("is called after the stack, so that several can stand in one account", () => {
  // given
  const other = stackTemplate({ stackName: "second-connection" });

  // when
  const names = [template, other].map((each) => only(each, "AWS::CloudWatch::Dashboard")["DashboardName"]);

  // then
  expect(names).toEqual(["XtTokenRotation-Monitoring", "second-connection-Monitoring"]);
});
