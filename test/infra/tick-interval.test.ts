import { Duration, Lazy, TimeZone } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { expect, it } from "vitest";
import { readSettings, SettingsError } from "../../lib/settings.ts";
import { tickInterval } from "../../lib/tick-interval.ts";
import { constructTemplate, tickOf } from "./synthesis.ts";

const EXPECTED =
  "expected a rate(…) or cron(…) expression whose longest pause between two ticks is from 5 minutes to 4 hours";

it.each([
  ["rate(5 minutes)", "rate(5 minutes)", 5],
  ["rate(5 minute)", "rate(5 minutes)", 5],
  ["rate(1 hours)", "rate(1 hour)", 60],
  ["rate(4 hours)", "rate(4 hours)", 240],
  ["cron(0/15 * * * ? *)", "cron(0/15 * * * ? *)", 15],
  ["cron(*/5 * ? * * *)", "cron(*/5 * ? * * *)", 5],
  // The last pause of an hour is the longest, or the shortest.
  ["cron(0/14 * * * ? *)", "cron(0/14 * * * ? *)", 14],
  ["cron(0/25 * * * ? *)", "cron(0/25 * * * ? *)", 25],
  ["cron(10,20 * * * ? *)", "cron(10,20 * * * ? *)", 50],
  ["cron(30 0-23/3 * * ? *)", "cron(30 0-23/3 * * ? *)", 180],
  ["cron(0 1,5,9,13,17,21 * * ? *)", "cron(0 1,5,9,13,17,21 * * ? *)", 240],
  // From 22:45 to 02:00 over midnight.
  ["cron(0/15 2-22 * * ? *)", "cron(0/15 2-22 * * ? *)", 195],
  ["cron(0 * ? JAN-JUN,7-12 SUN-SAT 1970-2199)", "cron(0 * ? JAN-JUN,7-12 SUN-SAT 1970-2199)", 60],
  ["cron(0 * 1-31 * ? *)", "cron(0 * 1-31 * ? *)", 60],
])("takes the schedule %s, deploys %s, and knows its longest pause of %i minutes", (schedule, deployed, minutes) => {
  // given
  const context = { schedule };

  // when
  const { schedule: read } = readSettings(context);

  // then
  expect(read?.expressionString).toBe(deployed);
  expect(read && tickInterval(read).toMinutes()).toBe(minutes);
});

it.each([
  "",
  "15 minutes",
  "rate(15)",
  "rate(-5 minutes)",
  "rate(7.5 minutes)",
  "rate(15  minutes)",
  "rate(300 seconds)",
  "rate(0 minutes)",
  "rate(1 minutes)",
  "rate(4 minutes)",
  "rate(241 minutes)",
  "rate(5 hours)",
  "rate(1 day)",
  "Rate(15 minutes)",
  "rate(15 minutes) ",
  "at(2027-01-01T00:00:00)",
  "cron(0 * * * ?)",
  "cron(0 * * * ? * *)",
  "cron(0 * * * * *)",
  "cron(0 * ? * ? *)",
  "cron(0 $ * * ? *)",
  "cron(60 * * * ? *)",
  "cron(0 5-1 * * ? *)",
  "cron(0/0 * * * ? *)",
  "cron(0 toString * * ? *)",
  "cron(* * * * ? *)",
  "cron(*/1 * * * ? *)",
  "cron(0/4 * * * ? *)",
  // Once a day, twice in one hour, and with five hours over midnight.
  "cron(0 12 * * ? *)",
  "cron(0,59 12 * * ? *)",
  "cron(2 0,4,8,12,16,19 * * ? *)",
  // Not every day.
  "cron(*/5 8-18 ? * MON-FRI *)",
  "cron(0 * ? * MON-FRI *)",
  "cron(0 * 1-30 * ? *)",
  "cron(0 * L * ? *)",
  "cron(0 * 15W * ? *)",
  "cron(0 * ? * 3#2 *)",
  "cron(0 * * FEB-DEC ? *)",
  "cron(0 * * * ? 2027)",
])("refuses the schedule '%s'", (schedule) => {
  // given
  const context = { schedule };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`schedule: found '${schedule}', ${EXPECTED}`));
});

it("refuses as a prop what it refuses as a setting", () => {
  // given
  const schedule = ScheduleExpression.cron({ minute: "0", hour: "12" });

  // when
  const build = () => constructTemplate(() => ({ schedule }));

  // then
  expect(build).toThrow(`schedule: found 'cron(0 12 * * ? *)', ${EXPECTED}`);
});

it("takes a schedule that is known at deployment only, whose interval the monitoring must then be told", () => {
  // given
  const schedule = ScheduleExpression.expression(Lazy.string({ produce: () => "rate(1 hour)" }));

  // when
  const template = constructTemplate(() => ({ schedule }));

  // then
  expect(tickOf(template)["ScheduleExpression"]).toBe("rate(1 hour)");
  expect(() => tickInterval(schedule)).toThrow(
    "interval: found none, expected one, since the schedule is known at deployment only",
  );
});

it("counts the hour that daylight saving repeats into the pause of a cron expression", () => {
  // given
  const timeZone = TimeZone.EUROPE_BERLIN;
  const hourly = ScheduleExpression.expression("cron(0 * * * ? *)", timeZone);
  const rate = ScheduleExpression.rate(Duration.hours(1));

  // when
  const intervals = [hourly, rate].map((schedule) => tickInterval(schedule).toMinutes());

  // then
  expect(intervals).toEqual([120, 60]);
});
