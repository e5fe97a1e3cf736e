import { expect, it } from "vitest";
import type { Verdict } from "../../lambda/contract.ts";
import { type Circumstances, decide } from "../../lambda/rotation/decide.ts";
import { diagnose, inWords, judgeMissing } from "../../lambda/rotation/diagnose.ts";
import type { Facts } from "../../lambda/rotation/facts.ts";
import { readPair, writePair } from "../../lambda/rotation/pair-document.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { at, attemptOnV1, current, facts, issued, pair } from "./given.ts";

/** What is said of a state at this time of day, when a tick decides what it decides in it. */
function judge(
  time: string,
  given: Partial<Facts> = {},
  policy: Circumstances["unknownOutcomePolicy"] = "replay",
): Verdict {
  const seen = facts(given);
  const decision = decide(seen, { nowMs: at(time), force: false, unknownOutcomePolicy: policy });
  return diagnose({ facts: seen, decision, nowMs: at(time) });
}

const ABSENT = { kind: "absent", versionId: undefined } as const;
const MALFORMED = { kind: "malformed", versionId: "v1", problem: "the value must be JSON" } as const;
const UNUSABLE = { kind: "unusable", problem: "has no value" } as const;
const DENIED = {
  kind: "unavailable",
  error: new StoreUnavailable("secretsmanager", "GetSecretValue", "client-secret", "AccessDeniedException"),
} as const;
const SLOW = {
  kind: "unavailable",
  error: new StoreUnavailable("secretsmanager", "GetSecretValue", "client-secret", "TimeoutError"),
} as const;
const LONG = current({ expiresAtMs: at("06:00") + 10 * 24 * 60 * 60_000 });
const LOST = { isRejected: true, mayBeLost: true };
const AHEAD = { ...attemptOnV1("open").record, startedAtMs: at("14:50"), deadlineAtMs: at("14:52") };

type Row = readonly [state: string, time: string, given: Partial<Facts>, Omit<Verdict, "message">];

const well = (code: string) => ({ severity: 0, code, next: null }) as const;
const heals = (code: string, next: string | null = null) => ({ severity: 3, code, next }) as const;
const bad = (code: string, next: string | null) => ({ severity: 4, code, next }) as const;

const ROWS: readonly Row[] = [
  ["a pair that is not due", "11:00", {}, well("not-due")],
  ["a renewal that the next tick makes", "12:29", {}, well("due")],
  ["a renewal that two ticks have missed", "12:30", {}, heals("overdue", "rotate")],
  [
    "a renewal that no tick has made for five hours",
    "23:40",
    { current: current({ expiresAtMs: at("23:59"), origin: undefined }) },
    bad("overdue", "rotate"),
  ],

  ["a secret without a value", "12:00", { current: ABSENT }, bad("not-seeded", "authorize")],
  [
    "no value and no client credentials",
    "12:00",
    { current: ABSENT, clientCredentials: UNUSABLE },
    bad("not-seeded", "seed"),
  ],
  ["a value that is not ours", "12:00", { current: MALFORMED }, bad("malformed", "recover")],
  [
    "unusable client credentials",
    "07:00",
    { clientCredentials: UNUSABLE },
    bad("client-credentials", "seed --credentials-only"),
  ],
  ["client credentials that may not be read", "12:00", { clientCredentials: DENIED }, bad("store-unavailable", null)],
  ["client credentials that cannot be read now", "12:00", { clientCredentials: SLOW }, heals("store-unavailable")],
  ["a staged pair beside the one in use", "12:00", { staged: issued("v1") }, heals("not-promoted", "rotate")],

  ["a first attempt at work", "12:01", { attempt: attemptOnV1("open") }, well("peer-at-work")],
  ["a second attempt at work", "12:01", { attempt: attemptOnV1("open", 2) }, heals("peer-at-work")],
  ["an attempt past its deadline", "12:05", { attempt: attemptOnV1("open") }, heals("attempt-unfinished")],
  ["an attempt that a tick settles", "12:12", { attempt: attemptOnV1("open") }, heals("outcome-unknown", "rotate")],

  ["an attempt that spent nothing, backing off", "12:05", { attempt: attemptOnV1("unspent") }, heals("attempt-failed")],
  [
    "an attempt that spent nothing, over",
    "12:20",
    { attempt: attemptOnV1("unspent") },
    heals("attempt-failed", "rotate"),
  ],
  [
    "a third that spent nothing, backing off",
    "12:30",
    { attempt: attemptOnV1("unspent", 3) },
    bad("attempt-failed", "doctor"),
  ],
  [
    "a third that spent nothing, over",
    "13:00",
    { attempt: attemptOnV1("unspent", 3) },
    bad("attempt-failed", "rotate"),
  ],

  ["a first refusal", "12:05", { attempt: attemptOnV1("unspent", 1, { isRejected: true }) }, heals("refused")],
  [
    "a second refusal, over",
    "12:40",
    { attempt: attemptOnV1("unspent", 2, { isRejected: true }) },
    heals("refused", "rotate"),
  ],
  [
    "a third refusal",
    "12:05",
    { attempt: attemptOnV1("unspent", 3, { isRejected: true }) },
    bad("refused", "authorize"),
  ],
  [
    "a refusal after a void, backing off",
    "12:05",
    { attempt: attemptOnV1("unspent", 2, LOST) },
    bad("pair-lost", "authorize"),
  ],
  [
    "a refusal after a void, over",
    "12:40",
    { attempt: attemptOnV1("unspent", 2, LOST) },
    bad("pair-lost", "authorize"),
  ],

  [
    "a lost pair whose access token expired",
    "15:10",
    { attempt: attemptOnV1("unspent", 2, LOST) },
    bad("pair-lost", "authorize"),
  ],
  ["an unknown outcome, backing off", "12:13", { attempt: attemptOnV1("unknown") }, heals("outcome-unknown")],
  ["an unknown outcome, over", "12:20", { attempt: attemptOnV1("unknown") }, heals("outcome-unknown", "rotate")],
  [
    "a third unknown outcome, backing off",
    "12:30",
    { attempt: attemptOnV1("unknown", 3) },
    bad("outcome-unknown", "rotate --now"),
  ],

  [
    "an expired refresh token",
    "12:00",
    { current: current({ refreshExpiresAtMs: at("12:00") }) },
    bad("refresh-token-expired", "authorize"),
  ],
  [
    "a doubtful refresh token",
    "11:00",
    { current: current({ isRefreshTokenDoubtful: true }) },
    bad("refresh-token-doubtful", "authorize"),
  ],
  ["an expired access token", "15:00", {}, bad("access-token-expired", "rotate")],
  ["an expired access token, backing off", "15:10", expiredBackingOff(), bad("access-token-expired", "rotate --now")],
  [
    "an expired access token, a peer at work",
    "12:01",
    { current: current({ expiresAtMs: at("12:00") }), attempt: attemptOnV1("open") },
    bad("access-token-expired", null),
  ],
  ["an expired access token beside a staged pair", "16:00", { staged: issued("v1") }, heals("not-promoted", "rotate")],

  [
    "an attempt by a clock that runs ahead, token outliving it",
    "12:00",
    { current: LONG, attempt: { ...attemptOnV1("open"), record: AHEAD } },
    heals("clock-ahead"),
  ],
  [
    "an attempt by a clock that runs ahead, token dying first",
    "12:00",
    { attempt: { ...attemptOnV1("open"), record: AHEAD } },
    bad("clock-ahead", "authorize"),
  ],
];

