import { expect, it } from "vitest";
import { PairNotStored, StoreUnavailable } from "../../lambda/rotation/errors.ts";
import type { Escrow, TokenStore } from "../../lambda/rotation/ports.ts";
import { settle } from "../../lambda/rotation/settle.ts";
import { at, attemptOnV1, shown, stored } from "./given.ts";
import { createWorld, issuedDocument, recordOfPeer, type Scene, seededSecret, tick, type World } from "./world.ts";

const ID = "issued-1-of-v1";
const UNREACHABLE = new StoreUnavailable("ssm", "GetParameter", `/escrow/${ID}`, "TimeoutError");
const VOID_RECORD = '{"schema":1,"kind":"void","parent":"v1","attempt":1}';
const unreachable: Escrow["find"] = () => Promise.reject(UNREACHABLE);

function settleAttempt1({ ports }: World) {
  return settle(ports, "arn:token-secret", attemptOnV1("open"), at("12:16:58"));
}

/** A dead run whose pair only the escrow took. */
function worldWithEscrowedPair(scene: Scene = {}): World {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:15", ...scene });
  world.escrowed.set(ID, issuedDocument("v1"));
  return world;
}

it("finds the pair of a dead attempt in the token secret by its id, and does not ask the escrow", async () => {
  // given
  const world = worldWithEscrowedPair();
  world.secret.put(ID, issuedDocument("v1"));

  // when
  const found = await settleAttempt1(world);

  // then
  expect(found).toMatchObject({ kind: "found", staged: { versionId: ID } });
  expect(world.calls).toEqual(["readVersion issued-1-of-v1"]);
});

it("finds it in the escrow otherwise, and stages it as it is until its time is up", async () => {
  // given
  const times: number[] = [];
  const world = worldWithEscrowedPair();
  const stage: TokenStore["stage"] = (id, pair, untilMs, onTrouble) => {
    times.push(untilMs);
    return world.ports.store.stage(id, pair, untilMs, onTrouble);
  };

  // when
  const found = await settleAttempt1({ ...world, ports: { ...world.ports, store: { ...world.ports.store, stage } } });

  // then
  expect(found.kind === "found" && shown(found.staged.pair)).toMatchObject({
    refreshToken: "refresh-9",
    origin: { parent: "v1", attempt: 1, issuedAtMs: at("12:00") },
  });
  expect(world.calls).toEqual(["readVersion issued-1-of-v1", "find issued-1-of-v1", "stage issued-1-of-v1"]);
  expect(times).toEqual([at("12:16:58")]);
  expect(world.secret.holders.get("XT_ISSUED")).toBe(ID);
  expect(world.secret.versions.get(ID)?.text?.reveal()).toBe(issuedDocument("v1"));
});

it("finds nothing where neither store holds the pair, and takes the pair's place", async () => {
  // given
  const world = createWorld();

  // when
  const found = await settleAttempt1(world);

  // then
  expect(found).toEqual({ kind: "nothing" });
  expect(world.calls).toEqual(["readVersion issued-1-of-v1", "find issued-1-of-v1", "voidIssued issued-1-of-v1"]);
  expect(world.secret.holders.get("XT_VOID")).toBe(ID);
  expect(world.secret.versions.get(ID)?.text?.reveal()).toBe('{"schema":1,"kind":"void","parent":"v1","attempt":1}');
});

it("finds nothing again where an earlier run has taken the pair's place", async () => {
  // given
  const world = createWorld();
  await settleAttempt1(world);

  // when
  const found = await settleAttempt1(world);

  // then
  expect(found).toEqual({ kind: "nothing" });
});

it("does not believe a read that shows nothing where something is stored", async () => {
  // given a peer that has just brought the pair home and cleared the escrow
  const world = createWorld({ store: { readVersion: async () => undefined } });
  world.secret.put(ID, issuedDocument("v1"), "XT_ISSUED");

  // when
  const found = await settleAttempt1(world);

  // then
  expect(found).toEqual({ kind: "hidden" });
  expect(world.secret.versions.get(ID)?.text?.reveal()).toBe(issuedDocument("v1"));
});

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

it.each([
  ["text that is no JSON", "pair 2"],
  ["a document without a refresh token", '{"access_token":"access-9"}'],
  ["a document of another schema", '{"schema":2,"refresh_token":"refresh-9"}'],
  ["no text", undefined],
])("ignores an entry of %s", async (_name, text) => {
  // given
  const world = createWorld({ escrow: { find: async () => stored(text, ID) } });

  // when
  const found = await settleAttempt1(world);

  // then
  expect(found).toEqual({ kind: "nothing" });
  expect(world.calls).toEqual(["readVersion issued-1-of-v1", "find issued-1-of-v1", "voidIssued issued-1-of-v1"]);
});

it("throws what the escrow could not be asked for", async () => {
  // given
  const world = createWorld({ escrow: { find: unreachable } });

  // when
  const found = settleAttempt1(world);

  // then
  await expect(found).rejects.toBe(UNREACHABLE);
});

it("asks no escrow where the token secret cannot be asked", async () => {
  // given
  const error = new StoreUnavailable("secretsmanager", "GetSecretValue", "token-secret", "TimeoutError");
  const world = createWorld({ store: { readVersion: () => Promise.reject(error) } });

  // when
  const found = settleAttempt1(world);

  // then
  await expect(found).rejects.toBe(error);
  expect(world.calls).toEqual(["readVersion issued-1-of-v1"]);
});

it("throws PairEscrowed where the token secret does not take it, even while the escrow takes nothing more", async () => {
  // given
  const stage: TokenStore["stage"] = () => Promise.reject(new PairNotStored("AccessDeniedException"));
  const world = worldWithEscrowedPair({ store: { stage }, escrow: { keep: async () => "refused" } });

  // when
  const found = settleAttempt1(world);

  // then
  await expect(found).rejects.toMatchObject({ name: "PairEscrowed", versionId: ID });
});

it("throws PairEscrowed, and leaves the copy, where the token secret still does not take it", async () => {
  // given
  const stage: TokenStore["stage"] = async (_id, _pair, _untilMs, onTrouble) => {
    onTrouble?.();
    throw new PairNotStored("AccessDeniedException");
  };
  const world = worldWithEscrowedPair({ store: { stage } });

  // when
  const found = settleAttempt1(world);

  // then
  await expect(found).rejects.toMatchObject({ name: "PairEscrowed", code: "AccessDeniedException", versionId: ID });
  expect([...world.escrowed.keys()]).toEqual([ID]);
});

it("passes on what nobody foresaw at staging", async () => {
  // given
  const error = new TypeError("unforeseen");
  const world = worldWithEscrowedPair({ store: { stage: () => Promise.reject(error) } });

  // when
  const found = settleAttempt1(world);

  // then
  await expect(found).rejects.toBe(error);
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
