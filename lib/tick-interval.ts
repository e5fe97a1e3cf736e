import { Duration } from "aws-cdk-lib";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { rateMinutes } from "./schedule-setting.ts";

/** For a cron(), whose ticks may lie unevenly: its alarms allow for one an hour, and a calmer one needs an interval of its own. */
const CRON_INTERVAL = Duration.hours(1);

/** The longest time between two ticks of a schedule, as far as its expression tells. */
export function tickInterval(schedule: ScheduleExpression): Duration {
  const minutes = rateMinutes(schedule.expressionString);
  return minutes === undefined ? CRON_INTERVAL : Duration.minutes(minutes);
}
