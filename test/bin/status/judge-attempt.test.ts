import { expect, it } from "vitest";
import type { Sight } from "../../../bin/status/sight.ts";
import {
  attemptBegun,
  HOUR_MS,
  inUse,
  MINUTE_MS,
  NOW_MS,
  pair,
  pairExpiring,
  sight,
  verdictOn,
} from "../fixtures/sight.ts";

const DUE = { current: inUse(pairExpiring(7 * HOUR_MS + 45 * MINUTE_MS)) };
const EXPIRED = { current: inUse(pairExpiring(-MINUTE_MS)) };
const NOWHERE = { trace: { kind: "nowhere" } } as const;
const NAMES = "--token-secret xt/token --client-secret xt/client";
const LOG =
  'aws logs tail "$(aws lambda get-function-configuration --function-name rotation:live --region eu-west-1 --query ' +
  'LoggingConfig.LogGroup --output text)" --region eu-west-1 --since 3h --filter-pattern \'{ $.level = "WARN" || $.level = "ERROR" }\'';

/** The same, deployed by a stack that the person named. */
function deployed(seen: Sight): Sight {
  const stack = { stackName: "XtTokenRotation", functionName: "rotation:live" };
  return { ...seen, target: { ...seen.target, region: "eu-west-1", stack } };
}

it.each([
  [
    { kind: "unreachable", code: "AccessDeniedException" },
    { kind: "unseen", code: "AccessDeniedException" },
    "since the escrow cannot be asked",
    `npx xt-token doctor ${NAMES}`,
  ],
  [
    { kind: "unnamed" },
    { kind: "nowhere" },
    "since nobody said where the escrow is",
    `npx xt-token status --escrow-prefix <path> ${NAMES}`,
  ],
] as const)("does not say that a dead attempt left no pair with an escrow of %j", (escrow, trace, why, next) => {
  const { findings } = verdictOn(sight({ ...DUE, attempt: attemptBegun(15 * MINUTE_MS) }, { trace, escrow }));

  expect(findings).toContainEqual({
    severity: "attention",
    code: "outcome-unknown",
    message: `attempt 1 did not finish by 2026-11-23 11:47:00Z, whether it left a pair is not known, ${why}`,
    next,
  });
});

it("has a person grant access again where the outcome is unknown and the access token has expired", () => {
  const { findings } = verdictOn(sight({ ...EXPIRED, attempt: attemptBegun(15 * MINUTE_MS) }, NOWHERE));

  expect(findings.filter(({ code }) => code !== "no-tick")).toMatchObject([
    { code: "access-expired", next: `npx xt-token authorize --redirect-uri <URI> ${NAMES}` },
    { code: "outcome-unknown", next: `npx xt-token authorize --redirect-uri <URI> ${NAMES}` },
  ]);
});

it("names the time until which another run may be at work, and has nobody rotate beside it", () => {
  const { findings } = verdictOn(sight({ ...EXPIRED, attempt: attemptBegun(MINUTE_MS) }, NOWHERE));

  expect(findings[0]).toEqual({
    severity: "broken",
    code: "access-expired",
    message:
      "the access token expired 1 min ago: workloads are refused by XT, and another run may be at work until 2026-11-23 12:11:00Z, look again then",
  });
});

it.each([
  ["the second attempt", pairExpiring(7 * HOUR_MS + 45 * MINUTE_MS), 2, "attention"],
  ["a renewal that is 31 minutes overdue", pairExpiring(8 * HOUR_MS - 31 * MINUTE_MS), 1, "attention"],
  ["a renewal that is 30 minutes overdue", pairExpiring(8 * HOUR_MS - 30 * MINUTE_MS), 1, "note"],
])("judges %s at work", (_what, held, attempt, severity) => {
  const facts = { current: inUse(held), attempt: attemptBegun(MINUTE_MS, "open", attempt) };

  expect(verdictOn(sight(facts, NOWHERE)).findings).toMatchObject([{ severity, code: "at-work" }]);
});

