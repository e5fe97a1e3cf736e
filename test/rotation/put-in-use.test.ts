import { expect, it } from "vitest";
import type { RotationResult } from "../../lambda/contract.ts";
import { putKeptPairInUse } from "../../lambda/rotation/put-in-use.ts";
import { memorySecret } from "./memory-store.ts";
import { createWorld, issuedDocument, type Scene, seededSecret, type World } from "./world.ts";

function put({ ports, request }: World, versionId: string): Promise<RotationResult> {
  return putKeptPairInUse(ports, "default", request().run, versionId);
}

/** A secret with the seeded pair in use and another one kept. */
function worldWithKeptPair(scene: Scene = {}): World {
  const secret = seededSecret();
  secret.put("kept", issuedDocument("v0"));
  return createWorld({ secret, ...scene });
}

it("puts a pair from a version in use", async () => {
  const world = worldWithKeptPair();

  const result = await put(world, "kept");

  expect(result).toEqual({
    outcome: "settled",
    reason: "promoted: version kept is in use",
    connection: "default",
    versionId: "kept",
    expiresAt: "2026-11-23T18:00:00.000Z",
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-23T16:00:00.000Z",
  });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("kept");
  expect([...world.secret.versions.keys()]).toEqual(["v1", "kept"]);
});

it("tells the next renewal of a kept pair that is not known to be bought from when it was written", async () => {
  const secret = seededSecret();
  secret.put("kept", '{"access_token":"access-8","expires_at":"2026-11-23T18:00Z","refresh_token":"refresh-8"}');

  const result = await put(createWorld({ secret }), "kept");

  expect(result).toMatchObject({ versionId: "kept", nextRenewalAt: "2026-11-23T14:00:00.000Z" });
});

it.each([
  ["under its own id", [], "kept"],
  ["beside the void record in its place", ["kept"], "recovered-1-of-kept"],
])("puts a pair from the escrow in use, %s, and deletes the copy", async (_, voided, versionId) => {
  const world = createWorld();
  for (const id of voided) world.secret.put(id, '{"schema":1,"kind":"void","parent":"v1","attempt":1}', "XT_VOID");
  world.escrowed.set("kept", issuedDocument("v1"));

  const result = await put(world, "kept");

  expect(result).toMatchObject({ outcome: "settled", versionId });
  expect(world.secret.holders.get("AWSCURRENT")).toBe(versionId);
  expect([...world.escrowed]).toEqual([]);
});

it("fills an empty secret from the escrow", async () => {
  const world = createWorld({ secret: memorySecret() });
  world.escrowed.set("kept", issuedDocument("v1"));

  const result = await put(world, "kept");

  expect(result).toMatchObject({ outcome: "settled", versionId: "kept" });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("kept");
});

it("takes the place of a value that is not ours", async () => {
  const secret = memorySecret();
  secret.put("v1", "not a pair", "AWSCURRENT");
  secret.put("kept", issuedDocument("v0"));

  const result = await put(createWorld({ secret }), "kept");

  expect(result).toMatchObject({ outcome: "settled", versionId: "kept" });
});

it("is done where the pair is in use already", async () => {
  const world = createWorld();

  expect(await put(world, "v1")).toMatchObject({ outcome: "settled", versionId: "v1" });
  expect(world.calls.filter((call) => call.startsWith("moveCurrent"))).toEqual([]);
});

it.each(["unknown", "record"])("refuses the id %s, under which no pair is kept", async (id) => {
  const world = createWorld();
  world.secret.put("record", '{"schema":1,"kind":"void","parent":"v1","attempt":1}');

  await expect(put(world, id)).rejects.toMatchObject({
    name: "NotPromotable",
    message: `version ${id} cannot be put in use: neither the token secret nor the escrow holds a pair under this id, type npx --no xt-token recover`,
  });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("v1");
});

it("overwrites nothing where somebody moves AWSCURRENT meanwhile", async () => {
  const world = worldWithKeptPair();
  const { readVersion } = world.ports.store;
  const store: World["ports"]["store"] = {
    ...world.ports.store,
    readVersion: (id) => {
      world.secret.put("v2", '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT");
      return readVersion(id);
    },
  };

  const result = await put({ ...world, ports: { ...world.ports, store } }, "kept");

  expect(result).toMatchObject({
    outcome: "deferred",
    reason:
      "superseded: somebody moved AWSCURRENT meanwhile, the pair is kept in version kept, type npx --no xt-token recover again",
    versionId: "v2",
  });
  expect(world.secret.holders.get("AWSCURRENT")).toBe("v2");
});
