import { expect, it } from "vitest";
import { backoffMs, renewAtMs } from "../../lambda/rotation/renewal.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import { answered, at, pair } from "./given.ts";
import { createWorld, recordOfPeer, seededSecret, tick } from "./world.ts";

/** A grant whose access token claims this life. */
function grantFor(expiresIn: string): string {
  return `{"rc":0,"result":{"access_token":"access-2","refresh_token":"refresh-2","expires_in":${expiresIn}}}`;
}

/** When the pair is due as version `v1`, an id that is not a hash and so shifts nothing. */
function renewalOf(given: TokenPair, createdAtMs: number): number {
  return renewAtMs({ versionId: "v1", pair: given, createdAtMs });
}

const ISSUED_AT_NOON = { parent: "v1", attempt: 1, issuedAtMs: at("12:00") };

it("renews a seeded pair at two thirds of the life that it has from its writing", () => {
  expect(renewalOf(pair({ expiresAtMs: at("15:00") }), at("12:00"))).toBe(at("14:00"));
});

it("counts an issued pair's life from its issue, however late it was written", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: at("15:00") });

  expect(renewalOf(issued, at("12:30"))).toBe(at("14:00"));
});

it("goes by the refresh token where that dies first", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: at("15:00"), refreshExpiresAtMs: at("13:30") });

  expect(renewalOf(issued, at("12:00"))).toBe(at("13:00"));
});

it("goes by the refresh token where that dies within the hour and the access token's life is unknown", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: undefined, refreshExpiresAtMs: at("13:00") });

  expect(renewalOf(issued, at("12:00"))).toBe(at("12:40"));
});

it("goes by the access token where that dies first", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: at("15:00"), refreshExpiresAtMs: at("18:00") });

  expect(renewalOf(issued, at("12:00"))).toBe(at("14:00"));
});

it.each([
  ["00000000", "14:00"],
  ["80000000", "13:55:30"],
  ["ffffffff", "13:51:00.000"],
])("renews a pair of three hours, whose id begins with %s, at %s", (digits, expected) => {
  const given = { versionId: `${digits}${"0".repeat(56)}`, pair: pair(), createdAtMs: at("12:00") };

  expect(Math.round(renewAtMs(given) / 1_000) * 1_000).toBe(at(expected));
});

it("names a whole millisecond", () => {
  expect(renewalOf(pair({ expiresAtMs: at("12:00:01") }), at("12:00"))).toBe(at("12:00:00.666"));
});

it.each([
  ["unknown", undefined],
  ["over before it was written", at("11:00")],
  ["over as it was written", at("12:00")],
])("has a seeded pair due at once whose life is %s", (_, expiresAtMs) => {
  expect(renewalOf(pair({ expiresAtMs }), at("12:00"))).toBe(at("12:00"));
});

it.each([
  ["unknown", undefined],
  ["over before it was issued", at("11:00")],
  ["over as it was issued", at("12:00")],
])("waits an hour with an issued pair whose life is %s", (_, expiresAtMs) => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs });

  expect(renewalOf(issued, at("12:00"))).toBe(at("13:00"));
});

it.each([
  [1, "12:30"],
  [2, "13:00"],
  [9, "13:00"],
])("renews a pair that attempt %i bought not before %s, however soon it dies", (attempt, expected) => {
  const issued = pair({ origin: { ...ISSUED_AT_NOON, attempt }, expiresAtMs: at("12:00:01") });

  expect(renewalOf(issued, at("12:00"))).toBe(at(expected));
});

it.each([
  ["86400", "2026-11-24T04:00:00.000Z"],
  ['"86400"', "2026-11-24T04:00:00.000Z"],
  ["86400000", "2026-11-24T04:00:00.000Z"],
  ["1", "2026-11-23T12:30:00.000Z"],
  ["1800", "2026-11-23T12:30:00.000Z"],
  ["-1", "2026-11-23T13:00:00.000Z"],
  ["0", "2026-11-23T13:00:00.000Z"],
  ["null", "2026-11-23T13:00:00.000Z"],
])("renews what XT grants at noon with an expires_in of %s at %s", async (expiresIn, nextRenewalAt) => {
  const world = createWorld({ answer: answered(200, grantFor(expiresIn)) });

  const result = await tick(world);
  const early = createWorld({ secret: world.secret, time: "12:29:59.999" });
  const idle = await tick(early);

  expect(result).toMatchObject({ outcome: "rotated", nextRenewalAt });
  expect(idle).toMatchObject({ outcome: "idle", nextRenewalAt });
});

it("renews what several attempts bought not within the hour, as read back from its document", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"), "XT_ATTEMPT", "XT_UNSPENT");
  const world = createWorld({ secret, answer: answered(200, grantFor("1")) });

  await tick(world);
  const idle = await tick(createWorld({ secret, time: "12:59:59.999" }));
  const due = await tick(createWorld({ secret, time: "13:00" }));

  expect(idle).toMatchObject({ outcome: "idle", versionId: "issued-2-of-v1" });
  expect(due).toMatchObject({ outcome: "rotated", versionId: "issued-1-of-issued-2-of-v1" });
});

it.each([
  [1, 840_000],
  [2, 1_740_000],
  [3, 3_540_000],
  [4, 3_540_000],
  [24, 3_540_000],
  [5_000, 3_540_000],
])("lets the next attempt start after attempt %i in %i ms", (attempt, expected) => {
  expect(backoffMs(attempt)).toBe(expected);
});
