import { expect, it } from "vitest";
import { versionIdOf } from "../../../lambda/adapters/version-id.ts";
import type { Fault } from "../../../sandbox/faults.ts";
import { runAuthorize } from "../fixtures/authorizing.ts";
import { createPerson, MINUTE_MS, PREFIX, startPeopleWorld } from "../fixtures/people-world.ts";
import { id, pairOf, pairsIn, runRecover } from "../fixtures/recovering.ts";

const YES = { yes: true } as const;
const DENIED: Fault = { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' };

it("tells what the escrow holds and for which version each entry is meant", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: parent = "" } = world.aws.labels("token");
  const arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token";
  const stray = versionIdOf({ arn, parent, kind: "issued", attempt: 1 });
  world.parameterStore.put(`${PREFIX}${parent}`, pairOf("a"));
  world.parameterStore.put(`${PREFIX}${stray}`, pairOf("b", { parent }));
  world.parameterStore.put(`${PREFIX}${id("c")}`, '{"refresh_token":"refresh-c"}');
  world.parameterStore.put(`${PREFIX}${id("d")}`, "plain text");

  const escrowed = (await pairsIn(world)).filter(({ place }) => place === "escrow");

  expect(escrowed.map(({ versionId, verdict, why }) => [versionId, verdict, why])).toEqual(
    expect.arrayContaining([
      [parent, "not-promotable", "its version is in the token secret, the copy is not needed any more"],
      [stray, "not-promotable", "it is meant for another token secret"],
      [id("c"), "promotable", null],
    ]),
  );
  expect(escrowed).toHaveLength(3);
});

it("calls nothing lost before the escrow was seen", async () => {
  const world = await startPeopleWorld();
  world.parameterStore.setFaults(() => DENIED);

  const run = await runRecover(world);

  expect(run.screen[1]).toBe("✗ no living pair is left in the token secret; the escrow was not seen");
});

it("says how to delete a copy that is not needed, and no other", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: parent = "" } = world.aws.labels("token");
  world.aws.put("token", pairOf("a"), { versionId: id("e"), labels: ["KEPT"] });
  world.aws.put("token", pairOf("c"), { versionId: id("f"), labels: ["OTHER"] });
  world.parameterStore.put(`${PREFIX}${parent}`, pairOf("a"));
  world.parameterStore.put(`${PREFIX}${id("b")}`, pairOf("b", { parent }));
  world.parameterStore.put(`${PREFIX}${id("c")}`, '{"refresh_token":"refresh-c"}');

  const run = await runRecover(world);

  expect(run.screen.filter((line) => line.includes("delete-parameter"))).toEqual([
    `   delete it: aws ssm delete-parameter --name /xt/escrow/${parent}`,
  ]);
});

it("reads every page of the escrow", async () => {
  const world = await startPeopleWorld();
  for (const letter of "abcdefghijkl")
    world.parameterStore.put(`${PREFIX}${id(letter)}`, pairOf(letter, { parent: 7 }));

  expect(await pairsIn(world)).toHaveLength(12);
});

it("says that the escrow could not be asked, and does not call that sound", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const body = '{"__type":"AccessDeniedException","message":"refresh-a"}';
  world.parameterStore.setFaults(() => ({ kind: "reply", when: "before", status: 400, body }));

  const run = await runRecover(world);

  expect(run.exit).toBe(3);
  expect(run.screen[1]).toBe("! nothing to recover in the token secret; the escrow was not seen");
  expect(run.screen.at(-1)).toMatch(
    /^escrow: could not be asked \(AccessDeniedException\), .* allow ssm:GetParametersByPath below \/xt\/escrow\/ and type npx/,
  );
});

it("is not blind to its blindness where nobody named the escrow", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const target = { ...world.target, config: { ...world.target.config, escrow: undefined } };

  const run = await runRecover({ ...world, target });

  expect(run.exit).toBe(3);
  expect(run.screen[1]).toBe("! nothing to recover in the token secret; the escrow was not seen");
  expect(run.screen.at(-1)).toBe("escrow: not looked at, give --stack or --escrow-prefix");
});

