import { expect, it } from "vitest";
import { monthlyCost, total, type Usage } from "./cost.ts";

/** A tick every quarter of an hour, as deployed. */
const USAGE: Usage = {
  secrets: 2,
  ticksPerHour: 4,
  calls: { idleTick: 3, rotation: 6 },
  secondsPerTick: 1,
  memoryMiB: 1_769,
  logBytes: { idleTick: 2_000, rotation: 2_500 },
  metrics: { everyTick: 4, rotation: 3 },
  alarms: 11,
  compositeAlarms: 1,
  dashboards: 1,
};

function listOf(usage: Usage): readonly number[] {
  return monthlyCost(usage).map(({ list }) => Number(list.toFixed(4)));
}

it("bills a month in which nothing is due by the list", () => {
  // given 2,920 ticks
  // when
  const list = listOf(USAGE);

  // then: secrets, calls, Lambda, Scheduler, logs, metrics, alarms, dashboard
  expect(list).toEqual([0.8, 0.0438, 0.0678, 0.0029, 0.0029, 1.2, 1.6, 3]);
});

it("bills rotations by the calls, the bytes and the metrics that they have more", () => {
  // given a rotation in every sixteenth hour
  // when
  const list = listOf({ ...USAGE, hoursPerRotation: 16 });

  // then: 45.625 rotations of three calls more, and three metrics in one hour of sixteen
  expect(list).toEqual([0.8, 0.0445, 0.0678, 0.0029, 0.0029, 1.2562, 1.6, 3]);
});

it("bills a metric once an hour, however often it is written", () => {
  // given four rotations an hour
  // when
  const list = listOf({ ...USAGE, hoursPerRotation: 0.25 });

  // then: seven metrics
  expect(list[5]).toBe(2.1);
});

it("takes off what is free: all but the secrets, their calls, the eleventh alarm and the composite", () => {
  // given
  const items = monthlyCost(USAGE);

  // when
  const free = items.map(({ withFreeTier }) => Number(withFreeTier.toFixed(4)));

  // then
  expect(free).toEqual([0.8, 0.0438, 0, 0, 0, 0, 0.6, 0]);
});

it("adds up", () => {
  // given
  const items = [
    { title: "one", list: 1.25, withFreeTier: 0 },
    { title: "other", list: 2, withFreeTier: 0.5 },
  ];

  // when
  const sum = total(items);

  // then
  expect(sum).toEqual({ list: 3.25, withFreeTier: 0.5 });
});
