import { signToken } from "../xt/sign-token.ts";
import { meetExchange, xtAnswers } from "./fault-plans.ts";
import { REAUTHORIZE } from "./remedies.ts";
import type { Scenario } from "./scenario.ts";
import type { StoryWorld } from "./story-world.ts";

const DAY_MS = 24 * 60 * 60_000;

/** What goes wrong at XT and on the way to it. */
export const XT_SCENARIOS: readonly Scenario[] = [
  {
    name: "xt-down-half-a-day",
    story: "XT answers 503 for twelve hours, without spending the token",
    scenes: [
      {
        title: "the renewal is due, and XT answers 503: whether it has spent the token, it does not say",
        faults: () => xtAnswers(503),
        ticks: 48,
        expected: { ExchangeOutcomeUnknown: 14, idle: 34 },
      },
      { title: "XT is back, and the backoff ends", ticks: 16, expected: { rotated: 1, idle: 15 } },
    ],
    alarms: ["TicksNotSucceeding", "PersonNeeded", "AccessTokenExpiring"],
    isLost: false,
  },
  {
    name: "throttled",
    story: "XT answers 429 for three hours",
    scenes: [
      {
        title: "the renewal is due, and XT asks for fewer requests",
        faults: () => xtAnswers(429),
        ticks: 12,
        expected: { deferred: 5, idle: 7 },
      },
      { title: "XT takes requests again", ticks: 4, expected: { rotated: 1, idle: 3 } },
    ],
    alarms: ["TicksNotSucceeding", "PersonNeeded"],
    isLost: false,
  },
  {
    name: "rejected",
    story: "XT refuses a living refresh token for three hours, as for a locked account",
    scenes: [
      {
        title: "the renewal is due, and XT refuses the token, which it has not spent",
        faults: () => xtAnswers(200, '{"rc":1,"mc":"AUTH_105","ma":[],"result":null}'),
        ticks: 12,
        expected: { RotationRejected: 5, idle: 7 },
      },
      { title: "XT has unlocked the account", ticks: 12, expected: { rotated: 1, idle: 11 } },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding"],
    isLost: false,
  },
  {
    name: "answer-lost-healed",
    story: "XT spends the token and its answer is lost, and XT takes a spent token for another hour",
    reuse: { graceMs: 60 * 60_000 },
    scenes: [
      {
        title: "the renewal is due, and the connection breaks before XT's answer arrives",
        faults: () => meetExchange({ kind: "drop", when: "after" }),
        expected: { ExchangeOutcomeUnknown: 1 },
      },
      {
        title: "the next tick presents the token again, and XT grants another pair",
        ticks: 7,
        expected: { rotated: 1, idle: 6 },
      },
    ],
    alarms: [],
    isLost: false,
  },
  {
    name: "answer-lost",
    story: "XT spends the token and its answer is lost, and XT takes no token twice",
    scenes: [
      {
        title: "the renewal is due, and the connection breaks before XT's answer arrives",
        faults: () => meetExchange({ kind: "drop", when: "after" }),
        expected: { ExchangeOutcomeUnknown: 1 },
      },
      {
        title: "the next tick presents the token again, since only XT knows what it is worth",
        ticks: 4,
        expected: { RotationRejected: 2, idle: 2 },
      },
    ],
    alarms: ["PersonNeeded", "TicksNotSucceeding"],
    isLost: true,
    remedy: [REAUTHORIZE],
  },
  {
    name: "answer-cut-off",
    story: "XT's answer breaks off inside the refresh token",
    scenes: [
      {
        title: "the renewal is due, and of the new pair only the access token arrives: workloads get it",
        faults: (world) => {
          const body = `{"rc":0,"mc":"SUCCESS","result":{"access_token":"${accessToken(world)}","refresh_token":"eyJhbGci`;
          return meetExchange({ kind: "reply", when: "after", status: 200, body });
        },
        expected: { RefreshTokenUnreadable: 1 },
      },
    ],
    alarms: ["PersonNeeded"],
    isLost: true,
    remedy: [REAUTHORIZE],
  },
  {
    name: "refresh-token-not-renewed",
    story: "XT renews access tokens and issues no refresh token, until the old one's end is near",
    refreshLifetimeMs: 8 * DAY_MS,
    scenes: [
      {
        title: "the renewal is due, and the answer holds an access token alone: the refresh token is kept",
        faults: (world) => {
          const body = JSON.stringify({ rc: 0, mc: "SUCCESS", result: { access_token: accessToken(world) } });
          return meetExchange({ kind: "reply", when: "before", status: 200, body });
        },
        ticks: 34,
        expected: { rotated: 1, idle: 33 },
      },
    ],
    alarms: ["RefreshTokenExpiring"],
    isLost: false,
    remedy: [REAUTHORIZE],
  },
];

/** A day's access token as XT would issue it. */
function accessToken(world: StoryWorld): string {
  const exp = Math.floor((world.now() + DAY_MS) / 1_000);
  return signToken({
    sub: "12345678",
    "user-id": 12_345_678,
    scope: "userinfo",
    iss: "xt.com",
    exp,
    client_id: "sandbox",
  });
}