it("brings a pair home from the escrow under the version that it is meant for, and deletes the copy last", async () => {
  const world = await startPeopleWorld({ token: '{"refresh_token":"dead"}' });
  world.aws.setFaults(({ operation, nth }) =>
    operation === "PutSecretValue" && nth > 1 ? { kind: "drop", when: "before" } : undefined,
  );
  world.xt.setFaults(() => ({ kind: "act", when: "after", act: () => world.advance(44_000) }));
  await runAuthorize(world);
  const [name = ""] = Object.keys(world.parameterStore.parameters());
  let copiesAtPromotion = 0;
  world.aws.setFaults(({ operation }) => {
    if (operation === "UpdateSecretVersionStage")
      copiesAtPromotion = Object.keys(world.parameterStore.parameters()).length;
    return undefined;
  });

  const run = await runRecover(world, { person: createPerson("1", true) });

  const { AWSCURRENT: current, XT_ISSUED: issued } = world.aws.labels("token");
  expect(run.exit).toBe(0);
  expect(run.screen).toContain("the escrow's copy is written to the token secret, and deleted once it is in use");
  expect([`${PREFIX}${current}`, `${PREFIX}${issued}`]).toEqual([name, name]);
  expect(copiesAtPromotion).toBe(1);
  expect(world.parameterStore.parameters()).toEqual({});
  expect((await world.tick()).outcome).toBe("idle");
});

it("fills an empty secret from the escrow", async () => {
  const world = await startPeopleWorld();
  world.parameterStore.put(`${PREFIX}${id("a")}`, '{"refresh_token":"refresh-a"}');

  const run = await runRecover(world, { given: { promote: id("a"), ...YES } });

  expect(run.exit).toBe(0);
  expect(world.aws.labels("token")).toEqual({ AWSCURRENT: id("a"), XT_ISSUED: id("a") });
  expect(world.parameterStore.parameters()).toEqual({});
});

it("leaves the pair in the escrow when it cannot be put in use", async () => {
  const world = await startPeopleWorld({ token: "plain text" });
  world.parameterStore.put(`${PREFIX}${id("a")}`, '{"refresh_token":"refresh-a"}');
  world.aws.setFaults(({ operation }) => (operation === "UpdateSecretVersionStage" ? DENIED : undefined));

  const run = await runRecover(world, { given: { promote: id("a"), ...YES } });

  expect(run.exit).toBe(1);
  expect(Object.keys(world.parameterStore.parameters())).toEqual([`${PREFIX}${id("a")}`]);
});

it("deletes a copy that the escrow still holds of a pair from the token secret", async () => {
  const world = await startPeopleWorld({ token: '{"refresh_token":"refresh-a"}' });
  const { AWSCURRENT: good = "" } = world.aws.labels("token");
  world.aws.put("token", "plain text");
  world.advance(MINUTE_MS);
  world.parameterStore.put(`${PREFIX}${good}`, '{"refresh_token":"refresh-a"}');

  const run = await runRecover(world, { given: { promote: good, ...YES } });

  expect(run.exit).toBe(0);
  expect(run.screen.join("\n")).not.toContain("is written to the token secret");
  expect(world.parameterStore.parameters()).toEqual({});
});

it("says so when the copy could not be deleted", async () => {
  const world = await startPeopleWorld({ token: "plain text" });
  world.parameterStore.put(`${PREFIX}${id("a")}`, '{"refresh_token":"refresh-a"}');
  world.parameterStore.setFaults(({ operation }) => (operation === "DeleteParameter" ? DENIED : undefined));

  const run = await runRecover(world, { given: { promote: id("a"), ...YES } });

  expect(run.exit).toBe(0);
  expect(run.screen.at(-2)).toBe(
    `xt-token: the escrow's copy of version ${id("a")} could not be deleted, delete that SSM parameter by hand`,
  );
});
