import { expect, it } from "vitest";
import type { Escrow, TokenStore } from "../../lambda/rotation/ports.ts";
import { asCurrent } from "../../lambda/rotation/report.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { sweepAfterRenewal } from "../../lambda/rotation/tidy.ts";
import { answered, at, issued } from "./given.ts";
import { createWorld, GRANT, issuedDocument, type Scene, seededSecret, tick, type World } from "./world.ts";

const ID = "issued-1-of-v1";
const leave: Escrow["discard"] = async () => "left";
const refuse: TokenStore["moveCurrent"] = async () => ({ kind: "refused", code: "AccessDeniedException" });

/** Takes the pair, after trouble that brings the escrow in. */
const stageLate: (secret: Scene["secret"]) => TokenStore["stage"] =
  (secret) => async (id, pair, _untilMs, onTrouble) => {
    onTrouble?.();
    secret?.put(id, pair.reveal(), "XT_ISSUED");
  };

/** A renewal whose pair also goes to the escrow. */
function worldInTrouble(scene: Scene = {}): World {
  const secret = seededSecret();
  return createWorld({ secret, ...scene, store: { stage: stageLate(secret), ...scene.store } });
}

/** A pair that an interrupted run staged, with a copy in the escrow. */
function worldWithStagedPair(scene: Scene = {}): World {
  const secret = seededSecret();
  secret.put(ID, issuedDocument("v1"), "XT_ISSUED");
  const world = createWorld({ secret, ...scene });
  world.escrowed.set(ID, issuedDocument("v1"));
  return world;
}

it.each([
  ["renewing", worldInTrouble, "rotated"],
  ["settling", worldWithStagedPair, "settled"],
])("deletes the escrow's copy after the promotion when %s", async (_, arrange, outcome) => {
  const world = arrange();

  const result = await tick(world);

  expect(result).toMatchObject({ outcome, versionId: ID });
  expect(world.calls.slice(-2)).toEqual([`moveCurrent v1 ${ID}`, `discard ${ID}`]);
  expect([...world.escrowed]).toEqual([]);
});

it("does not touch an escrow that was not used", async () => {
  const world = createWorld();

  await tick(world);

  expect(world.calls.at(-1)).toBe(`moveCurrent v1 ${ID}`);
});

it("deletes the copy of a superseded pair too, since the token secret keeps its version", async () => {
  const during: Scene["during"] = (secret) => secret.put("v2", '{"refresh_token":"refresh-of-a-person"}', "AWSCURRENT");
  const world = worldInTrouble({ during });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "deferred", versionId: "v2" });
  expect([...world.escrowed]).toEqual([]);
});

it.each([
  ["renewing", worldInTrouble],
  ["settling", worldWithStagedPair],
])("keeps the copy where the promotion fails when %s", async (_, arrange) => {
  const world = arrange({ store: { moveCurrent: refuse } });

  await expect(tick(world)).rejects.toMatchObject({ name: "PromotionRefused" });

  expect([...world.escrowed.keys()]).toEqual([ID]);
});

it.each([
  ["renewing", worldInTrouble, "rotated"],
  ["settling", worldWithStagedPair, "settled"],
])("warns of a copy that could not be deleted, and does not fail, when %s", async (_, arrange, outcome) => {
  const world = arrange({ escrow: { discard: leave } });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome });
  expect(world.warnings).toEqual(['the escrow\'s copy of the pair could not be deleted {"id":"issued-1-of-v1"}']);
});

it("says what was odd about the answer also where the escrow was used", async () => {
  const world = worldInTrouble({ answer: answered(202, GRANT.body.reveal()) });

  await tick(world);

  expect(world.warnings).toEqual([
    'XT\'s answer was odd, its tokens are stored {"oddities":["the status must be 200, got 202"],"attempt":1}',
  ]);
});

const RENEWED_AT_NOON = issued("v1");

it("sweeps the copies whose pairs are home, under their own id or another, and no other", async () => {
  const world = createWorld();
  world.secret.put("home", issuedDocument("v1"));
  world.secret.put("voided", '{"schema":1,"kind":"void","parent":"v1","attempt":1}');
  world.secret.put("recovered-1-of-moved", issuedDocument("v1"));
  for (const id of ["home", "voided", "moved", "away"]) world.escrowed.set(id, issuedDocument("v1"));

  await sweepAfterRenewal(world.ports, "arn:token-secret", { current: asCurrent(RENEWED_AT_NOON) }, at("12:15"));

  expect([...world.escrowed.keys()]).toEqual(["voided", "away"]);
});

it("sweeps in the hour after a renewal, and not later", async () => {
  const secret = seededSecret();
  secret.put(ID, issuedDocument("v1"), "AWSCURRENT", "XT_ISSUED");
  const soon = createWorld({ secret, time: "12:59:59" });
  const later = createWorld({ secret, time: "13:00" });
  for (const world of [soon, later]) world.escrowed.set(ID, issuedDocument("v1"));

  await tick(soon);
  await tick(later);

  expect([...soon.escrowed.keys()]).toEqual([]);
  expect([...later.escrowed.keys()]).toEqual([ID]);
});

it("is idle with a warning where the escrow cannot be swept", async () => {
  const secret = seededSecret();
  secret.put(ID, issuedDocument("v1"), "AWSCURRENT", "XT_ISSUED");
  const error = new StoreUnavailable("ssm", "GetParametersByPath", "/escrow/", "TimeoutError");
  const world = createWorld({ secret, time: "12:30", escrow: { list: () => Promise.reject(error) } });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "idle" });
  expect(world.warnings).toEqual([
    "the escrow could not be swept: GetParametersByPath on /escrow/ failed with TimeoutError, the next tick tries again {}",
  ]);
});
