import { expect, it } from "vitest";
import { PairNotStored, StoreUnavailable } from "../../lambda/rotation/errors.ts";
import { rotate } from "../../lambda/rotation/rotate.ts";
import { answered } from "./given.ts";
import { memorySecret } from "./memory-store.ts";
import { createWorld, issuedDocument, type Scene, seededSecret } from "./world.ts";

const REFUSAL = answered(200, '{"rc":1,"mc":"AUTH_001"}');

it("rotates straight through, one call for each step and none between exchange and stage", async () => {
  const world = createWorld();

  await rotate(world.ports, world.request());

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

  const result = await rotate(world.ports, world.request());

  expect(result).toEqual({
    outcome: "rotated",
    reason: "renewed: XT granted a new pair",
    secretId: "token-secret",
    versionId: "issued-1-of-v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    refreshExpiresAt: "2026-11-23T18:00:00.000Z",
    nextRenewalAt: "2026-11-23T14:00:00.000Z",
  });
});

it("examines an odd answer only after its pair is promoted", async () => {
  const odd = answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_token":"refresh-2"}}');
  const world = createWorld({ answer: odd });

  await rotate(world.ports, world.request());

  expect(world.calls.slice(-3)).toEqual(["stage issued-1-of-v1", "moveCurrent v1 issued-1-of-v1", "warn"]);
  expect(world.warnings).toEqual([
    'XT\'s answer was odd, its tokens are stored {"defects":["the lifetime is unknown"],"attempt":1}',
  ]);
});