/** An attempt of 15:05 on a pair that expired at 15:00. */
function expiredBackingOff(): Partial<Facts> {
  const attempt = attemptOnV1("unspent");
  return {
    attempt: { ...attempt, record: { ...attempt.record, startedAtMs: at("15:05"), deadlineAtMs: at("15:07") } },
  };
}

it.each(ROWS)("judges %s", (_, time, given, expected) => {
  expect(judge(time, given)).toEqual({ ...expected, message: expect.any(String) });
});

it("offers to present a held token again", () => {
  expect(judge("12:13", { attempt: attemptOnV1("unknown") }, "hold")).toEqual({
    severity: 4,
    code: "held",
    message:
      "attempt 1 may have spent the refresh token and left no pair, and unknownOutcomePolicy is hold: " +
      "decide whether to send the token again, XT may revoke the grant if it was spent",
    next: "rotate --now",
  });
});

it("still knows of a doubtful refresh token after its document was written and read", () => {
  const text = writePair(pair({ isRefreshTokenDoubtful: true }));
  const reading = readPair({ versionId: "v1", text, createdAtMs: at("06:00") });

  const read = reading.kind === "pair" ? reading.pair : pair();
  expect(judge("11:00", { current: { ...current(), pair: read } })).toMatchObject({ code: "refresh-token-doubtful" });
});

it("names rotate only where a tick would act", () => {
  for (const [, time, given, { next }] of ROWS) {
    const decision = decide(facts(given), { nowMs: at(time), force: false, unknownOutcomePolicy: "replay" });
    if (next === "rotate") expect(decision.kind).toMatch(/^(refresh|settle|promote)$/);
  }
});

it("puts a verdict into one sentence", () => {
  expect(inWords({ message: "nobody has seeded this connection", next: "authorize" })).toBe(
    "nobody has seeded this connection, type npx --no xt-token authorize",
  );
  expect(inWords({ message: "the next renewal is at noon", next: null })).toBe("the next renewal is at noon");
});

it("says of a resting connection that others are throttled too, and that nobody has to act", () => {
  const decision = { kind: "idle", code: "resting", untilMs: at("12:10") } as const;

  const verdict = diagnose({ facts: facts(), decision, nowMs: at("12:00") });

  expect(verdict).toEqual({
    severity: 3,
    code: "resting",
    message:
      "XT throttles other connections too and may have locked this address, the next attempt is after 2026-11-23T12:10:00.000Z",
    next: null,
  });
});

it("lets a person force a connection that rests past the end of its access token", () => {
  const decision = { kind: "idle", code: "resting", untilMs: at("15:10") } as const;

  const verdict = diagnose({ facts: facts(), decision, nowMs: at("15:00") });

  expect(verdict).toMatchObject({ severity: 4, code: "access-token-expired", next: "rotate --now" });
});

it("asks for an authorization if a further connection has no secret", () => {
  expect(judgeMissing("desk-a")).toEqual({
    severity: 4,
    code: "not-connected",
    message: "there is no connection desk-a: check the name, or authorize it for the first time",
    next: "authorize",
  });
});
