import { expect, it } from "vitest";
import { type Circumstances, type Decision, decide } from "../../lambda/rotation/decide.ts";
import type { Facts } from "../../lambda/rotation/facts.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { at, attemptOnV1, CREDENTIALS, current, facts, issued } from "./given.ts";

const REPLAYING = { force: false, unknownOutcomePolicy: "replay" } as const;

function decideAt(time: string, given: Partial<Facts> = {}, asked: Partial<Circumstances> = {}): Decision {
  return decide(facts(given), { ...REPLAYING, nowMs: at(time), ...asked });
}

const UNAVAILABLE = {
  kind: "unavailable",
  error: new StoreUnavailable("secretsmanager", "GetSecretValue", "client-secret", "TimeoutError"),
} as const;
const UNUSABLE = { kind: "unusable", problem: "has no value" } as const;

const MALFORMED = { kind: "malformed", versionId: "v1", problem: "the value must be JSON" } as const;

it.each([false, true])("halts as not seeded where the token secret has no value, with force %s", (force) => {
  const decision = decideAt("12:00", { current: { kind: "absent", versionId: undefined } }, { force });

  expect(decision).toEqual({ kind: "halt", code: "not-seeded", problem: "the token secret has no value" });
});

it.each([false, true])("halts on a malformed value and repeats its problem, with force %s", (force) => {
  const decision = decideAt("12:00", { current: MALFORMED }, { force });

  expect(decision).toEqual({ kind: "halt", code: "malformed", problem: "the value must be JSON" });
});

it("promotes a staged pair that AWSCURRENT's token bought", () => {
  const staged = issued("v1");

  const decision = decideAt("07:00", { staged });

  expect(decision).toEqual({ kind: "promote", from: "v1", staged });
});

it("leaves a staged pair alone that does not come from AWSCURRENT's", () => {
  const decision = decideAt("07:00", { staged: issued("v0") });

  expect(decision).toEqual({ kind: "idle", code: "not-due", untilMs: at("12:00") });
});

it("has a pair due at once that a clock issued which ran ahead by more than ten minutes", () => {
  const issuedAt = (time: string) => current({ origin: { parent: "v0", attempt: 1, issuedAtMs: at(time) } });

  expect(decideAt("07:00", { current: issuedAt("07:10:00.001") })).toMatchObject({ kind: "refresh" });
  expect(decideAt("07:00", { current: issuedAt("07:10") })).toMatchObject({ kind: "idle", code: "not-due" });
});

it.each(["12:00", "12:02", "12:11:59.999"])("leaves an open attempt at work at %s, deadline 12:02", (time) => {
  const decision = decideAt(time, { attempt: attemptOnV1("open") });

  expect(decision).toEqual({ kind: "idle", code: "peer-at-work", untilMs: at("12:12") });
});

it("leaves an open attempt at work under force as well", () => {
  const decision = decideAt("12:11:59.999", { attempt: attemptOnV1("open") }, { force: true });

  expect(decision).toEqual({ kind: "idle", code: "peer-at-work", untilMs: at("12:12") });
});

it.each([false, true])("settles an open attempt ten minutes past its deadline, with force %s", (force) => {
  const attempt = attemptOnV1("open");

  const decision = decideAt("12:12", { attempt }, { force });

  expect(decision).toEqual({ kind: "settle", attempt });
});

it("halts on an unknown outcome under the hold policy, however long ago it was", () => {
  const decision = decideAt("23:00", { attempt: attemptOnV1("unknown", 3) }, { unknownOutcomePolicy: "hold" });

  const problem = "attempt 3 may have spent the refresh token and left no pair";
  expect(decision).toEqual({ kind: "halt", code: "held", problem });
});

it("presents a held token again under force", () => {
  const asked = { unknownOutcomePolicy: "hold", force: true } as const;

  const decision = decideAt("12:12", { attempt: attemptOnV1("unknown") }, asked);

  expect(decision).toEqual({ kind: "refresh", parent: current(), attempt: 2, credentials: CREDENTIALS });
});

