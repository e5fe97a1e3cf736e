import { expect, it } from "vitest";
import type { RotationResult } from "../../lambda/contract.ts";
import { type Authorizing, authorize } from "../../lambda/rotation/authorize.ts";
import { PairNotStored } from "../../lambda/rotation/errors.ts";
import { observe } from "../../lambda/rotation/observe.ts";
import type { TokenAnswer, TokenStore } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { answered, at } from "./given.ts";
import { type MemorySecret, memorySecret } from "./memory-store.ts";
import { createWorld, issuedDocument, recordOfPeer, type Scene, seededSecret, tick, type World } from "./world.ts";

const RECORD = "attempt-1-of-code-1";
const ISSUED = "issued-1-of-code-1";

/** A grant of a whole day, to this XT user. */
function grantTo(userId: string): TokenAnswer {
  const result = `{"access_token":"access-2","refresh_token":"refresh-2","expires_in":86400,"user_id":"${userId}"}`;
  return answered(200, `{"rc":0,"result":${result}}`);
}

/** A token secret whose pair belongs to user 7. */
function secretOfUser7(): MemorySecret {
  const secret = memorySecret();
  secret.put("v1", '{"access_token":"access-1","refresh_token":"refresh-1","user_id":"7"}', "AWSCURRENT");
  return secret;
}

function createConsent(scene: Scene = {}): World {
  return createWorld({ answer: grantTo("7"), ...scene });
}

/** Delivers the code `code-1`. */
function deliver({ ports, request }: World, fields: Partial<Authorizing> = {}): Promise<RotationResult> {
  const { connection, run } = request();
  return authorize(ports, { connection, run, code: new Sensitive("code-1"), replaceAccount: false, ...fields });
}

function inUse({ secret }: World): string | undefined {
  return secret.versions.get(secret.holders.get("AWSCURRENT") ?? "")?.text?.reveal();
}

function exchanges({ calls }: World): readonly string[] {
  return calls.filter((call) => call.startsWith("exchange"));
}

it("exchanges the code behind the fence and puts the pair in use, one call for each step", async () => {
  const world = createConsent();

  const result = await deliver(world);

  expect(result).toEqual({
    outcome: "authorized",
    reason: "authorized: XT granted a new pair",
    connection: "default",
    versionId: ISSUED,
    expiresAt: "2026-11-24T12:00:00.000Z",
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-24T04:00:00.000Z",
  });
  expect(world.calls.slice(3)).toEqual([
    `fence ${RECORD}`,
    "exchange code-1",
    `stage ${ISSUED}`,
    `moveCurrent v1 ${ISSUED}`,
  ]);
  expect(inUse(world)).toContain('"refresh_token":"refresh-2"');
  expect(inUse(world)).toContain('"client_id":"client-1"');
});

it("fills an empty secret: the record becomes AWSCURRENT, then the pair", async () => {
  const secret = memorySecret();
  const atExchange: (string | undefined)[] = [];
  const world = createConsent({ secret, during: ({ holders }) => atExchange.push(holders.get("AWSCURRENT")) });

  const result = await deliver(world);

  expect(result).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(atExchange).toEqual([RECORD]);
  expect(secret.holders.get("AWSCURRENT")).toBe(ISSUED);
});

it("takes the place of a value that is not ours, which stays in its version", async () => {
  const secret = memorySecret();
  secret.put("v1", "not a pair", "AWSCURRENT");
  const world = createConsent({ secret });

  const result = await deliver(world);

  expect(result).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(secret.versions.get("v1")?.text?.reveal()).toBe("not a pair");
});

it("stages nothing of the code, and no code in its record", async () => {
  const world = createConsent();

  await deliver(world);

  for (const { text } of world.secret.versions.values()) expect(text?.reveal()).not.toContain("code-1");
});

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

const DIES = new Error("the process dies");
const die = () => Promise.reject(DIES);

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