it("is idle before the renewal is due, after two reads of the secret", async () => {
  const world = createWorld({ time: "11:59" });

  const result = await rotate(world.ports, world.request());

  expect(result).toEqual({
    outcome: "idle",
    reason: "not-due: the next renewal is at 2026-11-23T12:00:00.000Z",
    secretId: "token-secret",
    versionId: "v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-23T12:00:00.000Z",
  });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("rotates before the renewal is due under force", async () => {
  const world = createWorld({ time: "07:00" });

  expect(await rotate(world.ports, world.request({ force: true }))).toMatchObject({ outcome: "rotated" });
});

it("halts and touches nothing where nobody has seeded the secret", async () => {
  const world = createWorld({ secret: memorySecret() });

  const result = await rotate(world.ports, world.request());

  expect(result).toMatchObject({
    outcome: "halted",
    reason:
      "not-seeded: token-secret has no value, " +
      "run npx xt-token seed --token-secret token-secret --client-secret client-secret",
    versionId: null,
  });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("halts and touches nothing where the client secret has no value", async () => {
  const world = createWorld({ readClientSecret: async () => undefined });

  const result = await rotate(world.ports, world.request());

  expect(result).toMatchObject({
    outcome: "halted",
    reason:
      "client-credentials: client-secret has no value, " +
      "run npx xt-token seed --token-secret token-secret --client-secret client-secret --credentials-only",
  });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("is deferred without an error where XT throttles", async () => {
  const world = createWorld({ answer: answered(429, "") });

  expect(await rotate(world.ports, world.request())).toMatchObject({
    outcome: "deferred",
    reason: "throttled: XT asked for fewer requests, a later tick tries again",
    versionId: "v1",
  });
});

it("throws RotationRejected where XT refuses", async () => {
  const world = createWorld({ answer: REFUSAL });

  await expect(rotate(world.ports, world.request())).rejects.toMatchObject({
    name: "RotationRejected",
    code: "AUTH_001",
    status: 200,
    attempt: 1,
    message:
      "XT refused the refresh token with AUTH_001 (HTTP 200), " +
      "if it keeps refusing, reauthorize with npx xt-token authorize --redirect-uri <URI>",
  });
});

it("points at a staged pair beside AWSCURRENT where XT refuses", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v0", issuedDocument("v0"), "XT_ISSUED");
  const world = createWorld({ secret, answer: REFUSAL });

  await expect(rotate(world.ports, world.request())).rejects.toThrow(
    "look at version issued-1-of-v0, the last pair that a run received",
  );
});

it("throws TokenEndpointUnreachable where the request never left", async () => {
  const world = createWorld({ answer: { kind: "unsent", code: "ENOTFOUND" } });

  await expect(rotate(world.ports, world.request())).rejects.toMatchObject({
    name: "TokenEndpointUnreachable",
    code: "ENOTFOUND",
    attempt: 1,
  });
});

it("throws ExchangeOutcomeUnknown where no usable answer came", async () => {
  const world = createWorld({ answer: answered(503, "") });

  await expect(rotate(world.ports, world.request())).rejects.toMatchObject({
    name: "ExchangeOutcomeUnknown",
    code: "HTTP_503",
    attempt: 1,
  });
});

it("throws NotEnoughTime without a write where the run is short", async () => {
  const world = createWorld();
  const run = { ...world.request().run, exchangeTimeoutMs: 90_001 };

  await expect(rotate(world.ports, world.request({ run }))).rejects.toMatchObject({ name: "NotEnoughTime" });
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials"]);
});

it("spends nothing where the fence cannot be written", async () => {
  const error = new StoreUnavailable("PutSecretValue", "token-secret", "AccessDeniedException");
  const world = createWorld({ store: { fence: () => Promise.reject(error) } });

  await expect(rotate(world.ports, world.request())).rejects.toBe(error);
  expect(world.calls.at(-1)).toBe("fence attempt-1-of-v1");
});

it("leaves AWSCURRENT where it is when the pair could not be stored", async () => {
  const error = new PairNotStored("TimeoutError");
  const escrow: Scene["escrow"] = { keep: async () => "refused" };
  const world = createWorld({ store: { stage: () => Promise.reject(error) }, escrow });

  await expect(rotate(world.ports, world.request())).rejects.toBe(error);
  expect(world.secret.holders.get("AWSCURRENT")).toBe("v1");
});

it("forces once where a forced event is delivered twice", async () => {
  const world = createWorld();
  await rotate(world.ports, world.request({ force: true }));

  const duplicate = await rotate(world.ports, world.request({ force: true }));

  expect(duplicate).toMatchObject({ outcome: "idle", versionId: "issued-1-of-v1" });
  expect(world.calls.filter((call) => call.startsWith("exchange"))).toEqual(["exchange refresh-1"]);
});

it("throws RefreshTokenUnreadable, with the access token in use, where the answer broke off before the refresh token", async () => {
  const answer = answered(200, '{"rc":0,"result":{"access_token":"access-2","refresh_tok', false);
  const world = createWorld({ answer });

  const run = rotate(world.ports, world.request());

  await expect(run).rejects.toMatchObject({ name: "RefreshTokenUnreadable", versionId: "issued-1-of-v1" });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("issued-1-of-v1");
});

it("throws PromotionRefused with the pair safe where AWSCURRENT may not be moved", async () => {
  const moveCurrent = async () => ({ kind: "refused", code: "AccessDeniedException" }) as const;
  const world = createWorld({ store: { moveCurrent } });

  await expect(rotate(world.ports, world.request())).rejects.toMatchObject({ name: "PromotionRefused" });
  expect(world.secret.holders.get("XT_ISSUED")).toBe("issued-1-of-v1");
});

it("is deferred, and keeps both versions, where a person re-seeds during the exchange", async () => {
  const { secret, ports, ...world } = createWorld();
  const endpoint: typeof ports.endpoint = {
    exchange(request) {
      secret.put("v2", '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT");
      return ports.endpoint.exchange(request);
    },
  };

  const result = await rotate({ ...ports, endpoint }, world.request());

  expect(result).toMatchObject({
    outcome: "deferred",
    reason:
      "superseded: AWSCURRENT was moved by someone else, " +
      "the pair issued to this run stays in version issued-1-of-v1",
    versionId: "v2",
  });
  expect(secret.holders.get("AWSCURRENT")).toBe("v2");
  expect(secret.holders.get("XT_ISSUED")).toBe("issued-1-of-v1");
});

it("throws the reason for which the client credentials cannot be had", async () => {
  const error = new StoreUnavailable("GetSecretValue", "client-secret", "TimeoutError");
  const world = createWorld({ readClientSecret: () => Promise.reject(error) });

  await expect(rotate(world.ports, world.request())).rejects.toBe(error);
});

it("throws what the secret's description failed with", async () => {
  const error = new StoreUnavailable("DescribeSecret", "token-secret", "TimeoutError");
  const world = createWorld({ store: { describe: () => Promise.reject(error) } });

  await expect(rotate(world.ports, world.request())).rejects.toBe(error);
});
