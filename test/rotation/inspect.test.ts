import { expect, it } from "vitest";
import type { Inspection } from "../../lambda/inspection.ts";
import { inspectScene, inspectWorld, SETTINGS } from "./inspecting.ts";
import { memorySecret } from "./memory-store.ts";
import { createWorld, issuedDocument, recordOfPeer, seededSecret, type World } from "./world.ts";

const VOID_RECORD = '{"schema":1,"kind":"void","parent":"v1","attempt":1}';

it("tells everything of a connection that is well", async () => {
  const world = createWorld({ time: "11:00" });

  const { checks, ...inspection } = await inspectWorld(world);

  const inUse = {
    versionId: "v1",
    place: "token secret",
    labels: ["AWSCURRENT"],
    use: "in-use",
    why: "it is in use",
    userId: null,
    createdAt: "2026-11-23T06:00:00.000Z",
    issuedAt: null,
    expiresAt: "2026-11-23T15:00:00.000Z",
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-23T12:00:00.000Z",
    parent: null,
    attempt: null,
  };
  expect(inspection).toEqual({
    schema: 1,
    connection: "default",
    checkedAt: "2026-11-23T11:00:00.000Z",
    verdict: {
      severity: 0,
      code: "not-due",
      message: "the next renewal is at 2026-11-23T12:00:00.000Z",
      next: null,
    },
    tick: { code: "not-due", does: "does nothing before 2026-11-23T12:00:00.000Z" },
    settings: { ...SETTINGS, clientId: "client-1" },
    labels: { AWSCURRENT: "v1" },
    current: inUse,
    attempt: null,
    pairs: [inUse],
    escrow: { state: "asked", code: null },
  });
  expect(checks.map(({ name }) => name)).toEqual([
    "token-secret",
    "client-secret",
    "access-token-secret",
    "escrow",
    "xt",
    "clock",
  ]);
});

it("changes nothing and spends nothing", async () => {
  const world = createWorld();
  world.escrowed.set("issued-1-of-v1", issuedDocument("v1"));
  const before = [new Map(world.secret.holders), new Map(world.secret.versions)];

  await inspectWorld(world);

  expect([world.secret.holders, world.secret.versions]).toEqual(before);
  expect(world.calls.filter((call) => !/^(describe|read|credentials|list|find|proveWrites)/.test(call))).toEqual([]);
});

it("holds no secret: no token of any version or of the escrow, and no client secret", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"), "XT_ATTEMPT");
  secret.put("odd", '{"refresh_token":"refresh-odd","client_id":"c"}');
  const world = createWorld({ secret });
  world.escrowed.set("issued-2-of-v1", issuedDocument("v1", 2).replaceAll("-9", "-10"));

  const told = JSON.stringify(await inspectWorld(world));

  expect(told.match(/(access|refresh)-(1|9|10|odd)|secret-1/)).toBe(null);
  expect(JSON.parse(told).pairs).toHaveLength(4);
});

it("tells of the attempt that brought no pair", async () => {
  const secret = seededSecret();
  secret.put("attempt-2-of-v1", recordOfPeer("12:00", 2), "XT_ATTEMPT", "XT_UNSPENT");

  const inspection = await inspectScene({ secret, time: "12:05" });

  expect(inspection.attempt).toEqual({
    versionId: "attempt-2-of-v1",
    attempt: 2,
    state: "unspent",
    startedAt: "2026-11-23T12:00:00.000Z",
    deadlineAt: "2026-11-23T12:02:00.000Z",
  });
  expect(inspection.tick).toEqual({ code: "backing-off", does: "does nothing before 2026-11-23T12:29:00.000Z" });
});

