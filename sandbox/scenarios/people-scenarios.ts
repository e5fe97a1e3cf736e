import { LABEL } from "../../lambda/contract.ts";
import { TOKEN_SECRET } from "../world.ts";
import { meet, xtAnswers } from "./fault-plans.ts";
import type { Scenario } from "./scenario.ts";

/** What people do, leave undone, or reserve for themselves. */
export const PEOPLE_SCENARIOS: readonly Scenario[] = [
  {
    name: "not-seeded-for-a-day",
    story: "the stack is deployed, and nobody seeds it for a day",
    begins: "unseeded",
    scenes: [{ title: "the first tick after the deployment", ticks: 97, expected: { halted: 97 } }],
    alarms: ["PersonNeeded"],
    isLost: false,
    remedy: [
      { title: "a person seeds it", prepare: (world) => world.seed(), ticks: 5, expected: { rotated: 1, idle: 4 } },
    ],
  },
  {
    name: "malformed",
    story: "somebody saves a note into the token secret by mistake",
    scenes: [
      {
        title: "AWSCURRENT holds no pair: nothing is overwritten, the living one is in AWSPREVIOUS",
        prepare: ({ secretsManager }) => secretsManager.put(TOKEN_SECRET, "remember to rotate this"),
        ticks: 4,
        expected: { halted: 4 },
      },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding"],
    isLost: false,
    remedy: [
      {
        title: "the person moves AWSCURRENT back to the pair: npx --no xt-token recover",
        prepare: ({ secretsManager }) =>
          secretsManager.moveLabel(TOKEN_SECRET, LABEL.current, secretsManager.labels(TOKEN_SECRET)[LABEL.previous]),
        ticks: 3,
        expected: { rotated: 1, idle: 2 },
      },
    ],
  },
  {
    name: "reseeded-meanwhile",
    story: "a person seeds a new grant in the very moment of a promotion",
    scenes: [
      {
        title: "the renewal is due, and AWSCURRENT moves to the person's pair first: theirs stands",
        faults: (world) => meet("promoting", { kind: "act", when: "before", act: () => world.seed() }),
        expected: { deferred: 1 },
      },
      { title: "the next tick renews the person's pair", ticks: 2, expected: { rotated: 1, idle: 1 } },
    ],
    alarms: [],
    isLost: false,
  },
  {
    name: "held",
    story: "XT's answer is lost, and the setting unknownOutcomePolicy says hold: a person decides",
    unknownOutcomePolicy: "hold",
    scenes: [
      {
        title: "the renewal is due, and XT answers 503",
        faults: () => xtAnswers(503),
        expected: { ExchangeOutcomeUnknown: 1 },
      },
      { title: "XT is back, and the rotation stands still on purpose", ticks: 4, expected: { halted: 4 } },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding"],
    isLost: false,
    remedy: [
      {
        title: "the person forces the token: npx --no xt-token rotate --now",
        event: { force: true },
        expected: { rotated: 1 },
      },
      { title: "the next tick", ticks: 6, expected: { idle: 6 } },
    ],
  },
];
