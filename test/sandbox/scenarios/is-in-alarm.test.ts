import { expect, it } from "vitest";
import { type AlarmCondition, isInAlarm, type Moment } from "../../../sandbox/scenarios/is-in-alarm.ts";

const FAILED: AlarmCondition = {
  reading: ({ Failures }) => Failures,
  statistic: "sum",
  comparison: "at least",
  threshold: 1,
  periodMs: 100,
  periods: 1,
  breachingPeriods: 1,
  missing: "not breaching",
};
const SILENT: AlarmCondition = {
  ...FAILED,
  comparison: "below",
  periods: 3,
  breachingPeriods: 3,
  missing: "breaching",
};
const LEFT: AlarmCondition = {
  ...FAILED,
  reading: ({ Left }) => Left,
  statistic: "minimum",
  comparison: "below",
  threshold: 10,
  missing: "ignored",
};

function at(nowMs: number, moment: Partial<Moment> = {}): Moment {
  return { nowMs, beganAtMs: 0, wasInAlarm: false, ...moment };
}

function failuresAt(...times: readonly number[]) {
  return times.map((atMs) => ({ atMs, metrics: { Failures: 1 } }));
}

it("is on from the moment of the occurrence until its period has passed", () => {
  const states = [1_000, 1_099, 1_100].map((nowMs) => isInAlarm(FAILED, failuresAt(1_000), at(nowMs)));

  expect(states).toEqual([true, true, false]);
});

it("remembers an occurrence for as many periods as it looks at", () => {
  const condition = { ...FAILED, periods: 3 };

  const states = [1_299, 1_300].map((nowMs) => isInAlarm(condition, failuresAt(1_000), at(nowMs)));

  expect(states).toEqual([true, false]);
});

it("adds up what one period holds, and nothing beyond it", () => {
  const condition = { ...FAILED, threshold: 2 };

  expect(isInAlarm(condition, failuresAt(950, 1_000), at(1_000))).toBe(true);
  expect(isInAlarm(condition, failuresAt(900, 1_000), at(1_000))).toBe(false);
});

it("needs as many breaching periods as it asks for, whichever they are", () => {
  const condition = { ...FAILED, periods: 3, breachingPeriods: 2 };

  expect(isInAlarm(condition, failuresAt(850, 900), at(1_000))).toBe(false);
  expect(isInAlarm(condition, failuresAt(800, 1_000), at(1_000))).toBe(true);
});

it("takes silence for an alarm where missing values breach, once all its periods are silent", () => {
  const heartbeat = failuresAt(1_000);

  const states = [1_200, 1_299, 1_300].map((nowMs) => isInAlarm(SILENT, heartbeat, at(nowMs)));

  expect(states).toEqual([false, false, true]);
});

it("takes what was before the story to have been well", () => {
  const states = [100, 199, 200].map((nowMs) => isInAlarm(SILENT, [], at(nowMs, { beganAtMs: 0 })));

  expect(states).toEqual([false, false, true]);
});

it("takes the lowest value of a period where it watches something run out", () => {
  const lowest = [
    { atMs: 1_000, metrics: { Left: 9 } },
    { atMs: 1_050, metrics: { Left: 30 } },
  ];

  expect(isInAlarm(LEFT, lowest, at(1_050))).toBe(true);
  expect(isInAlarm({ ...LEFT, threshold: 9 }, lowest, at(1_050))).toBe(false);
});

it("takes the highest value of a period where it watches something pile up", () => {
  const condition: AlarmCondition = { ...FAILED, statistic: "maximum", threshold: 3 };
  const samples = [3, 1].map((Failures, tick) => ({ atMs: 1_000 + tick, metrics: { Failures } }));

  expect(isInAlarm(condition, samples, at(1_001))).toBe(true);
});

it.each([true, false])("stays as it was (%s) where missing values are ignored", (wasInAlarm) => {
  expect(isInAlarm(LEFT, failuresAt(1_000), at(1_000, { wasInAlarm }))).toBe(wasInAlarm);
});