it("does not hold an attempt that certainly spent nothing", () => {
  const decision = decideAt("12:14", { attempt: attemptOnV1("unspent") }, { unknownOutcomePolicy: "hold" });

  expect(decision.kind).toBe("refresh");
});

it.each([
  ["unspent", 1, "12:14"],
  ["unspent", 2, "12:29"],
  ["unspent", 3, "12:59"],
  ["unspent", 4, "12:59"],
  ["unknown", 2, "12:29"],
] as const)("backs off after %s attempt %i of noon until %s", (state, number, until) => {
  const attempt = attemptOnV1(state, number);

  const before = decide(facts({ attempt }), { ...REPLAYING, nowMs: at(until) - 1 });
  const then = decide(facts({ attempt }), { ...REPLAYING, nowMs: at(until) });

  expect(before).toEqual({ kind: "idle", code: "backing-off", untilMs: at(until) });
  expect(then.kind).toBe("refresh");
});

it("counts no backoff from an attempt that a clock running ahead wrote", () => {
  const decision = decide(facts({ attempt: attemptOnV1("unspent") }), { ...REPLAYING, nowMs: at("11:49:59.999") });

  expect(decision).toEqual({ kind: "idle", code: "not-due", untilMs: at("12:00") });
});

it("skips the backoff under force", () => {
  const decision = decideAt("12:00:01", { attempt: attemptOnV1("unspent") }, { force: true });

  expect(decision).toEqual({ kind: "refresh", parent: current(), attempt: 2, credentials: CREDENTIALS });
});

it.each([false, true])("halts on unusable client credentials long before the renewal, with force %s", (force) => {
  const decision = decideAt("06:00", { clientCredentials: UNUSABLE }, { force });

  expect(decision).toEqual({ kind: "halt", code: "client-credentials", problem: "has no value" });
});

it("is idle to the last millisecond before two thirds of the life are over", () => {
  const decision = decideAt("11:59:59.999");

  expect(decision).toEqual({ kind: "idle", code: "not-due", untilMs: at("12:00") });
});

it("refreshes as attempt 1 from the millisecond in which two thirds of the life are over", () => {
  const decision = decideAt("12:00");

  expect(decision).toEqual({ kind: "refresh", parent: current(), attempt: 1, credentials: CREDENTIALS });
});

it("refreshes a seeded pair of unknown lifetime at once", () => {
  const seeded = current({ expiresAtMs: undefined });

  const decision = decideAt("06:00", { current: seeded });

  expect(decision).toEqual({ kind: "refresh", parent: seeded, attempt: 1, credentials: CREDENTIALS });
});

it("refreshes before the renewal is due under force", () => {
  const decision = decideAt("06:00", {}, { force: true });

  expect(decision).toEqual({ kind: "refresh", parent: current(), attempt: 1, credentials: CREDENTIALS });
});

it.each(["unspent", "unknown"] as const)("counts on from an %s attempt", (state) => {
  const decision = decideAt("15:00", { attempt: attemptOnV1(state, 41) });

  expect(decision).toEqual({ kind: "refresh", parent: current(), attempt: 42, credentials: CREDENTIALS });
});

it("fails with the reason for which the client credentials cannot be had once a refresh needs them", () => {
  const decision = decideAt("12:00", { clientCredentials: UNAVAILABLE });

  expect(decision).toEqual({ kind: "fail", error: UNAVAILABLE.error });
});

it("promotes an authorized pair where AWSCURRENT is still on the record of its authorization", () => {
  const staged = { ...issued("v1"), succeedsCurrent: true };

  const decision = decideAt("12:00", { current: { kind: "absent", versionId: "v1" }, staged });

  expect(decision).toEqual({ kind: "promote", from: "v1", staged });
});

it.each([false, true])(
  "searches the escrow before the next attempt after an unknown outcome, with force %s",
  (force) => {
    const attempt = attemptOnV1("unspent", 2, { mayBeLost: true });

    const before = decideAt("12:29", { attempt }, { force });
    const then = decideAt("12:29", { attempt: { ...attempt, isSearched: true } }, { force });

    expect(before).toEqual({ kind: "settle", attempt });
    expect(then).toMatchObject({ kind: "refresh", attempt: 3 });
  },
);

