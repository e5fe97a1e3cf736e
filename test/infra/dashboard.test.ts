import { expect, it } from "vitest";
import { monitoringTemplate, widgetsOf } from "./monitoring.ts";
import { only } from "./synthesis.ts";

const template = monitoringTemplate();
const widgets = widgetsOf(template);

it("answers an operator's questions from top to bottom", () => {
  // given
  const down = widgets.toSorted((one, other) => one.y - other.y || one.x - other.x);

  // when
  const titles = down.map(({ properties: { title, markdown } }) => title ?? markdown);

  // then
  expect(titles).toEqual([
    "Type `npx --no xt-token status` first. Runbook: docs/runbook.md",
    "Does an alarm ring?",
    "Do ticks end well? (0 well, 3 heals by itself, 4 a person is needed)",
    "Does the function run, fail, or get slow?",
    "How much of the access tokens' life is left, %?",
    "How many days do the refresh tokens live?",
    "How many connections are there, and how many are unattended?",
    "Which connections are not well?",
    "What warned or failed lately?",
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

it("shows every alarm", () => {
  // given
  const alarmWidget = widgets.find(({ type }) => type === "alarm");

  // when
  const shown = alarmWidget?.properties.alarms?.map(
    (arn) => /^<MonitoringAlarms(\w+)[0-9A-F]{8}\.Arn>$/.exec(arn)?.[1],
  );

  // then
  expect(shown).toEqual([
    "AccessTokenExpiring",
    "PersonNeeded",
    "TicksNotSucceeding",
    "ConnectionUnattended",
    "PairOutOfPlace",
    "RefreshTokenExpiring",
  ]);
});

it("shows no alarm where there is none, and everything else", () => {
  // given
  const quiet = widgetsOf(monitoringTemplate({ alarms: false }));

  // when
  const types = quiet.map(({ type }) => type);

  // then
  expect(types).toEqual(["text", "metric", "metric", "metric", "metric", "metric", "log", "log"]);
});

it("is not made where it is off, and leaves the alarms", () => {
  // given
  const frugal = monitoringTemplate({ dashboard: false });

  // when
  const made = ["Dashboard", "Alarm"].map(
    (type) => Object.keys(frugal.findResources(`AWS::CloudWatch::${type}`)).length,
  );

  // then
  expect(made).toEqual([0, 6]);
});

it("draws nothing but what the function or Lambda writes", () => {
  // given
  const rows = widgets.flatMap(({ properties }) => properties.metrics ?? []);

  // when
  const drawn = rows
    .map((row) =>
      row
        .filter((cell) => typeof cell === "string")
        .slice(0, 2)
        .join(" "),
    )
    .filter((name) => name !== "");

  // then
  const own = (name: string) =>
    expect.stringMatching(new RegExp(`^XtTokenRotation/<RotationFunction[0-9A-F]+> ${name}$`));
  expect(drawn).toEqual([
    own("Severity"),
    own("Severity"),
    "AWS/Lambda Invocations",
    "AWS/Lambda Errors",
    "AWS/Lambda Duration",
    own("AccessTokenLifeLeft"),
    own("AccessTokenLifeLeft"),
    own("AccessTokenLifeLeft"),
    own("SecondsToRefreshExpiry"),
    own("Connections"),
    own("ConnectionsUnattended"),
  ]);
});

it("shows how the life left is spread over all connections, and counts them by the hour", () => {
  // given
  const rows = widgets.flatMap(({ properties }) => properties.metrics ?? []);

  // when
  const options = (metric: string) => rows.filter((row) => row[1] === metric).map((row) => Object(row.at(-1)));

  // then
  expect(options("AccessTokenLifeLeft").map(({ label, stat }) => `${label} ${stat}`)).toEqual([
    "median p50",
    "p10 p10",
    "least Minimum",
  ]);
  expect([...options("Connections"), ...options("ConnectionsUnattended")]).toMatchObject([
    { stat: "Maximum", period: 3_600 },
    { stat: "Maximum", period: 3_600 },
  ]);
});

it("draws each expiry with the line at which its alarm rings", () => {
  // given the deployed dashboard
  // when
  const lines = widgets.flatMap(({ properties }) => properties.annotations?.horizontal ?? []);

  // then
  expect(lines.map(({ label, value }) => `${label} ${value}`)).toEqual(["renewal is due 33", "alarm 15", "alarm 7"]);
});

it("asks the function's log for what went wrong, a run that its timeout cut off included", () => {
  // given
  const logWidget = widgets.find(({ properties }) => properties.title === "What warned or failed lately?");

  // when
  const query = logWidget?.properties.query;

  // then
  expect(query).toMatch(/^SOURCE '<RotationFunctionLogs\w+>'/);
  expect(query).toContain('filter level in ["WARN", "ERROR"] or record.status = "timeout"');
});

it("asks the function's log for the connections whose newest tick did not end well, the worst first", () => {
  // given
  const logWidget = widgets.find(({ properties }) => properties.title === "Which connections are not well?");

  // when
  const query = logWidget?.properties.query?.split(/\n?\s?\| /);

  // then
  expect(query).toEqual([
    expect.stringMatching(/^SOURCE '<RotationFunctionLogs\w+>'/),
    "filter ispresent(connection) and ispresent(severity)",
    "stats latest(severity) as newestSeverity, latest(message) as newestMessage by connection",
    "filter newestSeverity > 0",
    "sort newestSeverity desc, connection asc",
    "limit 20",
  ]);
});

it("is called after the stack, so that several can stand in one account", () => {
  // given the deployed dashboard
  // when
  const name = only(template, "AWS::CloudWatch::Dashboard")["DashboardName"];

  // then
  expect(name).toBe("Test-Monitoring");
});
