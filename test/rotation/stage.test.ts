import { expect, it } from "vitest";
import type { Escrow, TokenStore } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { adopt, type Staged, stage } from "../../lambda/rotation/stage.ts";
import { PairNotStored, StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { at, shown } from "./given.ts";
import { createWorld, issuedDocument, type World } from "./world.ts";

const PAIR = new Sensitive("pair 2");

const ID = "v2";
const RECOVERED_ID = "recovered-1-of-v2";

function stageV2({ ports }: World): Promise<Staged> {
  return stage(ports, { arn: "arn:token-secret", issuedId: ID, text: PAIR }, at("12:01:58"));
}

function adoptV2({ ports }: World) {
  return adopt(ports, { arn: "arn:token-secret", issuedId: ID }, at("12:01:58"));
}

/** Takes the pair after some trouble. */
const stageLater: TokenStore["stage"] = async (_id, _pair, _untilMs, onTrouble) => onTrouble?.();

/** Has trouble until time is up. */
const neverStage: TokenStore["stage"] = async (_id, _pair, _untilMs, onTrouble) => {
  onTrouble?.();
  throw new PairNotStored("ServiceUnavailable");
};

const refuse: Escrow["keep"] = async () => "refused";

/** Lets everything happen that needs no more than promises. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

it("leaves the escrow alone where the token secret takes the pair at once", async () => {
  // given
  const world = createWorld();

  // when
  const staged = await stageV2(world);

  // then
  expect(staged).toEqual({ versionId: "v2", isEscrowed: false });
  expect(world.calls).toEqual(["stage v2"]);
  expect(world.secret.versions.get("v2")?.text?.reveal()).toBe("pair 2");
});

it("gives the same pair and the same time to the escrow, once staging makes trouble", async () => {
  // given
  const given: unknown[] = [];
  const keep: Escrow["keep"] = async (id, pair, untilMs) => {
    given.push([id, pair.reveal(), untilMs]);
    return "kept";
  };
  const world = createWorld({ store: { stage: stageLater }, escrow: { keep } });

  // when
  await stageV2(world);

  // then
  expect(world.calls).toEqual(["stage v2", "keep v2"]);
  expect(given).toEqual([["v2", "pair 2", at("12:01:58")]]);
});

it("goes on staging while the escrow is at work", async () => {
  // given
  const steps: string[] = [];
  const write: TokenStore["stage"] = async (_id, _pair, _untilMs, onTrouble) => {
    onTrouble?.();
    steps.push("staged");
  };
  const keep: Escrow["keep"] = async () => {
    await settled();
    steps.push("kept");
    return "kept";
  };
  const world = createWorld({ store: { stage: write }, escrow: { keep } });

  // when
  await stageV2(world);

  // then
  expect(steps).toEqual(["staged", "kept"]);
});

it("ends the escrow's work once the pair is staged, and waits for its end", async () => {
  // given
  const needed: boolean[] = [];
  let isEnded = false;
  const keep: Escrow["keep"] = async (_id, _pair, _untilMs, isNeeded) => {
    needed.push(isNeeded());
    await settled();
    needed.push(isNeeded());
    isEnded = true;
    return "refused";
  };
  const world = createWorld({ store: { stage: stageLater }, escrow: { keep } });

  // when
  const staged = await stageV2(world);

  // then
  expect(needed).toEqual([true, false]);
  expect(isEnded).toBe(true);
  expect(staged).toEqual({ versionId: "v2", isEscrowed: true });
});

it("says that the escrow was used where it refused too, since a lost answer may have left a copy", async () => {
  // given
  const world = createWorld({ store: { stage: stageLater }, escrow: { keep: refuse } });

  // when
  const staged = await stageV2(world);

  // then
  expect(staged).toEqual({ versionId: "v2", isEscrowed: true });
});

it("throws PairEscrowed where the escrow alone took the pair", async () => {
  // given
  const world = createWorld({ store: { stage: neverStage } });

  // when
  const staged = stageV2(world);

  // then
  await expect(staged).rejects.toMatchObject({
    name: "PairEscrowed",
    code: "ServiceUnavailable",
    versionId: "v2",
    message:
      "Secrets Manager did not take the pair in time (ServiceUnavailable), " +
      "it is safe in the escrow and a later tick puts it in use",
  });
  expect([...world.escrowed]).toEqual([["v2", "pair 2"]]);
});

it("still needs the escrow after staging gave up", async () => {
  // given
  let isNeededAtLast: boolean | undefined;
  const keep: Escrow["keep"] = async (_id, _pair, _untilMs, isNeeded) => {
    await settled();
    isNeededAtLast = isNeeded();
    return "kept";
  };
  const world = createWorld({ store: { stage: neverStage }, escrow: { keep } });

  // when
  const staged = stageV2(world);

  // then
  await expect(staged).rejects.toMatchObject({ name: "PairEscrowed" });
  expect(isNeededAtLast).toBe(true);
});

it("throws PairNotStored where neither took the pair", async () => {
  // given
  const world = createWorld({ store: { stage: neverStage }, escrow: { keep: refuse } });

  // when
  const staged = stageV2(world);

  // then
  await expect(staged).rejects.toMatchObject({ name: "PairNotStored", code: "ServiceUnavailable" });
});

it("asks the escrow at last where staging gave up without telling of trouble", async () => {
  // given
  const write: TokenStore["stage"] = () => Promise.reject(new PairNotStored("TimeoutError"));
  const world = createWorld({ store: { stage: write } });

  // when
  const staged = stageV2(world);

  // then
  await expect(staged).rejects.toMatchObject({ name: "PairEscrowed", code: "TimeoutError" });
});

it("calls nothing but a pair that was not stored safe in the escrow", async () => {
  // given
  const error = new StoreUnavailable("secretsmanager", "GetSecretValue", "token-secret", "TimeoutError");
  const write: TokenStore["stage"] = async (_id, _pair, _untilMs, onTrouble) => {
    onTrouble?.();
    throw error;
  };
  const world = createWorld({ store: { stage: write } });

  // when
  const staged = stageV2(world);

  // then
  await expect(staged).rejects.toBe(error);
});

it("gives a pair another place where a void record stands in its own", async () => {
  // given
  const world = createWorld();
  world.secret.put(ID, '{"schema":1,"kind":"void","parent":"v1","attempt":1}', "XT_VOID");

  // when
  const staged = await stageV2(world);

  // then
  expect(staged).toEqual({ versionId: RECOVERED_ID, isEscrowed: false });
  expect(world.secret.holders.get("XT_ISSUED")).toBe(RECOVERED_ID);
  expect(world.secret.versions.get(RECOVERED_ID)?.text?.reveal()).toBe("pair 2");
});

it("brings an escrowed pair home as it is, and leaves the copy", async () => {
  // given
  const world = createWorld();
  world.escrowed.set(ID, issuedDocument("v1"));

  // when
  const adopted = await adoptV2(world);

  // then
  expect(adopted?.versionId).toBe(ID);
  expect(adopted && shown(adopted.pair)).toMatchObject({ refreshToken: "refresh-9", origin: { parent: "v1" } });
  expect(world.secret.versions.get(ID)?.text?.reveal()).toBe(issuedDocument("v1"));
  expect([...world.escrowed.keys()]).toEqual([ID]);
});

it("brings it home to another place where a void record stands in its own", async () => {
  // given
  const world = createWorld();
  world.secret.put(ID, '{"schema":1,"kind":"void","parent":"v1","attempt":1}', "XT_VOID");
  world.escrowed.set(ID, issuedDocument("v1"));

  // when
  const adopted = await adoptV2(world);

  // then
  expect(adopted?.versionId).toBe(RECOVERED_ID);
  expect(world.secret.versions.get(RECOVERED_ID)?.text?.reveal()).toBe(issuedDocument("v1"));
});

it("adopts nothing that the escrow does not keep", async () => {
  // given
  const world = createWorld();

  // when
  const adopted = await adoptV2(world);

  // then
  expect(adopted).toBe(undefined);
  expect(world.calls).toEqual(["find v2"]);
});
