import { expect, it } from "vitest";
import type { Escrow, TokenStore } from "../../lambda/rotation/ports.ts";
import { settle } from "../../lambda/rotation/settle.ts";
import { PairNotStored, StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { at, attemptOnV1, shown, stored } from "./given.ts";
import { createWorld, issuedDocument, type World, worldWithEscrowedPair } from "./world.ts";

const ID = "issued-1-of-v1";
const UNREACHABLE = new StoreUnavailable("ssm", "GetParameter", `/escrow/${ID}`, "TimeoutError");
const unreachable: Escrow["find"] = () => Promise.reject(UNREACHABLE);

function settleAttempt1({ ports }: World) {
  return settle(ports, "arn:token-secret", attemptOnV1("open"), at("12:16:58"));
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
