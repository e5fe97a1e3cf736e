import { expect, it } from "vitest";
import type { RotationResult } from "../../lambda/contract.ts";
import type { TokenAnswer, TokenStore } from "../../lambda/rotation/ports.ts";
import { PairNotStored } from "../../lambda/rotation/store-errors.ts";
import { createConsent, deliver, exchanges, grantTo, ISSUED, secretOfUser7 } from "./consent.ts";
import { memorySecret } from "./memory-store.ts";
import { issuedDocument, type Scene, seededSecret, tick, type World } from "./world.ts";

const DIES = new Error("the process dies");
const die = () => Promise.reject(DIES);

it("answers a second delivery after success without another exchange", async () => {
  const world = createConsent();
  await deliver(world);

  const second = await deliver(world, { run: { ...world.request().run, nonce: "nonce-2" } });

  expect(second).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(exchanges(world)).toEqual(["exchange code-1"]);
});

it("answers a late delivery of a code whose pair was renewed since, and leaves the newer pair in use", async () => {
  const world = createConsent();
  await deliver(world);
  world.secret.put("newer", issuedDocument(ISSUED), "AWSCURRENT");

  const late = await deliver(world, { run: { ...world.request().run, nonce: "nonce-2" } });

  expect(late).toMatchObject({ outcome: "authorized", versionId: "newer" });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("newer");
});

it("sends a second delivery away while the first is at work", async () => {
  const { secret, ...first } = createConsent();
  const during = createConsent({ secret });
  let second: RotationResult | undefined;
  const exchange: World["ports"]["endpoint"]["exchange"] = async (...asked) => {
    second = await deliver(during, { run: { ...during.request().run, nonce: "nonce-2" } });
    return first.ports.endpoint.exchange(...asked);
  };

  await deliver({ secret, ...first, ports: { ...first.ports, endpoint: { ...first.ports.endpoint, exchange } } });

  expect(second).toMatchObject({
    outcome: "deferred",
    reason:
      "authorization-at-work: another delivery of this code is at work until 2026-11-23T12:02:00.000Z at the latest",
  });
  expect(exchanges(during)).toEqual([]);
});

it.each<[string, Scene["store"] & object]>([
  ["at the exchange", {}],
  ["before its pair is stored", { stage: die }],
])("says that the answer is lost to a delivery after a run that died %s", async (_, store) => {
  const secret = seededSecret();
  const answer: TokenAnswer = "stage" in store ? grantTo("7") : { kind: "lost", code: "ECONNRESET" };
  await deliver(createConsent({ secret, store, answer })).catch(() => undefined);
  const later = createConsent({ secret, time: "12:02" });

  const second = deliver(later, { run: { ...later.request().run, nonce: "nonce-2" } });

  await expect(second).rejects.toMatchObject({ name: "AuthorizationFailed", code: "REPEATED" });
  expect(exchanges(later)).toEqual([]);
  expect(secret.holders.get("AWSCURRENT")).toBe("v1");
});

it("finishes in a second delivery what a run left that died before the promotion", async () => {
  const secret = seededSecret();
  await deliver(createConsent({ secret, store: { moveCurrent: die } })).catch(() => undefined);
  const later = createConsent({ secret, time: "12:01" });

  const second = await deliver(later, { run: { ...later.request().run, nonce: "nonce-2" } });

  expect(second).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(exchanges(later)).toEqual([]);
  expect(secret.holders.get("AWSCURRENT")).toBe(ISSUED);
});

it("finishes in a second delivery what only the escrow took", async () => {
  const secret = seededSecret();
  const stage: TokenStore["stage"] = () => Promise.reject(new PairNotStored("TimeoutError"));
  const first = createConsent({ secret, store: { stage } });
  await expect(deliver(first)).rejects.toMatchObject({ name: "PairEscrowed" });
  const later = createConsent({ secret, time: "12:01" });
  for (const [id, text] of first.escrowed) later.escrowed.set(id, text);

  const second = await deliver(later, { run: { ...later.request().run, nonce: "nonce-2" } });

  expect(second).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(exchanges(later)).toEqual([]);
});

it.each([
  ["seeded", seededSecret],
  ["empty", memorySecret],
])("is finished by a tick after a run that died before the promotion, in a %s secret", async (_, arrange) => {
  const secret = arrange();
  await deliver(createConsent({ secret, store: { moveCurrent: die } })).catch(() => undefined);
  const world = createConsent({ secret, time: "12:15" });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "settled", versionId: ISSUED });
  expect(exchanges(world)).toEqual([]);
});

it("says the same to a second delivery, which puts it in use once it may replace the account", async () => {
  const secret = secretOfUser7();
  const world = createConsent({ secret, answer: grantTo("8") });
  await deliver(world);
  const run = { ...world.request().run, nonce: "nonce-2" };

  const second = await deliver(world, { run });
  const third = await deliver(world, { run, replaceAccount: true });

  expect(second).toMatchObject({ outcome: "halted", versionId: "v1" });
  expect(third).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(exchanges(world)).toEqual(["exchange code-1"]);
});

it("throws FenceUnreadable without an exchange where the record of an earlier delivery cannot be read", async () => {
  const world = createConsent({ store: { fence: async () => "collided" } });

  await expect(deliver(world)).rejects.toMatchObject({ name: "FenceUnreadable" });
  expect(exchanges(world)).toEqual([]);
});
