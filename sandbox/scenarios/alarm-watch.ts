import { type AlarmCondition, type AlarmId, alarms } from "../../lib/alarms.ts";

/** What one run wrote, by the metric's name. */
export type Metrics = Readonly<Record<string, number>>;

/** A line of the embedded metric format, as far as it is looked at. */
interface MetricLine {
  readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[] };
  readonly [name: string]: unknown;
}

/**
 * Reads the metrics out of what runs printed, as CloudWatch does: one entry for each run.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function readMetrics(output: string): readonly Metrics[] {
  const lines = output.split("\n").filter((text) => text.startsWith('{"_aws":'));
  return lines.map((line) => {
    const written: MetricLine = JSON.parse(line);
    const names = written._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
    return Object.fromEntries(names.map((name) => [name, Number(written[name])]));
  });
}

/** What the runs of one tick wrote. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly metrics: readonly Metrics[];
}

/** When an alarm is evaluated. */
export interface Moment {
  readonly nowMs: number;
  /** What was before counts as well. */
  readonly beganAtMs: number;
  readonly wasInAlarm: boolean;
}

/** Evaluates an alarm. CloudWatch looks a little further back for a missing value, so that the real alarm may ring or end a period later. */
export function isInAlarm(condition: AlarmCondition, samples: readonly Sample[], moment: Moment): boolean {
  const { metricName, periods, breachingPeriods, missing } = condition;
  const { nowMs, beganAtMs, wasInAlarm } = moment;
  const periodMs = condition.periodMinutes * 60_000;
  const newest = Array.from({ length: periods }, (_, ago) => {
    const endMs = nowMs - ago * periodMs;
    const within = samples.filter(({ atMs }) => atMs > endMs - periodMs && atMs <= endMs);
    return { endMs, values: within.flatMap(({ metrics }) => metrics.flatMap((run) => run[metricName] ?? [])) };
  });
  if (missing === "ignore" && newest.every(({ values }) => values.length === 0)) return wasInAlarm;
  const breaching = newest.filter(({ endMs, values }) =>
    values.length === 0 ? missing === "breaching" && endMs >= beganAtMs : isBreaching(condition, values),
  );
  return breaching.length >= breachingPeriods;
}

function isBreaching({ statistic, comparison, threshold }: AlarmCondition, values: readonly number[]): boolean {
  const value = statistic === "Minimum" ? Math.min(...values) : Math.max(...values);
  return comparison === "below" ? value < threshold : value >= threshold;
}

/** The alarms of a stack with the settings' defaults. */
export const ALARMS = alarms({ intervalMinutes: 15, refreshExpirySeconds: 7 * 24 * 60 * 60 });
export const ALARM_IDS = Object.keys(ALARMS) as readonly AlarmId[];

/** What a tick changed. */
export interface AlarmChanges {
  readonly wentOff: readonly AlarmId[];
  readonly ended: readonly AlarmId[];
}

/** Keeps every alarm's state from tick to tick. */
export interface AlarmWatch {
  see(sample: Sample): AlarmChanges;
  /** Every alarm that went off so far, in that order. */
  readonly history: readonly AlarmId[];
  /** Those that are on now. */
  readonly active: readonly AlarmId[];
}

export function createAlarmWatch(beganAtMs: number): AlarmWatch {
  const samples: Sample[] = [];
  const history = new Set<AlarmId>();
  let active: readonly AlarmId[] = [];
  return {
    see(sample) {
      samples.push(sample);
      const before = active;
      active = ALARM_IDS.filter((id) =>
        isInAlarm(ALARMS[id], samples, { nowMs: sample.atMs, beganAtMs, wasInAlarm: before.includes(id) }),
      );
      for (const id of active) history.add(id);
      return {
        wentOff: active.filter((id) => !before.includes(id)),
        ended: before.filter((id) => !active.includes(id)),
      };
    },
    get history() {
      return [...history];
    },
    get active() {
      return active;
    },
  };
}
