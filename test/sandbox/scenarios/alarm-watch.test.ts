import { expect, it } from "vitest";
import type { AlarmCondition } from "../../../lib/alarms.ts";
import {
  createAlarmWatch,
  isInAlarm,
  type Metrics,
  type Moment,
  readMetrics,
} from "../../../sandbox/scenarios/alarm-watch.ts";

const MINUTE_MS = 60_000;

const PERSON_NEEDED: AlarmCondition = {
  sentence: "",
  metricName: "Severity",
  statistic: "Maximum",
  comparison: "at least",
  threshold: 4,
  periodMinutes: 10,
  periods: 2,
  breachingPeriods: 1,
  missing: "notBreaching",
};
const SILENCE: AlarmCondition = {
  ...PERSON_NEEDED,
  statistic: "Minimum",
  threshold: 3,
  periods: 3,
  breachingPeriods: 3,
  missing: "breaching",
};
const RUNS_OUT: AlarmCondition = {
  ...PERSON_NEEDED,
  metricName: "AccessTokenLifeLeft",
  statistic: "Minimum",
  comparison: "below",
  threshold: 15,
  periods: 1,
  missing: "ignore",
};

/** Whether the alarm is on at each of these minutes, when ticks wrote this at those. */
function states(
  condition: AlarmCondition,
  ticks: Readonly<Record<number, readonly Metrics[]>>,
  atMinutes: readonly number[],
  moment: Partial<Moment> = {},
): readonly boolean[] {
  const samples = Object.entries(ticks).map(([minute, metrics]) => ({ atMs: Number(minute) * MINUTE_MS, metrics }));
  return atMinutes.map((minute) =>
    isInAlarm(condition, samples, { nowMs: minute * MINUTE_MS, beganAtMs: 0, wasInAlarm: false, ...moment }),
  );
}

it("rings at one value, and until its periods have passed", () => {
  expect(states(PERSON_NEEDED, { 100: [{ Severity: 4 }] }, [100, 119, 120])).toEqual([true, true, false]);
});

it("goes by the worst run of a period where it looks for the worst, and by the best where it looks for the best", () => {
  const twoRuns = { 100: [{ Severity: 4 }, { Severity: 0 }], 90: [{ Severity: 3 }], 80: [{ Severity: 3 }] };

  expect(states(PERSON_NEEDED, twoRuns, [100])).toEqual([true]);
  expect(states(SILENCE, twoRuns, [100])).toEqual([false]);
});

it("rings when every period breaches, whether its ticks failed or did not run", () => {
  const ticks = { 100: [{ Severity: 0 }], 110: [{ Severity: 3 }], 120: [] };

  expect(states(SILENCE, ticks, [120, 130])).toEqual([false, true]);
});

it("takes what was before the story to have been well", () => {
  expect(states(SILENCE, {}, [10, 20])).toEqual([false, true]);
});

it.each([true, false])("stays as it was (%s) where a value is missing and missing values are ignored", (wasInAlarm) => {
  expect(states(RUNS_OUT, { 100: [{ Severity: 3 }] }, [100], { wasInAlarm })).toEqual([wasInAlarm]);
});

it("rings below the threshold, and not at it", () => {
  expect(states(RUNS_OUT, { 100: [{ AccessTokenLifeLeft: 14 }] }, [100])).toEqual([true]);
  expect(states(RUNS_OUT, { 100: [{ AccessTokenLifeLeft: 15 }] }, [100])).toEqual([false]);
});

it("tells which alarms went off and which ended, with each tick", () => {
  const watch = createAlarmWatch(0);
  const ticks = [4, 4, 4, 4, 0, 0].map((Severity) => [{ Severity, ConnectionsUnattended: 0 }]);

  const changes = ticks.map((metrics, tick) => watch.see({ atMs: tick * 15 * MINUTE_MS, metrics }));

  expect(changes).toEqual([
    { wentOff: ["PersonNeeded"], ended: [] },
    { wentOff: [], ended: [] },
    { wentOff: [], ended: [] },
    { wentOff: ["TicksNotSucceeding"], ended: [] },
    { wentOff: [], ended: ["TicksNotSucceeding"] },
    { wentOff: [], ended: ["PersonNeeded"] },
  ]);
  expect(watch.history).toEqual(["PersonNeeded", "TicksNotSucceeding"]);
  expect(watch.active).toEqual([]);
});

it("reads what the metric lines of an output declare, each run by itself, and nothing of the other lines", () => {
  const line = (values: Metrics) => {
    const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: "None" }));
    const _aws = { Timestamp: 0, CloudWatchMetrics: [{ Namespace: "N", Dimensions: [[]], Metrics }] };
    return JSON.stringify({ _aws, undeclared: 1, ...values });
  };
  const output = ["(node:1) Warning: old", line({ Severity: 3 }), '{"level":"INFO"}', line({ Severity: 0 }), ""];

  expect(readMetrics(output.join("\n"))).toEqual([{ Severity: 3 }, { Severity: 0 }]);
});
