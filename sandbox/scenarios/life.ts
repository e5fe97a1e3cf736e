import { meet } from "./fault-plans.ts";
import type { Scenario } from "./scenario.ts";

/** Two days of one connection, with one fault in it: what `npm start` plays. */
export const LIFE: Scenario = {
  name: "life",
  story: "a connection is seeded, renewed at two thirds of its life, and settled after a run that dies",
  begins: "unseeded",
  scenes: [
    {
      title: "a person seeds it: client credentials and one refresh token",
      prepare: (world) => world.seed(),
      ticks: 60,
      expected: { rotated: 1, idle: 59 },
    },
    {
      title: "two thirds of the access token's day are nearly over",
      ticks: 10,
      expected: { rotated: 1, idle: 9 },
    },
    { title: "half a day later", ticks: 48, expected: { idle: 48 } },
    {
      title: "nearly due again, and this time the process is killed between XT's answer and the promotion",
      faults: (world) => meet("promoting", world.kill("before")),
      ticks: 22,
      expected: { died: 1, settled: 1, idle: 20 },
    },
  ],
  alarms: [],
  isLost: false,
};
