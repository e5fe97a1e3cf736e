import { Duration } from "aws-cdk-lib";

/**
 * What an alarm looks at. CloudWatch allows a day in all where the period is shorter than an hour, and seven days otherwise.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export interface AlarmWindow {
  readonly period: Duration;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
}

/** The longest pause between two attempts, in minutes: the bound of the rotation's backoff. */
const LONGEST_BACKOFF_MINUTES = 60;

const DAY_MINUTES = 1_440;

/**
 * Three ticks in a row. Where data are missing CloudWatch looks back a little further than it is asked, up to two periods more,
 * and takes a heartbeat that it finds there as a sign of life.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function threeTicks(interval: Duration): AlarmWindow {
  return { period: interval, evaluationPeriods: 3, datapointsToAlarm: 3 };
}

/** The newest tick. */
export function oneTick(interval: Duration): AlarmWindow {
  return { period: interval, evaluationPeriods: 1, datapointsToAlarm: 1 };
}

/** For what every tick says again as long as it lasts: two periods, since a tick that is a little late leaves one of them empty. */
export function untilUnsaid(interval: Duration): AlarmWindow {
  return { period: interval, evaluationPeriods: 2, datapointsToAlarm: 1 };
}

/**
 * For what an attempt says: once, and remembered until the next attempt has been. A shorter memory would report the end of a
 * refusal in every backoff, and page again after each.
 */
export function untilNextAttempt(interval: Duration): AlarmWindow {
  const minutes = interval.toMinutes();
  const evaluationPeriods = Math.ceil((LONGEST_BACKOFF_MINUTES + minutes) / minutes) + 1;
  return { period: interval, evaluationPeriods, datapointsToAlarm: 1 };
}

/**
 * For what is said once and lasts until a person acts: an hour or a tick of the last day. The alarm's end must not be reported while
 * everybody still waits for that person.
 */
export function rememberedForADay(interval: Duration): AlarmWindow {
  const { period, evaluationPeriods } = wholeDay(interval);
  return { period, evaluationPeriods, datapointsToAlarm: 1 };
}

/** Two of three hours, or of three ticks where they are rarer. */
export function twoOfThreeHours(interval: Duration): AlarmWindow {
  const period = Duration.minutes(Math.max(60, interval.toMinutes()));
  return { period, evaluationPeriods: 3, datapointsToAlarm: 2 };
}

/** A whole day, each part of which has a tick for certain. Not longer than a day: CloudWatch looks at such an alarm once an hour. */
export function wholeDay(interval: Duration): AlarmWindow {
  const minutes = Math.max(60, 2 * interval.toMinutes());
  const evaluationPeriods = Math.floor(DAY_MINUTES / minutes);
  return { period: Duration.minutes(minutes), evaluationPeriods, datapointsToAlarm: evaluationPeriods };
}
