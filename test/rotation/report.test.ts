import { expect, it } from "vitest";
import { asCurrent, haltReason, idleReason, report } from "../../lambda/rotation/report.ts";
import { at, current, issued } from "./given.ts";

const NAMES = { tokenSecretId: "token-secret", clientSecretId: "client-secret" };

it("reports a pair's times and none of its tokens", () => {
  const seeded = current({ refreshExpiresAtMs: at("20:00") });

  expect(report(NAMES, "idle", "not-due: in a while", seeded)).toEqual({
    outcome: "idle",
    reason: "not-due: in a while",
    secretId: "token-secret",
    versionId: "v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    refreshExpiresAt: "2026-11-23T20:00:00.000Z",
    nextRenewalAt: "2026-11-23T12:00:00.000Z",
  });
});

it("reports null for times that are unknown", () => {
  const result = report(NAMES, "idle", "not-due: in a while", current({ expiresAtMs: undefined }));

  expect(result).toMatchObject({
    expiresAt: null,
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-23T06:00:00.000Z",
  });
});

it.each([
  ["absent", { kind: "absent" }, null],
  ["malformed", { kind: "malformed", versionId: "v1", problem: "the value must be JSON" }, "v1"],
  ["elsewhere", { kind: "unseen", versionId: "v2" }, "v2"],
  ["unseen", { kind: "unseen", versionId: undefined }, null],
] as const)("reports the version alone where the pair in use is %s", (_, known, versionId) => {
  expect(report(NAMES, "halted", "malformed: as it is", known)).toEqual({
    outcome: "halted",
    reason: "malformed: as it is",
    secretId: "token-secret",
    versionId,
    expiresAt: null,
    refreshExpiresAt: null,
    nextRenewalAt: null,
  });
});

it("takes a promoted pair for the current one, as old as its issue", () => {
  const known = asCurrent(issued("v1"));

  expect(report(NAMES, "rotated", "renewed: just now", known)).toMatchObject({
    versionId: "issued-1-of-v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    nextRenewalAt: "2026-11-23T14:00:00.000Z",
  });
});

const SEED = "npx xt-token seed --token-secret token-secret --client-secret client-secret";

it.each([
  ["not-seeded", "the token secret has no value", `not-seeded: token-secret has no value, run ${SEED}`],
  [
    "malformed",
    "the value must be JSON",
    "malformed: token-secret is left as it is, the value must be JSON, find the pair that was there with npx xt-token recover",
  ],
  [
    "client-credentials",
    "has no value",
    `client-credentials: client-secret has no value, run ${SEED} --credentials-only`,
  ],
  [
    "held",
    "attempt 1 may have spent the refresh token and left no pair",
    "held: attempt 1 may have spent the refresh token and left no pair, " +
      "present it again with npx xt-token rotate --now or reauthorize with npx xt-token authorize --redirect-uri <URI>",
  ],
] as const)("tells the person who must act on %s what to type", (code, problem, expected) => {
  expect(haltReason(NAMES, { kind: "halt", code, problem })).toBe(expected);
});

it.each([
  ["not-due", "not-due: the next renewal is at 2026-11-23T14:00:00.000Z"],
  ["backing-off", "backing-off: the last attempt granted nothing, the next is not before 2026-11-23T14:00:00.000Z"],
  [
    "peer-at-work",
    "peer-at-work: another run holds the fence, it is settled if it is still open at 2026-11-23T14:00:00.000Z",
  ],
] as const)("says until when a run has nothing to do: %s", (code, expected) => {
  expect(idleReason({ kind: "idle", code, untilMs: at("14:00") })).toBe(expected);
});
