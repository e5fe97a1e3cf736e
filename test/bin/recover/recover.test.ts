import { expect, it } from "vitest";
import { createPerson, MINUTE_MS, startPeopleWorld } from "../fixtures/people-world.ts";
import { id, pairOf, pairsIn, runRecover } from "../fixtures/recovering.ts";

it("has nothing to do where the pair in use is the newest", async () => {
  const world = await startPeopleWorld({ token: "grant" });
  world.advance(MINUTE_MS);
  await world.tick();
  const { AWSCURRENT: current, AWSPREVIOUS: previous } = world.aws.labels("token");

  const run = await runRecover(world);

  expect(run).toMatchObject({ exit: 0, questions: [] });
  expect(run.screen.slice(0, 2)).toEqual(["token", "✓ nothing to recover: no other pair is newer than the one in use"]);
  expect(await pairsIn(world)).toMatchObject([
    { versionId: current, labels: ["AWSCURRENT", "XT_ISSUED"], verdict: "in-use", parent: previous, attempt: 1 },
    {
      versionId: previous,
      labels: ["AWSPREVIOUS"],
      verdict: "not-promotable",
      why: `it was succeeded by version ${current}`,
    },
  ]);
});

it("shows versions of every kind, pairs by expiry and the rest by age", async () => {
  const world = await startPeopleWorld({ token: pairOf("a", { refresh_expires_at: "2026-12-01T00:00:00.000Z" }) });
  const { AWSCURRENT: parent } = world.aws.labels("token");
  const times = { started_at: "2026-11-23T11:00:00Z", deadline_at: "2026-11-23T11:02:00Z" };
  const record = { kind: "attempt", parent, attempt: 1, run: "run-1", nonce: "n", ...times };
  world.aws.put("token", JSON.stringify(record), { versionId: id("b"), labels: ["XT_ATTEMPT"] });
  world.advance(MINUTE_MS);
  world.aws.put("token", "plain text", { versionId: id("c"), labels: ["OTHER"] });
  world.aws.put("token", pairOf("d"), { versionId: id("d"), labels: ["KEPT"] });

  const { screen } = await runRecover(world);

  expect(screen.slice(2)).toEqual([
    "",
    ` 1 ${id("d")}  KEPT`,
    "   can be promoted",
    "   refresh token until 2027-05-22 12:00:00Z in 179 d 23 h, access token until 2026-11-23 11:00:00Z 1 h 1 min ago",
    "   issued 2026-11-22 12:00:00Z 1 d ago by attempt 1 on 00000000-0000-4000-8000-000000000000",
    "",
    ` 2 ${parent}  AWSCURRENT`,
    "   in use",
    "   refresh token until 2026-12-01 00:00:00Z in 7 d 11 h, access token until 2026-11-23 11:00:00Z 1 h 1 min ago",
    "   issued 2026-11-22 12:00:00Z 1 d ago by attempt 1 on 00000000-0000-4000-8000-000000000000",
    "",
    `   ${id("c")}  OTHER  the value must be JSON`,
    `   ${id("b")}  XT_ATTEMPT  attempt 1 on ${parent}, began 2026-11-23 11:00:00Z`,
    "",
    "escrow: empty",
  ]);
});

it("reads deprecated versions and every page of them", async () => {
  const world = await startPeopleWorld({ token: pairOf("first") });
  // The first page is empty, as AWS allows, and the second begins with the second version.
  world.aws.setFaults(({ operation, input }) =>
    operation === "ListSecretVersionIds" && input["NextToken"] === undefined
      ? { kind: "reply", when: "after", status: 200, body: '{"Versions":[],"NextToken":"1"}' }
      : undefined,
  );
  world.aws.put("token", pairOf("b"), { versionId: id("b") });
  world.aws.put("token", pairOf("c"), { versionId: id("c") });
  world.aws.put("token", pairOf("d"), { versionId: id("d") });

  const pairs = await pairsIn(world);

  expect(pairs.map(({ versionId, labels }) => [versionId, labels])).toEqual([
    [id("b"), []],
    [id("c"), ["AWSPREVIOUS"]],
    [id("d"), ["AWSCURRENT"]],
  ]);
});

it("finds nothing better than the pair in use in an older grant that still lives", async () => {
  const world = await startPeopleWorld({ token: pairOf("old", { issued_at: "2026-11-20T12:00:00.000Z" }) });
  world.aws.put("token", pairOf("new"));

  expect((await runRecover(world)).exit).toBe(0);
  expect(await pairsIn(world)).toMatchObject([{ verdict: "in-use" }, { verdict: "promotable" }]);
});

it.each<[string, string, number]>([
  ["has expired", pairOf("b", { refresh_expires_at: "2026-11-23T12:00:00.000Z" }), 3],
  ["is no pair", "plain text", 3],
  ["is older", pairOf("b", { issued_at: "2026-11-20T12:00:00.000Z" }), 3],
  ["is younger", pairOf("b", { issued_at: "2026-11-23T11:00:00.000Z" }), 0],
])("offers a living pair where the value in use %s, and leaves it where nobody answers", async (_how, value, exit) => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  world.aws.put("token", value, { versionId: id("b") });

  const run = await runRecover(world);

  expect(run.exit).toBe(exit);
  expect(run.questions).toEqual([
    expect.stringMatching(/^number of the pair to put in use \(\d; 0 leaves all as it is\)$/),
  ]);
  expect(world.aws.labels("token")["AWSCURRENT"]).toBe(id("b"));
});

