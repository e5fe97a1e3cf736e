import { expect, it } from "vitest";
import { CREDENTIALS, SEEDED, start, writes } from "../fixtures/seeding-world.ts";
import { issuedPair } from "../fixtures/stored-pair.ts";

it("fills two empty secrets, the credentials first", async () => {
  const world = await start();

  const seeding = await world.seed();

  const { AWSCURRENT: versionId } = world.aws.labels("token");
  expect(seeding).toEqual({ kind: "seeded", pair: { kind: "written", versionId, replaced: undefined } });
  expect(writes(world)).toEqual(["PutSecretValue client", "PutSecretValue token"]);
  expect(world.aws.value("token")).toBe(SEEDED);
  expect(world.aws.value("client")).toBe(CREDENTIALS);
  expect(Object.keys(world.aws.labels("token"))).toEqual(["AWSCURRENT"]);
});

it("replaces a pair that a person seeded and keeps it as AWSPREVIOUS", async () => {
  const world = await start({ token: '{"refresh_token":"mistyped"}', client: CREDENTIALS });
  const { AWSCURRENT: before } = world.aws.labels("token");

  const seeding = await world.seed();

  const labels = world.aws.labels("token");
  expect(seeding).toEqual({
    kind: "seeded",
    pair: { kind: "written", versionId: labels["AWSCURRENT"], replaced: before },
  });
  expect(labels).toEqual({ AWSCURRENT: expect.any(String), AWSPREVIOUS: before, XT_SEED: labels["AWSCURRENT"] });
  expect(world.aws.value("token")).toBe(SEEDED);
  expect(writes(world)).toEqual(["PutSecretValue token", "UpdateSecretVersionStage token"]);
});

it("takes XT_SEED along when it seeds for the third time", async () => {
  const world = await start();
  await world.seed({ document: { refresh_token: "refresh-a" } });
  await world.seed({ document: { refresh_token: "refresh-b" } });
  const { AWSCURRENT: before } = world.aws.labels("token");

  await world.seed();

  const { AWSCURRENT: current } = world.aws.labels("token");
  expect(world.aws.labels("token")).toEqual({ AWSCURRENT: current, AWSPREVIOUS: before, XT_SEED: current });
});

it("writes nothing when both secrets hold the same already", async () => {
  const world = await start({ token: issuedPair({ refresh_token: "refresh-1" }), client: CREDENTIALS });
  const { AWSCURRENT: versionId } = world.aws.labels("token");
  const { AWSCURRENT: clientVersionId } = world.aws.labels("client");

  const seeding = await world.seed();

  expect(seeding).toEqual({ kind: "seeded", pair: { kind: "unchanged", versionId } });
  expect(world.credentials).toEqual([{ kind: "unchanged", versionId: clientVersionId }]);
  expect(writes(world)).toEqual([]);
});

it("changes the client secret alone, and keeps what else stands beside it", async () => {
  const client = '{"client_id":"client-1","client_secret":"old","contact":"ops"}';
  const world = await start({ token: issuedPair({ refresh_token: "refresh-1" }), client });

  await world.seed();

  expect(world.aws.value("client")).toBe('{"client_id":"client-1","client_secret":"secret-1","contact":"ops"}');
  expect(writes(world)).toEqual(["PutSecretValue client"]);
});

it("leaves the pair of a rotation alone that wins the race to AWSCURRENT", async () => {
  const world = await start({ token: '{"refresh_token":"spent"}', client: CREDENTIALS });
  const rotated = () => void world.aws.put("token", issuedPair(), { versionId: "a".repeat(64) });
  world.aws.setFaults(({ operation }) =>
    operation === "UpdateSecretVersionStage" ? { kind: "act", when: "before", act: rotated } : undefined,
  );

  const seeding = world.seed();

  await expect(seeding).rejects.toThrow(
    /^AWSCURRENT of token was moved to version a{64} by a rotation .* stays in version \S{36} under XT_SEED, type the same/,
  );
  expect(world.aws.value("token")).toBe(issuedPair());
  expect(world.aws.value("token", "XT_SEED")).toBe(SEEDED);
});

