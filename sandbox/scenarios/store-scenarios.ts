import { TOKEN_SECRET } from "../world.ts";
import { fromTheAnswerOn, meet, OUT, refusal, UNAVAILABLE } from "./fault-plans.ts";
import { REAUTHORIZE } from "./remedies.ts";
import type { Scenario } from "./scenario.ts";

/** What goes wrong in and around Secrets Manager. */
export const STORE_SCENARIOS: readonly Scenario[] = [
  {
    name: "store-hiccup",
    story: "Secrets Manager fails twice in the moment in which the new pair has to be written",
    scenes: [
      {
        title: "the renewal is due, and the first two writes of the new pair fail",
        faults: () => meet("staging", UNAVAILABLE, 2),
        expected: { rotated: 1 },
      },
      { title: "the next tick", expected: { idle: 1 } },
    ],
    alarms: [],
    isLost: false,
  },
  {
    name: "store-outage",
    story: "Secrets Manager is down for an hour, from the moment of XT's answer on",
    scenes: [
      {
        title: "the renewal is due, and Secrets Manager fails when XT has answered",
        faults: (world) => fromTheAnswerOn(world, { secretsManager: OUT }),
        expected: { PairEscrowed: 1 },
      },
      {
        title: "it is still down, so that nothing can be looked at",
        faults: () => ({ secretsManager: OUT }),
        ticks: 4,
        expected: { StoreUnavailable: 4 },
      },
      { title: "it is back, and the pair comes home from the escrow", ticks: 12, expected: { settled: 1, idle: 11 } },
    ],
    alarms: ["TicksNotSucceeding"],
    isLost: false,
  },
  {
    name: "both-stores-out",
    story: "Secrets Manager and Parameter Store are down together, from the moment of XT's answer on",
    scenes: [
      {
        title: "the renewal is due, and no store takes the new pair before the run ends",
        faults: (world) => fromTheAnswerOn(world, { secretsManager: OUT, parameterStore: OUT }),
        expected: { PairNotStored: 1 },
      },
      {
        title: "both are back, and XT knows the old token for spent",
        ticks: 4,
        expected: { RotationRejected: 2, idle: 2 },
      },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding"],
    isLost: true,
    remedy: [REAUTHORIZE],
  },
  {
    name: "access-denied",
    story: "somebody takes the function's right to write the token secret away",
    scenes: [
      {
        title: "the renewal is due, and the fence is denied: no token is spent",
        faults: () => meet("fencing", refusal("AccessDeniedException"), Number.POSITIVE_INFINITY),
        ticks: 20,
        expected: { StoreUnavailable: 20 },
      },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding", "ConnectionUnattended", "AccessTokenExpiring"],
    isLost: false,
    remedy: [{ title: "the permission is given back", ticks: 12, expected: { rotated: 1, idle: 11 } }],
  },
  {
    name: "promotion-denied",
    story: "somebody takes away the function's right to move AWSCURRENT, so that the new pair is stored and not in use",
    scenes: [
      {
        title: "the renewal is due, and the promotion is denied",
        faults: () => meet("promoting", refusal("AccessDeniedException"), Number.POSITIVE_INFINITY),
        ticks: 8,
        expected: { PromotionRefused: 8 },
      },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding", "ConnectionUnattended", "PairOutOfPlace"],
    isLost: false,
    remedy: [{ title: "the permission is given back", ticks: 4, expected: { settled: 1, idle: 3 } }],
  },
  {
    name: "key-disabled",
    story: "somebody disables the KMS key that encrypts the secrets",
    scenes: [
      {
        title: "no secret can be read",
        faults: () => meet("reading the pair", refusal("DecryptionFailure"), Number.POSITIVE_INFINITY),
        ticks: 6,
        expected: { StoreUnavailable: 6 },
      },
    ],
    alarms: ["TicksNotSucceeding"],
    isLost: false,
    remedy: [{ title: "the key is enabled again", ticks: 12, expected: { rotated: 1, idle: 11 } }],
  },
  {
    name: "stale-reads",
    story: "for a quarter of an hour Secrets Manager answers reads as they were before the new pair",
    scenes: [
      { title: "the renewal is due", expected: { rotated: 1 } },
      {
        title: "the next tick is shown the labels and the pair of before, and spends nothing on their word",
        prepare: ({ secretsManager }) =>
          secretsManager.answerReadsAsOf(TOKEN_SECRET, { changesAgo: 2, reads: ["describe", "value-by-label"] }),
        expected: { PromotionRefused: 1 },
      },
      {
        title: "reads are true again",
        prepare: ({ secretsManager }) => secretsManager.answerReadsTruly(TOKEN_SECRET),
        expected: { idle: 1 },
      },
    ],
    alarms: [],
    isLost: false,
  },
];