it("tells of an attempt record from a clock that runs ahead, and of the token that lives long enough", () => {
  const { health, findings } = verdictOn(sight({ ...DUE, attempt: attemptBegun(-HOUR_MS) }, NOWHERE));

  expect(health).toBe("attention");
  expect(findings).toEqual([
    {
      severity: "attention",
      code: "clock-ahead",
      message:
        "attempt 1 was written by a clock that runs ahead of this one (1 h or more), ticks stand back until 2026-11-23 13:12:00Z",
    },
  ]);
});

it("has a person pass over an attempt from a clock ahead where the access token ends before", () => {
  const current = inUse(pairExpiring(HOUR_MS));

  const { findings } = verdictOn(sight({ current, attempt: attemptBegun(-HOUR_MS) }, NOWHERE));

  expect(findings).toContainEqual(
    expect.objectContaining({
      message: expect.stringMatching(/, and the access token may not last so long$/),
      next: `npx xt-token authorize --redirect-uri <URI> --yes ${NAMES}`,
    }),
  );
});

it("bears with a clock that is two minutes ahead", () => {
  const { findings } = verdictOn(sight({ ...DUE, attempt: attemptBegun(-2 * MINUTE_MS) }, NOWHERE));

  expect(findings).toMatchObject([{ severity: "note", code: "at-work" }]);
});

it("does not take a pair that AWSCURRENT was moved back from for work that waits for a tick", () => {
  const staged = { versionId: "v2", pair: pair(), succeedsCurrent: true };
  const description = { arn: "arn", holders: new Map(Object.entries({ AWSCURRENT: "v1", AWSPREVIOUS: "v2" })) };

  const verdict = verdictOn(sight({ staged }, { description, nowMs: NOW_MS + 12 * HOUR_MS }));

  expect(verdict).toEqual({
    health: "attention",
    findings: [
      {
        severity: "attention",
        code: "not-promoted",
        message:
          "AWSCURRENT was moved back, or a run died before it could promote version v2: the pair is safe, and a tick promotes it",
        next: `npx xt-token rotate ${NAMES}`,
      },
    ],
  });
});

it("says where the function's log is, by a command that can be pasted", () => {
  const { findings } = verdictOn(deployed(sight({ ...DUE, attempt: attemptBegun(MINUTE_MS, "unspent") })));

  expect(findings).toMatchObject([{ code: "attempt-failed", next: LOG }]);
});

it.each([1, 3])("looks at the pair under XT_ISSUED first where attempt %s on another was turned away", (attempt) => {
  const staged = { versionId: "v2", pair: pair(), succeedsCurrent: false };

  const { findings } = verdictOn(sight({ ...DUE, staged, attempt: attemptBegun(MINUTE_MS, "unspent", attempt) }));

  expect(findings[0]?.next).toBe(`npx xt-token recover ${NAMES}`);
});

it("adds to work that waits for a tick that ticks may run and fail", () => {
  const late = sight({ current: inUse(pairExpiring(7 * HOUR_MS)) });
  const message =
    "work has been waiting for a tick since 2026-11-23 11:00:00Z (1 h): find out whether ticks run, or whether they fail: the " +
    "function's log says why";

  expect(verdictOn(late).findings).toMatchObject([{ code: "no-tick", message }]);
  expect(verdictOn(deployed(late)).findings).toMatchObject([{ code: "no-tick", message: `${message}, type ${LOG}` }]);
});

it("says first that the secrets may be exchanged, and has neither overwritten", () => {
  const current = { kind: "malformed", versionId: "v1", problem: "refresh_token must be a string" } as const;
  const clientCredentials = { kind: "unusable", problem: "must hold client_secret as a string" } as const;

  const { findings } = verdictOn(sight({ current, clientCredentials }));

  expect(findings.map(({ code, next = "" }) => [code, next])).toEqual([
    ["secrets-exchanged", ""],
    ["malformed", `npx xt-token recover ${NAMES}`],
  ]);
  expect(findings[0]?.message).toContain("the two secrets may be exchanged, check both names");
});

it("leaves out the redirect URI that the stack names", () => {
  const seen = deployed(sight({ current: { kind: "absent" } }));
  const stack = {
    stackName: "XtTokenRotation",
    functionName: "rotation:live",
    redirectUri: "https://desk.example/back",
  };

  const { findings } = verdictOn({ ...seen, target: { ...seen.target, stack } });

  expect(findings[0]?.next).toBe("npx xt-token authorize --region eu-west-1");
});