it.each<[string, string, (world: World) => void, Inspection["tick"]]>([
  ["renews", "12:00", () => {}, { code: "refresh", does: "renews the pair, as attempt 1" }],
  [
    "promotes",
    "12:00",
    ({ secret }) => secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED"),
    { code: "promote", does: "puts version issued-1-of-v1 in use" },
  ],
  [
    "settles",
    "12:15",
    ({ secret }) => secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT"),
    { code: "settle", does: "looks for the pair of attempt 1" },
  ],
  [
    "halts",
    "12:00",
    ({ secret }) => secret.put("v2", "not a pair", "AWSCURRENT"),
    { code: "malformed", does: "halts: the value must be JSON" },
  ],
])("says what a tick would do: it %s", async (_, time, arrange, tick) => {
  const world = createWorld({ time });
  arrange(world);

  expect((await inspectWorld(world)).tick).toEqual(tick);
});

it("offers a kept pair as the way out of a lost one", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", VOID_RECORD, "XT_VOID");
  secret.put("attempt-2-of-v1", recordOfPeer("12:00", 2), "XT_ATTEMPT", "XT_UNSPENT", "XT_REJECTED");
  const without = await inspectScene({ secret, time: "12:05" });
  secret.put("kept", issuedDocument("v0"));

  const withKept = await inspectScene({ secret, time: "12:05" });

  expect(without.verdict).toMatchObject({ severity: 4, code: "pair-lost", next: "authorize" });
  expect(withKept.verdict).toMatchObject({ severity: 4, code: "pair-lost", next: "recover" });
});

it("offers to authorize where a malformed value has left nothing to recover", async () => {
  const secret = memorySecret();
  secret.put("v1", "not a pair", "AWSCURRENT");
  const without = await inspectScene({ secret });
  secret.put("kept", issuedDocument("v0"));

  const withKept = await inspectScene({ secret });

  expect(without.verdict).toMatchObject({ code: "malformed", next: "authorize" });
  expect(withKept.verdict).toMatchObject({ code: "malformed", next: "recover" });
});

it("tells of a kept pair that is newer than the one in use", async () => {
  const secret = seededSecret();
  secret.put("kept", issuedDocument("v0").replace("12:00:00.000Z", "10:00:00.000Z"));

  expect((await inspectScene({ secret, time: "11:00" })).verdict).toEqual({
    severity: 3,
    code: "pair-kept",
    message: "a kept pair is newer than the pair in use, and no tick puts it in use: version kept",
    next: "recover",
  });
});

it("says nothing of a kept pair that is older than the one in use", async () => {
  const secret = seededSecret();
  secret.put("kept", issuedDocument("v0").replace("12:00:00.000Z", "05:00:00.000Z"));

  const inspection = await inspectScene({ secret, time: "11:00" });

  expect(inspection.verdict).toMatchObject({ severity: 0, code: "not-due", next: null });
  expect(inspection.pairs.map(({ use }) => use)).toEqual(["in-use", "promotable"]);
});

it("sends a person to authorize whose connection nobody has seeded, whatever the escrow holds", async () => {
  const world = createWorld({ secret: memorySecret() });
  world.escrowed.set("kept", issuedDocument("v0"));

  const { verdict } = await inspectWorld(world);

  expect(verdict).toMatchObject({ code: "not-seeded", next: "authorize" });
});

it("never offers a pair whose token was presented without an answer", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"), "XT_ATTEMPT");
  secret.put("v2", '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT");

  const inspection = await inspectScene({ secret });

  expect(inspection.pairs.find(({ versionId }) => versionId === "v1")).toMatchObject({
    use: "not-promotable",
    why: "its refresh token was presented to XT, and no pair came back",
  });
});

it("lists every version, also deprecated ones, and reads them a few at a time", async () => {
  const secret = seededSecret();
  for (let n = 1; n <= 20; n += 1) secret.put(`kept-${n}`, `{"refresh_token":"refresh-kept-${n}"}`);
  let reading = 0;
  let most = 0;
  const readVersion = async (id: string) => {
    reading += 1;
    most = Math.max(most, reading);
    await Promise.resolve();
    reading -= 1;
    return secret.versions.get(id);
  };

  const inspection = await inspectScene({ secret, store: { readVersion } });

  expect(inspection.pairs).toHaveLength(21);
  expect(most).toBe(8);
});