it("keeps another user's pair and leaves the one in use, also at the next tick", async () => {
  const secret = secretOfUser7();
  const world = createConsent({ secret, answer: grantTo("8") });

  const result = await deliver(world);
  const next = await tick(createConsent({ secret, readClientSecret: async () => undefined }));

  expect(result).toMatchObject({
    outcome: "halted",
    reason:
      `other-account: XT granted the pair to another user than the one of the pair in use, it is kept in version ${ISSUED} ` +
      `and not in use, to replace the account type npx xt-token recover --promote ${ISSUED}`,
    versionId: "v1",
  });
  expect(next).toMatchObject({ outcome: "halted", versionId: "v1" });
  expect(secret.versions.get(ISSUED)?.text?.reveal()).toContain("refresh-2");
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

it("replaces the account where a person said so", async () => {
  const world = createConsent({ secret: secretOfUser7(), answer: grantTo("8") });

  const result = await deliver(world, { replaceAccount: true });

  expect(result).toMatchObject({ outcome: "authorized", versionId: ISSUED });
});

it("replaces also what a renewal of the old grant put in use meanwhile", async () => {
  const during: Scene["during"] = (secret) => secret.put("v2", issuedDocument("v1"), "AWSCURRENT", "XT_ISSUED");
  const world = createConsent({ during });

  const result = await deliver(world);

  expect(result).toMatchObject({ outcome: "authorized", versionId: ISSUED });
  expect(world.secret.holders.get("AWSCURRENT")).toBe(ISSUED);
});

it("gives up politely where AWSCURRENT keeps moving, and says where the pair is", async () => {
  let moves = 0;
  const secret = seededSecret();
  const moveCurrent: TokenStore["moveCurrent"] = async () => {
    moves += 1;
    secret.put(`moved-${moves}`, '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT");
    return { kind: "refused", code: "InvalidParameterException" };
  };
  const world = createConsent({ secret, store: { moveCurrent } });

  const result = await deliver(world);

  expect(result).toMatchObject({
    outcome: "deferred",
    reason: `superseded: AWSCURRENT keeps moving, the pair is kept in version ${ISSUED}, type npx xt-token recover --promote ${ISSUED}`,
    versionId: "moved-3",
  });
});

it.each<[string, TokenAnswer, object]>([
  ["a refusal", answered(400, '{"error":"invalid_grant"}'), { name: "AuthorizationRejected", code: "invalid_grant" }],
  ["no answer", { kind: "lost", code: "ECONNRESET" }, { name: "AuthorizationFailed", code: "ECONNRESET" }],
  ["a firewall", answered(403, "<html>"), { name: "RequestTurnedAway", status: 403 }],
  ["no connection", { kind: "unsent", code: "ENOTFOUND" }, { name: "TokenEndpointUnreachable", code: "ENOTFOUND" }],
  ["a lock", answered(429, ""), { name: "AuthorizationFailed", code: "THROTTLED" }],
  [
    "an access token alone",
    answered(200, '{"rc":0,"result":{"access_token":"access-2"}}'),
    { name: "AuthorizationFailed", code: "NO_REFRESH_TOKEN" },
  ],
])("touches no pair after %s", async (_, answer, failure) => {
  const world = createConsent({ answer });

  await expect(deliver(world)).rejects.toMatchObject(failure);

  expect(world.secret.holders.get("AWSCURRENT")).toBe("v1");
  expect([...world.secret.versions.keys()]).toEqual(["v1", RECORD]);
});

it("presents nothing with client credentials that cannot be used", async () => {
  const world = createConsent({ readClientSecret: async () => undefined });

  await expect(deliver(world)).rejects.toMatchObject({
    name: "AuthorizationFailed",
    code: "CLIENT_CREDENTIALS",
    message: expect.stringContaining("type npx xt-token seed --credentials-only first"),
  });

  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("leaves the renewal of the old pair alone while it has no pair yet", async () => {
  const world = createConsent({ answer: { kind: "lost", code: "ECONNRESET" } });
  await deliver(world).catch(() => undefined);

  const result = await tick(createConsent({ secret: world.secret, time: "11:59" }));

  expect(result).toMatchObject({ outcome: "idle", versionId: "v1", nextRenewalAt: "2026-11-23T12:00:00.000Z" });
});

it("says that labels and value disagree where they stay apart", async () => {
  const describe: TokenStore["describe"] = async () => ({ arn: "arn:x", createdAtMs: at("06:00"), holders: new Map() });
  const world = createConsent({ store: { describe } });

  await expect(deliver(world)).rejects.toMatchObject({ name: "AuthorizationFailed", code: "TORN" });
  expect(exchanges(world)).toEqual([]);
});

it("deletes the escrow's copy once the pair is in use", async () => {
  const secret = seededSecret();
  const stage: TokenStore["stage"] = async (id, pair, _untilMs, onTrouble) => {
    onTrouble?.();
    secret.put(id, pair.reveal(), "XT_ISSUED");
  };
  const world = createConsent({ secret, store: { stage } });

  await deliver(world);

  expect(world.calls.slice(-2)).toEqual([`moveCurrent v1 ${ISSUED}`, `discard ${ISSUED}`]);
  expect([...world.escrowed]).toEqual([]);
});

it("says what was odd about an answer", async () => {
  const answer = answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_token":"refresh-2"}}');
  const world = createConsent({ answer });

  await deliver(world);

  expect(world.warnings).toEqual([
    'XT\'s answer was odd, its tokens are stored {"oddities":["the lifetime is unknown"]}',
  ]);
});

it("throws FenceUnreadable without an exchange where the record of an earlier delivery cannot be read", async () => {
  const world = createConsent({ store: { fence: async () => "collided" } });

  await expect(deliver(world)).rejects.toMatchObject({ name: "FenceUnreadable" });
  expect(exchanges(world)).toEqual([]);
});

it("does not hide from an inspection that the old pair is lost, where the code brought nothing", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", '{"schema":1,"kind":"void","parent":"v1","attempt":1}', "XT_VOID");
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"));
  secret.put("attempt-2-of-v1", recordOfPeer("11:30", 2), "XT_ATTEMPT", "XT_UNSPENT", "XT_REJECTED");
  const world = createConsent({ secret, answer: answered(400, '{"error":"invalid_grant"}') });
  await deliver(world).catch(() => undefined);

  const seen = await observe(world.ports, {});

  expect(seen).toMatchObject({
    facts: { attempt: { versionId: "attempt-2-of-v1", isRejected: true, mayBeLost: true } },
  });
});
