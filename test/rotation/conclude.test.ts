import { expect, it } from "vitest";
import { concludeRefresh, concludeSettling } from "../../lambda/rotation/conclude.ts";
import type { Decision } from "../../lambda/rotation/decide.ts";
import type { Escrow, TokenStore } from "../../lambda/rotation/ports.ts";
import { answered, CREDENTIALS, current, facts, issued } from "./given.ts";
import { createWorld, GRANT, type World } from "./world.ts";

const NAMES = { tokenSecretId: "token-secret", clientSecretId: "client-secret" };
const STAGED = issued("v1");
const REFRESH: Extract<Decision, { kind: "refresh" }> = {
  kind: "refresh",
  parent: current(),
  attempt: 1,
  credentials: CREDENTIALS,
};

const leave: Escrow["discard"] = async () => "left";
const refuse: TokenStore["moveCurrent"] = async () => ({ kind: "refused", code: "AccessDeniedException" });

/** A world whose escrow holds a copy of the pair. */
function worldWithCopy(scene: Parameters<typeof createWorld>[0] = {}): World {
  const world = createWorld(scene);
  world.escrowed.set(STAGED.versionId, "pair 2");
  return world;
}

function concludeStaged({ ports }: World, isEscrowed: boolean, answer = GRANT) {
  return concludeRefresh(ports, NAMES, facts(), REFRESH, { kind: "staged", staged: STAGED, isEscrowed, answer });
}

it("deletes the escrow's copy after the promotion", async () => {
  // given
  const world = worldWithCopy();

  // when
  const result = await concludeStaged(world, true);

  // then
  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-1-of-v1" });
  expect(world.calls).toEqual(["moveCurrent v1 issued-1-of-v1", "discard issued-1-of-v1"]);
  expect([...world.escrowed]).toEqual([]);
});

it("does not touch an escrow that was not used", async () => {
  // given
  const world = createWorld();

  // when
  const result = await concludeStaged(world, false);

  // then
  expect(result).toMatchObject({ outcome: "rotated" });
  expect(world.calls).toEqual(["moveCurrent v1 issued-1-of-v1"]);
});

it("deletes the copy of a superseded pair too, since the token secret keeps its version", async () => {
  // given
  const world = worldWithCopy();
  world.secret.put("v2", '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT");

  // when
  const result = await concludeStaged(world, true);

  // then
  expect(result).toMatchObject({ outcome: "deferred", versionId: "v2" });
  expect([...world.escrowed]).toEqual([]);
});

it("leaves the copy to the tick that settles where the promotion fails", async () => {
  // given
  const world = worldWithCopy({ store: { moveCurrent: refuse } });

  // when
  const run = concludeStaged(world, true);

  // then
  await expect(run).rejects.toMatchObject({ name: "PromotionRefused" });
  expect([...world.escrowed.keys()]).toEqual(["issued-1-of-v1"]);
});

it("logs a copy that could not be deleted, and does not fail the run", async () => {
  // given
  const world = worldWithCopy({ escrow: { discard: leave } });

  // when
  const result = await concludeStaged(world, true);

  // then
  expect(result).toMatchObject({ outcome: "rotated" });
  expect(world.warnings).toEqual(['the escrow\'s copy of the pair could not be deleted {"id":"issued-1-of-v1"}']);
});

it("says what was odd about the answer also where the escrow was used", async () => {
  // given
  const world = worldWithCopy();

  // when
  await concludeStaged(world, true, answered(202, GRANT.body.reveal()));

  // then
  expect(world.warnings).toEqual([
    'XT\'s answer was odd, its tokens are stored {"defects":["the status must be 200, got 202"],"attempt":1}',
  ]);
});

it("deletes the copy that an interrupted run may have left", async () => {
  // given
  const world = worldWithCopy();

  // when
  const result = await concludeSettling(world.ports, NAMES, "v1", STAGED);

  // then
  expect(result).toMatchObject({ outcome: "settled", versionId: "issued-1-of-v1" });
  expect(world.calls).toEqual(["moveCurrent v1 issued-1-of-v1", "discard issued-1-of-v1"]);
  expect([...world.escrowed]).toEqual([]);
});

it("deletes it as well where a person has seeded a newer pair", async () => {
  // given
  const world = worldWithCopy();
  world.secret.put("v2", '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT");

  // when
  const result = await concludeSettling(world.ports, NAMES, "v1", STAGED);

  // then
  expect(result).toMatchObject({ outcome: "deferred", versionId: "v2" });
  expect([...world.escrowed]).toEqual([]);
});

it("keeps the copy where what was found cannot be promoted", async () => {
  // given
  const world = worldWithCopy({ store: { moveCurrent: refuse } });

  // when
  const run = concludeSettling(world.ports, NAMES, "v1", STAGED);

  // then
  await expect(run).rejects.toMatchObject({ name: "PromotionRefused" });
  expect([...world.escrowed.keys()]).toEqual(["issued-1-of-v1"]);
});

it("logs a copy that settling could not delete, and is settled all the same", async () => {
  // given
  const world = worldWithCopy({ escrow: { discard: leave } });

  // when
  const result = await concludeSettling(world.ports, NAMES, "v1", STAGED);

  // then
  expect(result).toMatchObject({ outcome: "settled" });
  expect(world.warnings).toEqual(['the escrow\'s copy of the pair could not be deleted {"id":"issued-1-of-v1"}']);
});
