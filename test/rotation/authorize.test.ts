import { expect, it } from "vitest";
import { observe } from "../../lambda/rotation/observe.ts";
import type { TokenAnswer, TokenStore } from "../../lambda/rotation/ports.ts";
import { createConsent, deliver, exchanges, grantTo, ISSUED, RECORD, secretOfUser7 } from "./consent.ts";
import { answered, at } from "./given.ts";
import { memorySecret } from "./memory-store.ts";
import { issuedDocument, recordOfPeer, type Scene, seededSecret, tick, type World } from "./world.ts";

function inUse({ secret }: World): string | undefined {
  return secret.versions.get(secret.holders.get("AWSCURRENT") ?? "")?.text?.reveal();
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

it("keeps another user's pair and leaves the one in use, also at the next tick", async () => {
  const secret = secretOfUser7();
  const world = createConsent({ secret, answer: grantTo("8") });

  const result = await deliver(world);
  const next = await tick(createConsent({ secret, readClientSecret: async () => undefined }));

  expect(result).toMatchObject({
    outcome: "halted",
    reason:
      `other-account: XT granted the pair to another user than the one of the pair in use, it is kept in version ${ISSUED} ` +
      `and not in use, to replace the account type npx --no xt-token recover --promote ${ISSUED}`,
    versionId: "v1",
  });
  expect(next).toMatchObject({ outcome: "halted", versionId: "v1" });
  expect(secret.versions.get(ISSUED)?.text?.reveal()).toContain("refresh-2");
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
    reason: `superseded: AWSCURRENT keeps moving, the pair is kept in version ${ISSUED}, type npx --no xt-token recover --promote ${ISSUED}`,
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
    message: expect.stringContaining("type npx --no xt-token seed --credentials-only first"),
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

  await expect(deliver(world)).rejects.toMatchObject({ name: "TooManySteps", code: "STEPS" });
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
