import { FAILURE, METRIC } from "../../lambda/contract.ts";
import type { AlarmId } from "../../lib/alarm-catalogue.ts";
import type { AlarmCondition } from "./is-in-alarm.ts";
import type { Metrics } from "./read-metrics.ts";

/** What AWS itself counts, by CloudWatch's names. */
export const PLATFORM_METRIC = {
  /** Lambda: invocations that threw, timed out or died. */
  errors: "Errors",
  /** The Scheduler: ticks that it gave up handing over. */
  dropped: "InvocationDroppedCount",
  /** SQS: messages that lie in the dead-letter queue. */
  deadLetters: "ApproximateNumberOfMessagesVisible",
} as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_S = 7 * 24 * 60 * 60;

/** One occurrence in the newest tick, and silence is good news. */
const HAPPENED = {
  statistic: "sum",
  comparison: "at least",
  threshold: 1,
  periodMs: 15 * MINUTE_MS,
  periods: 1,
  breachingPeriods: 1,
  missing: "not breaching",
} as const;

/** Remembered until the next attempt has been: the longest backoff of an hour, and a tick that is late. */
const UNTIL_NEXT_ATTEMPT = { ...HAPPENED, periods: 6 } as const;

/** Remembered for a day, since nothing repeats it. */
const FOR_A_DAY = { ...HAPPENED, periodMs: HOUR_MS, periods: 24 } as const;

const RUNS_OUT = { ...HAPPENED, statistic: "minimum", comparison: "below", missing: "ignored" } as const;

/**
 * The alarms of a stack with the settings' defaults, each with what may set it off: those that the constructs deploy, in the terms of
 * one tick. NoHeartbeat is three silent periods and then a wait of 25 minutes, in which Halted may say why.
 */
export const ALARM_CONDITIONS: Readonly<Record<AlarmId, readonly AlarmCondition[]>> = {
  ReauthorizationNeeded: [
    { ...UNTIL_NEXT_ATTEMPT, reading: metric(FAILURE.rejected) },
    { ...FOR_A_DAY, reading: metric(FAILURE.pairNotStored) },
    { ...FOR_A_DAY, reading: metric(FAILURE.refreshTokenUnreadable) },
  ],
  AccessTokenExpiring: [{ ...RUNS_OUT, reading: percentLeft, threshold: 15 }],
  RefreshTokenExpiring: [{ ...RUNS_OUT, reading: metric(METRIC.secondsToRefreshExpiry), threshold: WEEK_S }],
  NoHeartbeat: [
    {
      ...HAPPENED,
      reading: metric(METRIC.heartbeat),
      comparison: "below",
      periods: 5,
      breachingPeriods: 5,
      missing: "breaching",
    },
  ],
  // A tick that is a little late leaves one period empty.
  Halted: [{ ...HAPPENED, reading: metric(METRIC.halts), periods: 2 }],
  OutcomeUnknown: [{ ...UNTIL_NEXT_ATTEMPT, reading: metric(FAILURE.unknownOutcome) }],
  EscrowInUse: [{ ...UNTIL_NEXT_ATTEMPT, reading: metric(METRIC.escrowedPairs) }],
  TicksDropped: [{ ...UNTIL_NEXT_ATTEMPT, reading: metric(PLATFORM_METRIC.dropped) }],
  FunctionErrors: [
    { ...HAPPENED, reading: metric(PLATFORM_METRIC.errors), periodMs: HOUR_MS, periods: 3, breachingPeriods: 2 },
  ],
  DeadLetters: [
    {
      ...HAPPENED,
      reading: metric(PLATFORM_METRIC.deadLetters),
      statistic: "maximum",
      threshold: 3,
      periodMs: 5 * MINUTE_MS,
    },
  ],
  NotSeeded: [{ ...FOR_A_DAY, reading: metric(METRIC.notSeeded), breachingPeriods: 24 }],
};

function metric(name: string): AlarmCondition["reading"] {
  return (metrics) => metrics[name];
}

/** How much of the access token's life is left. */
function percentLeft(metrics: Metrics): number | undefined {
  const { [METRIC.secondsToAccessExpiry]: left, [METRIC.secondsSinceLastSuccess]: age } = metrics;
  return left === undefined || age === undefined ? undefined : (100 * left) / (left + age);
}