it("tells the slower of two people who seed an empty secret at once", async () => {
  const world = await start();
  world.aws.setFaults(({ operation, input }) => {
    if (operation !== "PutSecretValue" || input["SecretId"] !== "token") return undefined;
    world.aws.setFaults(undefined);
    const act = async () => void (await world.seed({ document: { refresh_token: "refresh-faster" } }));
    return { kind: "act", when: "before", act };
  });

  const slower = world.seed();

  await expect(slower).rejects.toThrow(
    /^AWSCURRENT of token was moved to version \w{64} by a rotation or by somebody else/,
  );
  expect(world.aws.value("token")).toMatch(/refresh-faster/);
  expect(world.aws.versions("token")).toHaveLength(1);
});

it("leaves the old pair in use when the new one cannot be written", async () => {
  const world = await start({ token: '{"refresh_token":"mistyped"}' });
  world.aws.setFaults(({ operation, input }) =>
    operation === "PutSecretValue" && input["SecretId"] === "token" ? { kind: "drop", when: "before" } : undefined,
  );

  const seeding = world.seed();

  await expect(seeding).rejects.toThrow(/^PutSecretValue on token failed with \w+, check the network and the region/);
  expect(world.credentials).toMatchObject([{ kind: "written" }]);
  expect(world.aws.value("client")).toBe(CREDENTIALS);
  expect(world.aws.value("token")).toBe('{"refresh_token":"mistyped"}');
});

it.each([["PutSecretValue"], ["UpdateSecretVersionStage"]])(
  "writes once when the answer to %s is lost",
  async (faulty) => {
    const world = await start({ token: '{"refresh_token":"mistyped"}', client: CREDENTIALS });
    world.aws.setFaults(({ operation, nth }) =>
      operation === faulty && nth === 1 ? { kind: "drop", when: "after" } : undefined,
    );

    const seeding = await world.seed();

    expect(seeding).toMatchObject({ kind: "seeded", pair: { kind: "written" } });
    expect(world.aws.value("token")).toBe(SEEDED);
    expect(world.aws.versions("token")).toHaveLength(2);
  },
);

it.each([
  ["PutSecretValue", "AccessDeniedException", "allow secretsmanager:PutSecretValue on this secret"],
  ["UpdateSecretVersionStage", "AccessDeniedException", "allow secretsmanager:UpdateSecretVersionStage on this secret"],
  ["GetSecretValue", "DecryptionFailure", "its key cannot be used"],
  ["DescribeSecret", "ExpiredTokenException", "the AWS credentials are expired or wrong"],
])("says what to do when %s answers %s", async (faulty, code, remedy) => {
  const world = await start({ token: '{"refresh_token":"mistyped"}', client: CREDENTIALS });
  const body = JSON.stringify({ __type: code, message: "refresh-1 secret-1" });
  world.aws.setFaults(({ operation, input }) =>
    operation === faulty && input["SecretId"] === "token"
      ? { kind: "reply", when: "before", status: 400, body }
      : undefined,
  );

  const seeding = world.seed();

  const message = await seeding.catch(String);
  expect(message).toContain(`${faulty} on token failed with ${code}, ${remedy}`);
  expect(message).not.toMatch(/refresh-1|secret-1/);
  expect(world.aws.value("token")).toBe('{"refresh_token":"mistyped"}');
});

it("writes the client credentials alone and leaves a living pair as it is", async () => {
  const world = await start({ token: issuedPair(), client: '{"client_id":"client-1","client_secret":"old"}' });

  const seeding = await world.seedCredentials("client-1");

  expect(seeding).toMatchObject({ kind: "seeded", credentials: { kind: "written" } });
  expect(world.aws.value("client")).toBe(CREDENTIALS);
  expect(writes(world)).toEqual(["PutSecretValue client"]);
});

it("refuses to put another client's credentials there, unless told to", async () => {
  const world = await start({ client: CREDENTIALS });

  const refused = await world.seedCredentials("client-2");
  const told = await world.seedCredentials("client-2", true);

  expect(refused).toEqual({
    kind: "refused",
    obstacles: [expect.stringMatching(/holds the credentials of another client$/)],
  });
  expect(told.kind).toBe("seeded");
});
