import { expect, it } from "vitest";
import type { TokenStore } from "../../lambda/rotation/ports.ts";
import { PairNotStored, StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { answered, at } from "./given.ts";
import { memorySecret } from "./memory-store.ts";
import { createWorld, recordOfPeer, type Scene, seededSecret, tick } from "./world.ts";

const REFUSAL = answered(200, '{"rc":1,"mc":"AUTH_001"}');

it("rotates straight through, one call for each step and none between exchange and stage", async () => {
  const world = createWorld();

  await tick(world);

  expect(world.calls).toEqual([
    "describe",
    "readCurrent",
    "credentials",
    "fence attempt-1-of-v1",
    "exchange refresh-1",
    "stage issued-1-of-v1",
    "moveCurrent v1 issued-1-of-v1",
  ]);
});

it("says what it rotated to", async () => {
  const world = createWorld();

  const result = await tick(world);

  expect(result).toEqual({
    outcome: "rotated",
    reason: "renewed: XT granted a new pair",
    connection: "default",
    versionId: "issued-1-of-v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    refreshExpiresAt: "2026-11-23T18:00:00.000Z",
    nextRenewalAt: "2026-11-23T14:00:00.000Z",
  });
});

it("examines an odd answer only after its pair is promoted", async () => {
  const odd = answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_token":"refresh-2"}}');
  const world = createWorld({ answer: odd });

  await tick(world);

  expect(world.calls.slice(-3)).toEqual(["stage issued-1-of-v1", "moveCurrent v1 issued-1-of-v1", "warn"]);
  expect(world.warnings).toEqual([
    'XT\'s answer was odd, its tokens are stored {"oddities":["the lifetime is unknown"],"attempt":1}',
  ]);
});

it("is idle before the renewal is due, after two reads of the secret", async () => {
  const world = createWorld({ time: "11:59" });

  const result = await tick(world);

  expect(result).toEqual({
    outcome: "idle",
    reason: "not-due: the next renewal is at 2026-11-23T12:00:00.000Z",
    connection: "default",
    versionId: "v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-23T12:00:00.000Z",
  });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("rotates before the renewal is due under force", async () => {
  const world = createWorld({ time: "07:00" });

  expect(await tick(world, { force: true })).toMatchObject({ outcome: "rotated" });
});

it("halts and touches nothing where nobody has seeded the secret", async () => {
  const world = createWorld({ secret: memorySecret() });

  const result = await tick(world);

  expect(result).toMatchObject({
    outcome: "halted",
    reason: "not-seeded: the client credentials are stored, but no token pair yet, type npx --no xt-token authorize",
    versionId: null,
  });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("halts and touches nothing where the client secret has no value", async () => {
  const world = createWorld({ readClientSecret: async () => undefined });

  const result = await tick(world);

  expect(result).toMatchObject({
    outcome: "halted",
    reason:
      "client-credentials: the client secret has no value, so no pair can be renewed, " +
      "type npx --no xt-token seed --credentials-only",
  });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("throws NotEnoughTime without a write where the run is short", async () => {
  const world = createWorld();
  const run = { ...world.request().run, exchangeTimeoutMs: 90_001 };

  await expect(tick(world, { run })).rejects.toMatchObject({ name: "NotEnoughTime" });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("spends nothing where the fence cannot be written", async () => {
  const error = new StoreUnavailable("secretsmanager", "PutSecretValue", "token-secret", "AccessDeniedException");
  const world = createWorld({ store: { fence: () => Promise.reject(error) } });

  await expect(tick(world)).rejects.toBe(error);
  expect(world.calls.at(-1)).toBe("fence attempt-1-of-v1");
});

it("leaves AWSCURRENT where it is when the pair could not be stored", async () => {
  const error = new PairNotStored("TimeoutError");
  const escrow: Scene["escrow"] = { keep: async () => "refused" };
  const world = createWorld({ store: { stage: () => Promise.reject(error) }, escrow });

  await expect(tick(world)).rejects.toBe(error);
  expect(world.secret.holders.get("AWSCURRENT")).toBe("v1");
});

it("forces once where a forced event is delivered twice", async () => {
  const world = createWorld();
  await tick(world, { force: true });

  const duplicate = await tick(world, { force: true });

  expect(duplicate).toMatchObject({ outcome: "idle", versionId: "issued-1-of-v1" });
  expect(world.calls.filter((call) => call.startsWith("exchange"))).toEqual(["exchange refresh-1"]);
});

it("throws RefreshTokenUnreadable, with the access token in use, where the answer broke off before the refresh token", async () => {
  const answer = answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_tok', false);
  const world = createWorld({ answer });

  const run = tick(world);

  await expect(run).rejects.toMatchObject({ name: "RefreshTokenUnreadable", versionId: "issued-1-of-v1" });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("issued-1-of-v1");
});

it("throws PromotionRefused with the pair safe where AWSCURRENT may not be moved", async () => {
  const moveCurrent = async () => ({ kind: "refused", code: "AccessDeniedException" }) as const;
  const world = createWorld({ store: { moveCurrent } });

  await expect(tick(world)).rejects.toMatchObject({ name: "PromotionRefused" });
  expect(world.secret.holders.get("XT_ISSUED")).toBe("issued-1-of-v1");
});

it("is deferred, and keeps both versions, where a person re-seeds during the exchange", async () => {
  const { secret, ...world } = createWorld({
    during: (now) => now.put("v2", '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT"),
  });

  const result = await tick({ secret, ...world });

  expect(result).toMatchObject({
    outcome: "deferred",
    reason:
      "superseded: a person or another run moved AWSCURRENT, the pair of this run stays in version issued-1-of-v1",
    versionId: "v2",
  });
  expect(secret.holders.get("AWSCURRENT")).toBe("v2");
  expect(secret.holders.get("XT_ISSUED")).toBe("issued-1-of-v1");
});

it("throws the reason for which the client credentials cannot be had", async () => {
  const error = new StoreUnavailable("secretsmanager", "GetSecretValue", "client-secret", "TimeoutError");
  const world = createWorld({ readClientSecret: () => Promise.reject(error) });

  await expect(tick(world)).rejects.toBe(error);
});

it("throws what the secret's description failed with", async () => {
  const error = new StoreUnavailable("secretsmanager", "DescribeSecret", "token-secret", "TimeoutError");
  const world = createWorld({ store: { describe: () => Promise.reject(error) } });

  await expect(tick(world)).rejects.toBe(error);
});

it("stages the document with everything that the next tick needs", async () => {
  const world = createWorld();

  await tick(world);

  expect(world.secret.versions.get("issued-1-of-v1")?.text?.reveal()).toBe(
    '{"schema":1,"access_token":"access-2","expires_at":"2026-11-23T15:00:00.000Z",' +
      '"refresh_token":"refresh-2","refresh_expires_at":"2026-11-23T18:00:00.000Z",' +
      '"issued_at":"2026-11-23T12:00:00.000Z","parent":"v1","attempt":1}',
  );
});

it("presents the client credentials and the parent's refresh token", async () => {
  const { ports, ...world } = createWorld();
  const presented: string[] = [];
  const exchange: typeof ports.endpoint.exchange = async ({ clientId, clientSecret }, grant) => {
    const token = "refreshToken" in grant ? grant.refreshToken.reveal() : "";
    presented.push(clientId.reveal(), clientSecret.reveal(), token);
    return REFUSAL;
  };

  await expect(tick({ ...world, ports: { ...ports, endpoint: { ...ports.endpoint, exchange } } })).rejects.toThrow();

  expect(presented).toEqual(["client-1", "secret-1", "refresh-1"]);
});

it("gives the staging all of the run but its last two seconds", async () => {
  const times: number[] = [];
  const stage: TokenStore["stage"] = async (_id, _pair, untilMs) => {
    times.push(untilMs);
  };

  await tick(createWorld({ store: { stage } }));

  expect(times).toEqual([at("12:01:58")]);
});

it("throws FenceUnreadable without an exchange where the record that it collided with cannot be read", async () => {
  const world = createWorld({ store: { fence: async () => "collided" } });

  const run = tick(world);

  await expect(run).rejects.toMatchObject({ name: "FenceUnreadable" });
  expect(world.calls.slice(3)).toEqual(["fence attempt-1-of-v1", "readVersion attempt-1-of-v1"]);
});

it("does not force past the backoff of an attempt that it learns of by colliding with it", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_UNSPENT");
  const world = createWorld({ secret, time: "12:05" });

  const result = await tick(world, { force: true });

  expect(result).toMatchObject({ outcome: "idle", versionId: "v1" });
  expect(world.calls).not.toContain("exchange refresh-1");
});
