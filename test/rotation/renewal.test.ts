import { expect, it } from "vitest";
import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import { at, pair } from "./given.ts";

const ISSUED_AT_NOON = { parent: "v1", attempt: 1, issuedAtMs: at("12:00") };

it("renews a seeded pair at two thirds of the life that it has from its writing", () => {
  expect(renewAtMs(pair({ expiresAtMs: at("15:00") }), at("12:00"))).toBe(at("14:00"));
});

it("counts an issued pair's life from its issue, however late it was written", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: at("15:00") });

  expect(renewAtMs(issued, at("12:30"))).toBe(at("14:00"));
});

it("goes by the refresh token where that dies first", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: at("15:00"), refreshExpiresAtMs: at("13:30") });

  expect(renewAtMs(issued, at("12:00"))).toBe(at("13:00"));
});

it("goes by the refresh token where that dies within the hour and the access token's life is unknown", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: undefined, refreshExpiresAtMs: at("12:30") });

  expect(renewAtMs(issued, at("12:00"))).toBe(at("12:20"));
});

it("goes by the access token where that dies first", () => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs: at("15:00"), refreshExpiresAtMs: at("18:00") });

  expect(renewAtMs(issued, at("12:00"))).toBe(at("14:00"));
});

it("names a whole millisecond", () => {
  expect(renewAtMs(pair({ expiresAtMs: at("12:00:01") }), at("12:00"))).toBe(at("12:00:00.666"));
});

it.each([
  ["unknown", undefined],
  ["over before it was written", at("11:00")],
  ["over as it was written", at("12:00")],
])("has a seeded pair due at once whose life is %s", (_, expiresAtMs) => {
  expect(renewAtMs(pair({ expiresAtMs }), at("12:00"))).toBe(at("12:00"));
});

it.each([
  ["unknown", undefined],
  ["over before it was issued", at("11:00")],
  ["over as it was issued", at("12:00")],
])("waits an hour with an issued pair whose life is %s", (_, expiresAtMs) => {
  const issued = pair({ origin: ISSUED_AT_NOON, expiresAtMs });

  expect(renewAtMs(issued, at("12:00"))).toBe(at("13:00"));
});