it("says that no living pair is left, and how to grant access again", async () => {
  const world = await startPeopleWorld({ token: pairOf("a", { refresh_expires_at: "2026-11-23T12:00:00.000Z" }) });

  const run = await runRecover(world);

  expect(run).toMatchObject({ exit: 4, questions: [] });
  expect(run.screen[1]).toBe("✗ no living pair is left");
  expect(run.screen.at(-1)).toMatch(
    /^xt-token: a person must grant access again: npx xt-token authorize --redirect-uri <URI> --token-secret token /,
  );
});

it("says that the next tick promotes by itself the pair that a person moved AWSCURRENT back from", async () => {
  const world = await startPeopleWorld({ token: "grant" });
  world.advance(MINUTE_MS);
  await world.tick();
  const { AWSCURRENT: newest = "", AWSPREVIOUS: previous } = world.aws.labels("token");
  world.aws.moveLabel("token", "AWSCURRENT", previous);

  const run = await runRecover(world);

  expect(run.exit).toBe(3);
  expect(run.screen).toContain(` 1 ${newest}  XT_ISSUED AWSPREVIOUS`);
  expect(run.screen).toContain("   can be promoted, and the next tick does so by itself");
  expect(run.screen).toContain(`   in use, but version ${newest} came after it`);
});

it("does not promise that a tick promotes what is not under XT_ISSUED", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: parent = "" } = world.aws.labels("token");
  world.aws.put("token", pairOf("b", { parent, issued_at: "2026-11-22T13:00:00.000Z" }), {
    versionId: id("b"),
    labels: ["OTHER"],
  });

  const run = await runRecover(world);

  expect(run.exit).toBe(3);
  expect(run.screen).toContain("   can be promoted");
});

it("calls the pair in use dead where its successor, which has expired, spent it", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: parent = "" } = world.aws.labels("token");
  const expired = { issued_at: "2026-11-22T13:00:00.000Z", refresh_expires_at: "2026-11-23T12:00:00.000Z" };
  world.aws.put("token", pairOf("b", { parent, ...expired }), { versionId: id("b"), labels: ["XT_ISSUED"] });

  expect((await runRecover(world)).exit).toBe(4);
});

it("finds nothing to promote in an empty secret", async () => {
  const world = await startPeopleWorld();

  expect(await runRecover(world)).toMatchObject({ exit: 4, questions: [] });
});

it("takes a copy of the pair in use for no other pair", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  world.aws.put("token", pairOf("a"), { versionId: id("b") });

  expect(await pairsIn(world)).toContainEqual(
    expect.objectContaining({ verdict: "not-promotable", why: "it holds the refresh token of the version in use" }),
  );
});

it("takes a copy of a spent pair for spent", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: parent } = world.aws.labels("token");
  world.aws.put("token", pairOf("b", { parent }), { versionId: id("b") });
  world.aws.put("token", pairOf("a"), { versionId: id("c"), labels: ["COPY"] });

  expect(await pairsIn(world)).toContainEqual(
    expect.objectContaining({ versionId: id("c"), why: `it was succeeded by version ${id("b")}` }),
  );
});

it("does not take a pair for spent whose refresh token XT left as it was", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  const { AWSCURRENT: parent } = world.aws.labels("token");
  world.aws.put("token", pairOf("a", { parent }), { versionId: id("b") });
  world.aws.put("token", pairOf("a", { parent: id("b") }), { versionId: id("c") });

  const run = await runRecover(world);

  expect(run.exit).toBe(0);
});

it("names the permission that is missing", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  world.aws.setFaults(({ operation }) =>
    operation === "ListSecretVersionIds"
      ? { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' }
      : undefined,
  );

  const run = await runRecover(world);

  expect(run.exit).toBe(1);
  expect(run.screen).toEqual([
    expect.stringMatching(
      /^xt-token: ListSecretVersionIds on token failed with AccessDeniedException, allow secretsmanager:ListSecretVersionIds on/,
    ),
  ]);
});

it("goes on where a listed version's value is not served any more", async () => {
  const world = await startPeopleWorld({ token: pairOf("a") });
  world.aws.put("token", pairOf("b"), { versionId: id("b") });
  world.aws.setFaults(({ operation, input }) =>
    operation === "GetSecretValue" && input["VersionId"] !== id("b")
      ? { kind: "reply", when: "before", status: 400, body: '{"__type":"ResourceNotFoundException"}' }
      : undefined,
  );

  const run = await runRecover(world);

  expect(run.exit).toBe(0);
  expect(run.screen.at(-3)).toMatch(/its value is not served any more$/);
});

it.each([
  [{ json: true, reveal: true } as const],
  [{ json: true, promote: id("a") } as const],
  [{ reveal: true, promote: id("a") } as const],
])("refuses %j together", async (given) => {
  const world = await startPeopleWorld();

  const run = await runRecover(world, { given, person: createPerson(true) });

  expect(run).toMatchObject({
    exit: 2,
    screen: ["xt-token: --json, --promote and --reveal must be given one at a time"],
  });
});
