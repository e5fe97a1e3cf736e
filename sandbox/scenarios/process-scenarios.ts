import { meet, meetExchange } from "./fault-plans.ts";
import { REAUTHORIZE } from "./remedies.ts";
import type { Scenario } from "./scenario.ts";

/** What becomes of the runs themselves. */
export const PROCESS_SCENARIOS: readonly Scenario[] = [
  {
    name: "killed-before-promotion",
    story: "the process dies when the new pair is written and AWSCURRENT has not moved to it",
    scenes: [
      {
        title: "the renewal is due, and the process dies before the promotion",
        faults: (world) => meet("promoting", world.kill("before")),
        expected: { died: 1 },
      },
      { title: "the next tick promotes what it left", ticks: 2, expected: { settled: 1, idle: 1 } },
    ],
    alarms: [],
    isLost: false,
  },
  {
    name: "killed-after-exchange",
    story: "the process dies in the milliseconds between XT's answer and the first write: the one window",
    scenes: [
      {
        title: "the renewal is due, and the process dies with the new pair in memory",
        faults: (world) => meetExchange(world.kill("after")),
        expected: { died: 1 },
      },
      {
        title: "no store has a new pair, and XT knows the old token for spent",
        ticks: 8,
        expected: { RotationRejected: 3, idle: 5 },
      },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding"],
    isLost: true,
    remedy: [REAUTHORIZE],
  },
  {
    name: "duplicate-delivery",
    story: "one tick is delivered twice, and both runs mean to spend the same token",
    scenes: [
      {
        title: "the renewal is due, and two runs start at once: one passes the fence",
        arrives: "twice",
        // XT's answer waits until the other run has met the fence, so that the story is the same each time.
        faults: (world) => ({ xt: () => ({ kind: "act", when: "before", act: world.othersEnded }) }),
        expected: { rotated: 1, idle: 1 },
      },
      { title: "the next tick", expected: { idle: 1 } },
    ],
    alarms: [],
    isLost: false,
  },
  {
    name: "ticks-dropped",
    story: "the Scheduler may no longer invoke the function",
    scenes: [
      { title: "the renewal is due, and the tick is dropped", arrives: "dropped", ticks: 6, expected: { dropped: 6 } },
    ],
    alarms: ["ConnectionUnattended", "TicksNotSucceeding"],
    isLost: false,
    remedy: [{ title: "the permission is given back", ticks: 8, expected: { rotated: 1, idle: 7 } }],
  },
  {
    name: "silence",
    story: "somebody switches the schedule off, and nothing fails because nothing runs",
    scenes: [{ title: "the renewal is due, and no tick comes", arrives: "never", ticks: 6, expected: { never: 6 } }],
    alarms: ["TicksNotSucceeding", "ConnectionUnattended"],
    isLost: false,
    remedy: [{ title: "the schedule is enabled again", ticks: 2, expected: { rotated: 1, idle: 1 } }],
  },
];
