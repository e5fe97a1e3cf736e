import { Duration } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";

/**
 * Bounds of a rate, in minutes. More often than every 5 minutes, a tick can meet its predecessor still waiting in Lambda's queue
 * or running. Less often than every 4 hours, an access token of one day, XT's documented default, can expire: renewal is due at
 * two thirds of its life, and a failed tick must leave room for another in the 8 hours that are left.
 */
const RATE_MINUTES = { min: 5, max: 240 } as const;

const MINUTES_IN = { minute: 1, hour: 60, day: 1_440 } as const;

/** What {@link parseSchedule} accepts, for messages. */
export const SCHEDULE_EXPECTED =
  "rate(<number> minutes) or rate(<number> hours) from 5 minutes to 4 hours, or cron(<six fields>) at most every 5 minutes with ? " +
  "as day of month or day of week";

/**
 * Reads a schedule expression as AWS writes it, `undefined` where it cannot be used. Singular and plural units are both read; what
 * is deployed has the right one. A cron expression is known by its shape only: AWS checks its fields.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseSchedule(expression: string): ScheduleExpression | undefined {
  const minutes = rateMinutes(expression);
  if (minutes !== undefined) return rateOf(minutes);
  const cron = /^cron\(([^()]+)\)$/.exec(expression);
  return cron === null ? undefined : cronOf(expression, (cron[1] ?? "").split(" "));
}

/** Minutes between two ticks of a rate, `undefined` for any other expression. */
export function rateMinutes(expression: string): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  return rate === null ? undefined : Number(rate[1]) * minutesIn(rate[2]);
}

function minutesIn(unit: string | undefined): number {
  return unit === "minute" || unit === "hour" || unit === "day" ? MINUTES_IN[unit] : Number.NaN;
}

function rateOf(minutes: number): ScheduleExpression | undefined {
  const isInBounds = minutes >= RATE_MINUTES.min && minutes <= RATE_MINUTES.max;
  return isInBounds ? ScheduleExpression.rate(Duration.minutes(minutes)) : undefined;
}

function cronOf(expression: string, fields: readonly string[]): ScheduleExpression | undefined {
  const [minutes, , dayOfMonth, , dayOfWeek] = fields;
  if (fields.length !== 6 || !fields.every((field) => /^[\w*?,/#-]+$/.test(field))) return undefined;
  // AWS refuses an expression that names both days, `*` included.
  if (dayOfMonth !== "?" && dayOfWeek !== "?") return undefined;
  // The two usual ways to tick all the time; a list or range of minutes is taken as meant.
  const isTooFrequent = minutes !== undefined && /^\*$|\/0*[1-4]$/.test(minutes);
  return isTooFrequent ? undefined : ScheduleExpression.expression(expression);
}
