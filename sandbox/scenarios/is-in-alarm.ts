import type { Metrics } from "./read-metrics.ts";

/** When an alarm is on, in CloudWatch's terms. */
export interface AlarmCondition {
  /** What is watched, from the metrics of one tick; `undefined` where the tick does not say. */
  readonly reading: (metrics: Metrics) => number | undefined;
  /** Over the readings of one period. */
  readonly statistic: "sum" | "minimum" | "maximum";
  readonly comparison: "at least" | "below";
  readonly threshold: number;
  readonly periodMs: number;
  /** How many of the latest periods are looked at, and how many of them must breach the threshold. */
  readonly periods: number;
  readonly breachingPeriods: number;
  /** What a period without any reading counts as. `ignored`: without any, the alarm stays as it is. */
  readonly missing: "breaching" | "not breaching" | "ignored";
}

/** The metrics of one tick. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly metrics: Metrics;
}

/** When an alarm is evaluated. */
export interface Moment {
  readonly nowMs: number;
  /** Whatever was before is taken to have been well. */
  readonly beganAtMs: number;
  readonly wasInAlarm: boolean;
}

/**
 * Evaluates an alarm as of one moment. Periods are counted back from that moment, where CloudWatch's stand on the clock, so that the real
 * one may go off or end a period later.
 */
export function isInAlarm(condition: AlarmCondition, samples: readonly Sample[], moment: Moment): boolean {
  const { periodMs, periods, breachingPeriods, missing } = condition;
  const { nowMs, beganAtMs, wasInAlarm } = moment;
  const readings = Array.from({ length: periods }, (_, ago) => {
    const endMs = nowMs - ago * periodMs;
    const within = samples.filter(({ atMs }) => atMs > endMs - periodMs && atMs <= endMs);
    return { endMs, values: within.flatMap(({ metrics }) => condition.reading(metrics) ?? []) };
  });
  if (missing === "ignored" && readings.every(({ values }) => values.length === 0)) return wasInAlarm;
  const breaching = readings.filter(({ endMs, values }) =>
    values.length === 0 ? missing === "breaching" && endMs >= beganAtMs : isBreaching(condition, values),
  );
  return breaching.length >= breachingPeriods;
}

function isBreaching({ statistic, comparison, threshold }: AlarmCondition, values: readonly number[]): boolean {
  const value = STATISTICS[statistic](values);
  return comparison === "below" ? value < threshold : value >= threshold;
}

const STATISTICS: Readonly<Record<AlarmCondition["statistic"], (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  minimum: (values) => Math.min(...values),
  maximum: (values) => Math.max(...values),
};
