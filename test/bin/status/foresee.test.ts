import { expect, it } from "vitest";
import { foresee } from "../../../bin/status/foresee.ts";
import { attemptBegun, inUse, MINUTE_MS, NOW_MS, pair, pairExpiring, sight } from "../fixtures/sight.ts";

const DUE = { current: inUse(pairExpiring(7 * 60 * MINUTE_MS)) };
const STAGED = { versionId: "v2", pair: pair() };

it("has nothing to do before the renewal is due", () => {
  expect(foresee(sight())).toEqual({ code: "not-due", does: "has nothing to do before 2026-11-24 02:00:00Z" });
});

it("renews a pair that is due, since it is due", () => {
  expect(foresee(sight(DUE))).toEqual({
    code: "refresh",
    does: "renews the pair, as attempt 1",
    pendingSinceMs: Date.parse("2026-11-23T11:00:00Z"),
  });
});

it("renews after an attempt that failed, since its backoff is over", () => {
  const seen = foresee(sight({ ...DUE, attempt: attemptBegun(20 * MINUTE_MS, "unspent") }));

  expect(seen).toMatchObject({ code: "refresh", does: "renews the pair, as attempt 2" });
  expect(seen.pendingSinceMs).toBe(NOW_MS - 6 * MINUTE_MS);
});

it("waits while an attempt backs off", () => {
  expect(foresee(sight({ ...DUE, attempt: attemptBegun(4 * MINUTE_MS, "unspent") }))).toEqual({
    code: "backing-off",
    does: "waits until 2026-11-23 12:10:00Z, since attempt 1 brought no pair",
  });
});

it("stands back while another run may be at work", () => {
  expect(foresee(sight({ ...DUE, attempt: attemptBegun(MINUTE_MS) }, { trace: { kind: "nowhere" } }))).toEqual({
    code: "peer-at-work",
    does: "stands back until 2026-11-23 12:11:00Z, since another run may be at work",
  });
});

it.each([
  [{ kind: "secret", staged: STAGED }, "settle", "promotes version v2, which the dead attempt had received"],
  [
    { kind: "escrow", staged: STAGED },
    "adopt",
    "brings the pair of the dead attempt home from the escrow and promotes it",
  ],
  [
    { kind: "unseen", code: "AccessDeniedException" },
    "escrow-unreachable",
    "fails: the escrow cannot be asked for the dead attempt's pair (AccessDeniedException)",
  ],
] as const)("settles a dead attempt that left %j", (trace, code, does) => {
  expect(foresee(sight({ ...DUE, attempt: attemptBegun(15 * MINUTE_MS) }, { trace }))).toEqual({
    code,
    does,
    pendingSinceMs: NOW_MS - 3 * MINUTE_MS,
  });
});

it.each([
  ["replay", "refresh", "presents the same refresh token again, as attempt 2"],
  ["hold", "held", "halts: attempt 1 may have spent the refresh token and left no pair"],
])("follows the policy %s where a dead attempt left nothing", (policy, code, does) => {
  const facts = { ...DUE, attempt: attemptBegun(15 * MINUTE_MS) };

  const seen = foresee(sight(facts, { trace: { kind: "nowhere" } }, { UNKNOWN_OUTCOME_POLICY: policy }));

  expect(seen).toMatchObject({ code, does });
});

it("promotes what an interrupted run staged", () => {
  expect(foresee(sight({ staged: { ...STAGED, succeedsCurrent: true } }))).toEqual({
    code: "promote",
    does: "promotes version v2, which an interrupted run had received",
    pendingSinceMs: Date.parse("2026-11-23T10:00:00Z"),
  });
});

it("halts over what only a person can mend", () => {
  const clientCredentials = { kind: "unusable", problem: "has no value" } as const;

  expect(foresee(sight({ clientCredentials }))).toEqual({
    code: "client-credentials",
    does: "halts: the client secret has no value",
  });
});
