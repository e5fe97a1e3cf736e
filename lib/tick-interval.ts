import { Duration, Token } from "aws-cdk-lib";
import { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";

/**
 * Bounds of the longest time between two ticks, in minutes. Below 5 minutes, a tick can meet its predecessor still waiting in Lambda's
 * queue or running. Above 4 hours, an access token of one day, XT's documented default, can expire: renewal is due at two thirds of
 * its life, and a failed tick must leave room for another in the 8 hours that are left. The alarms count in these intervals too.
 */
const INTERVAL_MINUTES = { min: 5, max: 240 } as const;

const EXPECTED = "a rate(…) or cron(…) expression whose longest pause between two ticks is from 5 minutes to 4 hours";

const DAY_MINUTES = 1_440;
const MINUTES_IN = { minute: 1, hour: 60, day: DAY_MINUTES } as const;

/** A time zone that has daylight saving repeats an hour once a year, and the Scheduler does not tick again in it. */
const REPEATED_HOUR_MINUTES = 60;

/** What a cron field may hold; the first name means the smallest value. */
interface CronField {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MINUTE: CronField = { min: 0, max: 59 };
const HOUR: CronField = { min: 0, max: 23 };
const DAY_OF_MONTH: CronField = { min: 1, max: 31 };
const MONTH: CronField = {
  min: 1,
  max: 12,
  names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
};
const DAY_OF_WEEK: CronField = { min: 1, max: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };
const YEAR: CronField = { min: 1970, max: 2199 };

/** What is read of a schedule. Without a time zone it is in UTC. */
type Schedule = Pick<ScheduleExpression, "expressionString" | "timeZone">;

/** Says in one sentence why a schedule cannot be used, `undefined` where it can or is known at deployment only. */
export function scheduleFault(schedule: Schedule): string | undefined {
  const { expressionString } = schedule;
  if (Token.isUnresolved(expressionString)) return undefined;
  const minutes = intervalMinutes(schedule);
  const isInBounds = minutes !== undefined && minutes >= INTERVAL_MINUTES.min && minutes <= INTERVAL_MINUTES.max;
  return isInBounds ? undefined : `found '${expressionString}', expected ${EXPECTED}`;
}

/** Makes a schedule of an expression that {@link scheduleFault} accepts. What is deployed has the right unit: `rate(1 hour)`. */
export function scheduleOf(expression: string): ScheduleExpression {
  const minutes = rateMinutes(expression);
  return minutes === undefined
    ? ScheduleExpression.expression(expression)
    : ScheduleExpression.rate(Duration.minutes(minutes));
}

/**
 * The longest time between two ticks.
 * @throws Error for a schedule whose expression is known at deployment only; {@link scheduleFault} has refused any other without one
 */
export function tickInterval(schedule: ScheduleExpression): Duration {
  const minutes = intervalMinutes(schedule);
  if (minutes !== undefined) return Duration.minutes(minutes);
  throw new Error("interval: found none, expected one, since the schedule is known at deployment only");
}

function intervalMinutes({ expressionString, timeZone }: Schedule): number | undefined {
  const rate = rateMinutes(expressionString);
  if (rate !== undefined) return rate;
  const [, fields] = /^cron\(([^()]+)\)$/.exec(expressionString) ?? [];
  const cron = fields === undefined ? undefined : cronMinutes(fields.split(" "));
  const isUtc = timeZone === undefined || /^(Etc\/)?(UTC|GMT)$/.test(timeZone.timezoneName);
  return cron === undefined || isUtc ? cron : cron + REPEATED_HOUR_MINUTES;
}

function rateMinutes(expression: string): number | undefined {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return unit === "minute" || unit === "hour" || unit === "day" ? Number(value) * MINUTES_IN[unit] : undefined;
}

/**
 * The longest pause of a cron expression, in minutes; `undefined` where it cannot be read or lets a day pass without a tick. An expression
 * that ticks every day ticks at the same times every day, so that one day tells the pause exactly.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
function cronMinutes(fields: readonly string[]): number | undefined {
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = "", year = ""] = fields;
  // AWS refuses an expression that names both days, `*` included.
  const isEveryDay =
    (dayOfMonth === "?" && holdsAll(dayOfWeek, DAY_OF_WEEK)) ||
    (dayOfWeek === "?" && holdsAll(dayOfMonth, DAY_OF_MONTH));
  if (fields.length !== 6 || !isEveryDay || !holdsAll(month, MONTH) || !holdsAll(year, YEAR)) return undefined;
  const minutes = valuesOf(minute, MINUTE);
  const ticks = valuesOf(hour, HOUR).flatMap((hours) => minutes.map((minutesPast) => hours * 60 + minutesPast));
  const [first] = ticks;
  if (first === undefined) return undefined;
  return Math.max(...ticks.map((tick, index) => (ticks[index + 1] ?? first + DAY_MINUTES) - tick));
}

function holdsAll(text: string, field: CronField): boolean {
  return valuesOf(text, field).length === field.max - field.min + 1;
}

/** The values of a field, in order; none where it cannot be read, as with `L`, `W` and `#`, which mean single days. */
function valuesOf(text: string, field: CronField): readonly number[] {
  const parts = text.split(",").map((part) => partOf(part, field));
  if (parts.some((part) => part.length === 0)) return [];
  return [...new Set(parts.flat())].sort((one, other) => one - other);
}

/** One of a field's parts: `*`, `5`, `1-5`, `MON-FRI`, and any of them with a step such as `/15`. */
function partOf(part: string, { min, max, names = [] }: CronField): readonly number[] {
  const [, range, from = "", to, step = "1"] = /^(\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  if (range === undefined || Number(step) === 0) return [];
  const numberOf = (text: string) => {
    const name = names.indexOf(text.toUpperCase());
    if (name >= 0) return min + name;
    return /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const first = range === "*" ? min : numberOf(from);
  // A step without a range goes on to the end.
  const last = to !== undefined ? numberOf(to) : range === "*" || part.includes("/") ? max : first;
  if (!(first >= min && first <= last && last <= max)) return [];
  return Array.from(
    { length: Math.floor((last - first) / Number(step)) + 1 },
    (_, index) => first + index * Number(step),
  );
}
