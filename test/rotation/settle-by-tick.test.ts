import { expect, it } from "vitest";
import type { Escrow, TokenStore } from "../../lambda/rotation/ports.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { createWorld, issuedDocument, recordOfPeer, seededSecret, tick, worldWithEscrowedPair } from "./world.ts";

const ID = "issued-1-of-v1";
const VOID_RECORD = '{"schema":1,"kind":"void","parent":"v1","attempt":1}';
const UNREACHABLE = new StoreUnavailable("ssm", "GetParameter", `/escrow/${ID}`, "TimeoutError");
const unreachable: Escrow["find"] = () => Promise.reject(UNREACHABLE);

it("spends nothing while the pair of a dead attempt is stored and hidden", async () => {
  // given
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  secret.put(ID, issuedDocument("v1"));
  const readVersion: TokenStore["readVersion"] = async (id) => (id === ID ? undefined : secret.versions.get(id));
  const world = createWorld({ secret, time: "12:15", store: { readVersion } });

  // when
  const result = await tick(world, { force: true });

  // then
  expect(result).toMatchObject({
    outcome: "deferred",
    reason: "hidden-pair: a pair is stored and cannot be read yet, the next tick looks again",
  });
  expect(world.calls.filter((call) => /^(fence|exchange)/.test(call))).toEqual([]);
});

it("stages, promotes and then deletes what the escrow holds, and exchanges nothing", async () => {
  // given
  const world = worldWithEscrowedPair();

  // when
  const result = await tick(world);

  // then
  expect(result).toMatchObject({ outcome: "settled", versionId: ID, expiresAt: "2026-11-23T18:00:00.000Z" });
  expect(world.calls.slice(3)).toEqual([
    "readVersion attempt-1-of-v1",
    "readVersion issued-1-of-v1",
    "find issued-1-of-v1",
    "stage issued-1-of-v1",
    "moveCurrent v1 issued-1-of-v1",
    "discard issued-1-of-v1",
  ]);
  expect([...world.escrowed]).toEqual([]);
  expect(world.secret.holders.get("AWSCURRENT")).toBe(ID);
});

it.each([
  { unknownOutcomePolicy: "replay", force: false },
  { unknownOutcomePolicy: "hold", force: false },
  { unknownOutcomePolicy: "replay", force: true },
  { unknownOutcomePolicy: "hold", force: true },
] as const)("voids and spends nothing while the escrow cannot be asked: %j", async (asked) => {
  // given
  const world = worldWithEscrowedPair({ escrow: { find: unreachable } });

  // when
  const run = tick(world, asked);

  // then
  await expect(run).rejects.toBe(UNREACHABLE);
  expect(world.calls.slice(3)).toEqual([
    "readVersion attempt-1-of-v1",
    "readVersion issued-1-of-v1",
    "find issued-1-of-v1",
  ]);
});

it("brings an escrowed pair home to another place where a void record stands in its own, and promotes it", async () => {
  // given an attempt that ended unknown and was settled, whose process came back and put its pair into the escrow
  const world = worldWithEscrowedPair({ time: "12:30" });
  world.secret.put(ID, VOID_RECORD, "XT_VOID");

  // when
  const result = await tick(world);

  // then
  expect(result).toMatchObject({ outcome: "settled", versionId: "recovered-1-of-issued-1-of-v1" });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("recovered-1-of-issued-1-of-v1");
  expect([...world.escrowed]).toEqual([]);
  expect(world.calls.filter((call) => /^(fence|exchange)/.test(call))).toEqual([]);
});

it("searches the escrow for the pairs of all earlier attempts before the next attempt", async () => {
  // given attempt 1 without an answer, attempt 2 unspent, and a pair of attempt 1 that came late
  const world = worldWithEscrowedPair({ time: "13:00" });
  world.secret.put(ID, VOID_RECORD, "XT_VOID");
  world.secret.put("attempt-2-of-v1", recordOfPeer("12:20", 2), "XT_ATTEMPT", "XT_UNSPENT");

  // when
  const result = await tick(world);

  // then
  expect(result).toMatchObject({ outcome: "settled", versionId: "recovered-1-of-issued-1-of-v1" });
  expect(world.calls).not.toContain("exchange refresh-1");
});

it("spends nothing after an unknown outcome while the escrow cannot be listed", async () => {
  // given
  const world = worldWithEscrowedPair({ time: "13:00", escrow: { list: () => Promise.reject(UNREACHABLE) } });
  world.secret.put(ID, VOID_RECORD, "XT_VOID");
  world.secret.put("attempt-2-of-v1", recordOfPeer("12:20", 2), "XT_ATTEMPT", "XT_UNSPENT");

  // when
  const run = tick(world);

  // then
  await expect(run).rejects.toBe(UNREACHABLE);
  expect(world.calls.filter((call) => /^(fence|exchange)/.test(call))).toEqual([]);
});

it("asks the escrow for nothing before the next attempt where no earlier one ended unknown", async () => {
  // given
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT", "XT_UNSPENT");
  const world = createWorld({ secret, time: "12:20" });

  // when
  const result = await tick(world);

  // then
  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-2-of-v1" });
  expect(world.calls).not.toContain("listEscrow");
});

it("replays an attempt whose entry is no pair", async () => {
  // given
  const world = worldWithEscrowedPair();
  world.escrowed.set(ID, "{}");

  // when
  const result = await tick(world);

  // then
  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-2-of-v1" });
  expect(world.calls).toContain("exchange refresh-1");
});
