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
  metrics: 4,
  alarms: 11,
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
  expect(list).toEqual([0.8, 0.0438, 0.0678, 0.0029, 0.0029, 1.2, 1.1, 3]);
});

it("bills rotations by the calls and the bytes that they have more", () => {
  // given a rotation in every sixteenth hour
  // when
  const list = listOf({ ...USAGE, hoursPerRotation: 16 });

  // then: 45.625 rotations of three calls more
  expect(list).toEqual([0.8, 0.0445, 0.0678, 0.0029, 0.0029, 1.2, 1.1, 3]);
});

it("takes off what is free: all but the secrets, their calls and the eleventh alarm", () => {
  // given
  const items = monthlyCost(USAGE);

  // when
  const free = items.map(({ withFreeTier }) => Number(withFreeTier.toFixed(4)));

  // then
  expect(free).toEqual([0.8, 0.0438, 0, 0, 0, 0, 0.1, 0]);
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