/** What one look shows, so that two neighbouring policies apply to it. */
interface Case {
  readonly time: string;
  readonly given: Partial<Facts>;
  readonly asked?: Partial<Circumstances>;
  readonly decided: { readonly kind: string; readonly code?: string };
}

const CASES: Readonly<Record<string, Case>> = {
  "promotes before it halts on a malformed value": {
    time: "12:00",
    given: { current: MALFORMED, staged: issued("v1") },
    decided: { kind: "promote" },
  },
  "promotes while a peer is at work": {
    time: "12:01",
    given: { staged: issued("v1"), attempt: attemptOnV1("open") },
    decided: { kind: "promote" },
  },
  "leaves a peer at work before it settles": {
    time: "12:11",
    given: { attempt: attemptOnV1("open") },
    decided: { kind: "idle", code: "peer-at-work" },
  },
  // Settling and holding never meet: one wants an open attempt and the other an unknown one. Backing off is next.
  "settles a dead attempt before it backs off": {
    time: "12:13",
    given: { attempt: attemptOnV1("open") },
    decided: { kind: "settle" },
  },
  "holds an unknown outcome before it backs off": {
    time: "12:13",
    given: { attempt: attemptOnV1("unknown") },
    asked: { unknownOutcomePolicy: "hold" },
    decided: { kind: "halt", code: "held" },
  },
  "backs off before it searches the escrow": {
    time: "12:13",
    given: { attempt: attemptOnV1("unspent", 2, { mayBeLost: true }) },
    decided: { kind: "idle", code: "backing-off" },
  },
  "searches the escrow before it complains about client credentials": {
    time: "12:29",
    given: { attempt: attemptOnV1("unspent", 2, { mayBeLost: true }), clientCredentials: UNUSABLE },
    decided: { kind: "settle" },
  },
  "backs off before it complains about client credentials": {
    time: "12:13",
    given: { attempt: attemptOnV1("unspent"), clientCredentials: UNUSABLE },
    decided: { kind: "idle", code: "backing-off" },
  },
  "complains about client credentials before it waits for the renewal": {
    time: "11:00",
    given: { clientCredentials: UNUSABLE },
    decided: { kind: "halt", code: "client-credentials" },
  },
  "waits for the renewal before it fails for lack of client credentials": {
    time: "11:00",
    given: { clientCredentials: UNAVAILABLE },
    decided: { kind: "idle", code: "not-due" },
  },
};

it.each(Object.entries(CASES))("%s", (_, { time, given, asked, decided }) => {
  expect(decideAt(time, given, asked)).toMatchObject(decided);
});

it("lets a due connection rest while XT throttles others", () => {
  const decision = decideAt("12:00", {}, { restUntilMs: at("12:10") });

  expect(decision).toEqual({ kind: "idle", code: "resting", untilMs: at("12:10") });
});

it.each([
  ["the rest is over", "12:10", {}],
  ["a person forces it", "12:00", { force: true }],
  ["nobody rests", "12:00", { restUntilMs: undefined }],
])("renews what is due where %s", (_where, time, asked) => {
  const decision = decideAt(time, {}, { restUntilMs: at("12:10"), ...asked });

  expect(decision).toEqual({ kind: "refresh", parent: current(), attempt: 1, credentials: CREDENTIALS });
});

it("says when a connection is due, even while XT throttles others", () => {
  const decision = decideAt("11:59", {}, { restUntilMs: at("12:10") });

  expect(decision).toEqual({ kind: "idle", code: "not-due", untilMs: at("12:00") });
});

it.each<[Decision["kind"], Partial<Facts>]>([
  ["promote", { staged: issued("v1") }],
  ["publish", { publication: { kind: "published", versionId: "v0", isAhead: false } }],
  ["settle", { attempt: attemptOnV1("open") }],
  ["adopt", { authorization: { deadlineAtMs: at("12:02") } }],
])("does not rest where it has to %s, which XT is not asked for", (kind, given) => {
  const decision = decideAt("12:12", given, { restUntilMs: at("12:20") });

  expect(decision.kind).toBe(kind);
});
