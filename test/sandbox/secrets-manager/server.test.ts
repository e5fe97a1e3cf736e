import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  ResourceNotFoundException,
  RestoreSecretCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { expect, it } from "vitest";
import { NOW_MS, start } from "./started.ts";

const [A, B] = ["a".repeat(32), "b".repeat(32)] as const;
const FIRST_ID = "00000000-0000-4000-8000-000000000001";

it("creates a secret with a value that the client then reads", async () => {
  const { client } = await start();

  const created = await client.send(
    new CreateSecretCommand({ Name: "s", SecretString: "one", ClientRequestToken: A, Description: "a pair" }),
  );
  const read = await client.send(new GetSecretValueCommand({ SecretId: created.ARN }));

  expect(created).toMatchObject({ Name: "s", VersionId: A });
  expect(read).toMatchObject({
    ARN: created.ARN,
    Name: "s",
    VersionId: A,
    SecretString: "one",
    VersionStages: ["AWSCURRENT"],
    CreatedDate: new Date("2026-11-23T12:00:00Z"),
  });
});

it("describes a secret without a value as one without versions, and refuses to read it", async () => {
  const { client } = await start();
  await client.send(new CreateSecretCommand({ Name: "s", Description: "a pair", KmsKeyId: "alias/key" }));

  const described = await client.send(new DescribeSecretCommand({ SecretId: "s" }));
  const read = client.send(new GetSecretValueCommand({ SecretId: "s" }));

  expect(described).toMatchObject({ Name: "s", Description: "a pair", KmsKeyId: "alias/key" });
  expect(described.VersionIdsToStages).toBeUndefined();
  await expect(read).rejects.toThrow(ResourceNotFoundException);
  await expect(read).rejects.toThrow(
    "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
  );
});

it("stages a version under a label of its own and promotes it by compare-and-swap", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");

  const put = await client.send(
    new PutSecretValueCommand({
      SecretId: "s",
      SecretString: "two",
      ClientRequestToken: A,
      VersionStages: ["XT_ISSUED"],
    }),
  );
  const beforePromotion = standIn.value("s");
  const move = { SecretId: "s", VersionStage: "AWSCURRENT", MoveToVersionId: A, RemoveFromVersionId: FIRST_ID };
  await client.send(new UpdateSecretVersionStageCommand(move));
  const moveAgain = client.send(new UpdateSecretVersionStageCommand({ ...move, MoveToVersionId: FIRST_ID }));

  expect(put).toMatchObject({ Name: "s", VersionId: A, VersionStages: ["XT_ISSUED"] });
  expect([beforePromotion, standIn.value("s")]).toEqual(["one", "two"]);
  expect(standIn.labels("s")).toEqual({ AWSCURRENT: A, AWSPREVIOUS: FIRST_ID, XT_ISSUED: A });
  await expect(moveAgain).rejects.toMatchObject({ name: "InvalidParameterException", $fault: "client" });
});

it("acknowledges the same write twice and refuses another value under its token", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");
  const write = (text: string) =>
    client.send(new PutSecretValueCommand({ SecretId: "s", SecretString: text, ClientRequestToken: A }));
  await write("two");

  const again = await write("two");
  const other = write("three");

  expect(again).toMatchObject({ VersionId: A, VersionStages: ["AWSCURRENT"] });
  await expect(other).rejects.toThrow(ResourceExistsException);
  expect(standIn.versions("s").map(({ versionId }) => versionId)).toEqual([FIRST_ID, A]);
});

it("takes the token that the client fills in", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s");

  const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId: "s", SecretString: "one" }));

  expect(VersionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(standIn.labels("s")).toEqual({ AWSCURRENT: VersionId });
});

it("keeps a binary value as it is", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s");

  await client.send(new PutSecretValueCommand({ SecretId: "s", SecretBinary: new Uint8Array([0, 255, 7]) }));
  const read = await client.send(new GetSecretValueCommand({ SecretId: "s" }));

  expect(read.SecretBinary).toEqual(new Uint8Array([0, 255, 7]));
  expect(read.SecretString).toBeUndefined();
});

it("describes labelled versions only, and lists deprecated ones on request", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");
  standIn.put("s", "two", { versionId: A });
  standIn.put("s", "three", { versionId: B });

  const described = await client.send(new DescribeSecretCommand({ SecretId: "s" }));
  const listed = await client.send(new ListSecretVersionIdsCommand({ SecretId: "s" }));
  const all = await client.send(new ListSecretVersionIdsCommand({ SecretId: "s", IncludeDeprecated: true }));

  expect(described.VersionIdsToStages).toEqual({ [A]: ["AWSPREVIOUS"], [B]: ["AWSCURRENT"] });
  expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([A, B]);
  expect(all.Versions).toEqual([
    { VersionId: FIRST_ID, VersionStages: [], CreatedDate: new Date("2026-11-23T12:00:00Z") },
    { VersionId: A, VersionStages: ["AWSPREVIOUS"], CreatedDate: new Date("2026-11-23T12:00:00Z") },
    { VersionId: B, VersionStages: ["AWSCURRENT"], CreatedDate: new Date("2026-11-23T12:00:00Z") },
  ]);
});

it("lists secrets page by page", async () => {
  const { standIn, client } = await start();
  for (const name of ["a", "b", "c"]) standIn.createSecret(name);

  const first = await client.send(new ListSecretsCommand({ MaxResults: 2 }));
  const second = await client.send(new ListSecretsCommand({ MaxResults: 2, NextToken: first.NextToken }));
  const beyond = client.send(new ListSecretsCommand({ NextToken: "3" }));

  expect(first.SecretList?.map(({ Name }) => Name)).toEqual(["a", "b"]);
  expect(second.SecretList?.map(({ Name }) => Name)).toEqual(["c"]);
  expect(second.NextToken).toBeUndefined();
  await expect(beyond).rejects.toMatchObject({ name: "InvalidNextTokenException" });
});

it("tags a secret when it is created, and shows the tags with it", async () => {
  const { client } = await start();
  const Tags = [
    { Key: "connection", Value: "user-42" },
    { Key: "Connection", Value: "USER-42" },
  ];

  await client.send(new CreateSecretCommand({ Name: "s", Tags }));
  const described = await client.send(new DescribeSecretCommand({ SecretId: "s" }));
  const listed = await client.send(new ListSecretsCommand({}));

  expect([described.Tags, listed.SecretList?.[0]?.Tags]).toEqual([Tags, Tags]);
});

it("lists the secrets whose names match the filter, with everything that a census needs", async () => {
  // given
  let nowMs = NOW_MS;
  const { standIn, client } = await start({ now: () => nowMs });
  for (const name of ["xt/user-1/pair", "xt/user-2/pair", "XT/user-3/pair", "other/xt/"])
    standIn.createSecret(name, "a");
  nowMs += 60_000;
  standIn.put("xt/user-1/pair", "b", { versionId: A });
  standIn.deleteSecret("xt/user-2/pair");

  // when
  const { SecretList } = await client.send(
    new ListSecretsCommand({ Filters: [{ Key: "name", Values: ["xt/"] }], IncludePlannedDeletion: true }),
  );

  // then
  expect(SecretList).toEqual([
    {
      ARN: expect.stringMatching(/:secret:xt\/user-1\/pair-\w{6}$/),
      Name: "xt/user-1/pair",
      CreatedDate: new Date("2026-11-23T12:00:00Z"),
      LastChangedDate: new Date("2026-11-23T12:01:00Z"),
      SecretVersionsToStages: { [A]: ["AWSCURRENT"], [FIRST_ID]: ["AWSPREVIOUS"] },
      Tags: [],
    },
    {
      ARN: expect.stringMatching(/:secret:xt\/user-2\/pair-\w{6}$/),
      Name: "xt/user-2/pair",
      CreatedDate: new Date("2026-11-23T12:00:00Z"),
      LastChangedDate: new Date("2026-11-23T12:01:00Z"),
      DeletedDate: new Date("2026-11-23T12:01:00Z"),
      SecretVersionsToStages: { "00000000-0000-4000-8000-000000000002": ["AWSCURRENT"] },
      Tags: [],
    },
  ]);
});

it("lists 250 secrets in pages of 100, and none twice although one is deleted meanwhile", async () => {
  const { standIn, client } = await start();
  for (let nth = 1; nth <= 250; nth += 1) standIn.createSecret(`s-${nth}`);

  const first = await client.send(new ListSecretsCommand({}));
  standIn.deleteSecret("s-1");
  const second = await client.send(new ListSecretsCommand({ NextToken: first.NextToken }));
  const third = await client.send(new ListSecretsCommand({ NextToken: second.NextToken }));

  const pages = [first, second, third].map(({ SecretList = [] }) => SecretList.map(({ Name }) => Name));
  expect(pages.map((names) => [names.length, names[0]])).toEqual([
    [100, "s-1"],
    [100, "s-101"],
    [50, "s-201"],
  ]);
  expect(third.NextToken).toBeUndefined();
});

it("restores a deleted secret with its value, and accepts one that is not deleted", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");
  standIn.deleteSecret("s");

  const restored = await client.send(new RestoreSecretCommand({ SecretId: "s" }));
  const again = await client.send(new RestoreSecretCommand({ SecretId: "s" }));

  const read = await client.send(new GetSecretValueCommand({ SecretId: "s" }));
  const described = await client.send(new DescribeSecretCommand({ SecretId: "s" }));
  expect([restored.Name, restored.ARN]).toEqual(["s", read.ARN]);
  expect(again.Name).toBe("s");
  expect([read.SecretString, described.DeletedDate]).toEqual(["one", undefined]);
});

it("restores no secret that does not exist", async () => {
  const { client } = await start();

  const restored = client.send(new RestoreSecretCommand({ SecretId: "s" }));

  await expect(restored).rejects.toThrow(ResourceNotFoundException);
});

it("describes a deleted secret, hides it from the list and refuses to read it", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");

  const deleted = await client.send(new DeleteSecretCommand({ SecretId: "s", RecoveryWindowInDays: 7 }));

  const described = await client.send(new DescribeSecretCommand({ SecretId: "s" }));
  const listed = await client.send(new ListSecretsCommand({}));
  const planned = await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true }));
  const read = client.send(new GetSecretValueCommand({ SecretId: "s" }));
  expect(deleted.DeletionDate).toEqual(new Date("2026-11-30T12:00:00Z"));
  expect(described.DeletedDate).toEqual(new Date("2026-11-23T12:00:00Z"));
  expect([listed.SecretList?.length, planned.SecretList?.length]).toEqual([0, 1]);
  await expect(read).rejects.toMatchObject({
    name: "InvalidRequestException",
    message: "You can't perform this operation on the secret because it was marked for deletion.",
  });
});

it("forgets a secret at once where no recovery is wanted", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");

  await client.send(new DeleteSecretCommand({ SecretId: "s", ForceDeleteWithoutRecovery: true }));

  const described = client.send(new DescribeSecretCommand({ SecretId: "s" }));
  await expect(described).rejects.toThrow("Secrets Manager can't find the specified secret.");
});

it("records every request with its connection, and tells a connection that has served before", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");

  await client.send(new GetSecretValueCommand({ SecretId: "s" }));
  await client.send(new DescribeSecretCommand({ SecretId: "s" }));
  await Promise.all([
    client.send(new GetSecretValueCommand({ SecretId: "s" })),
    client.send(new GetSecretValueCommand({ SecretId: "s" })),
  ]);

  expect(standIn.calls[1]).toEqual({
    index: 2,
    operation: "DescribeSecret",
    nth: 1,
    input: { SecretId: "s" },
    at: NOW_MS,
    connection: 1,
    isReused: true,
  });
  expect(standIn.calls.map(({ nth }) => nth)).toEqual([1, 1, 2, 3]);
  expect(standIn.calls.map(({ isReused }) => isReused).sort()).toEqual([false, false, true, true]);
  expect(standIn.connections).toBe(2);
});

it("lets a person move a label and look at everything without a request", async () => {
  const { standIn } = await start();
  standIn.createSecret("s", "one");
  standIn.put("s", "two", { versionId: A, labels: ["XT_ISSUED"] });

  standIn.moveLabel("s", "AWSCURRENT", A);
  standIn.moveLabel("s", "XT_ISSUED");

  expect(standIn.labels("s")).toEqual({ AWSCURRENT: A, AWSPREVIOUS: FIRST_ID });
  expect([standIn.value("s"), standIn.value("s", "AWSPREVIOUS"), standIn.value("s", FIRST_ID)]).toEqual([
    "two",
    "one",
    "one",
  ]);
  expect(standIn.value("s", "XT_ISSUED")).toBeUndefined();
  expect(standIn.versions("s")).toEqual([
    { versionId: FIRST_ID, createdAtMs: NOW_MS, labels: ["AWSPREVIOUS"] },
    { versionId: A, createdAtMs: NOW_MS, labels: ["AWSCURRENT"] },
  ]);
  expect(standIn.calls).toEqual([]);
});

it("answers 400 to the hundred and first version within 24 hours, and takes one that it holds already", async () => {
  // given
  let nowMs = NOW_MS;
  const { standIn, client } = await start({ now: () => nowMs });
  standIn.createSecret("s", "value 1");
  for (let n = 2; n <= 99; n += 1) standIn.put("s", `value ${n}`);
  const hundredth = { SecretId: "s", ClientRequestToken: A, SecretString: "value 100" };
  const oneMore = { SecretId: "s", ClientRequestToken: B, SecretString: "value 101" };
  const put = (input: typeof oneMore) => client.send(new PutSecretValueCommand(input));

  // when
  await put(hundredth);
  const refused = await put(oneMore).catch((error: unknown) => error);
  const repeated = await put(hundredth);
  nowMs += 24 * 60 * 60_000 + 1;
  const taken = await put(oneMore);

  // then
  expect(refused).toMatchObject({
    name: "LimitExceededException",
    $fault: "client",
    $metadata: { httpStatusCode: 400 },
  });
  expect(repeated).toMatchObject({ VersionId: A });
  expect(taken).toMatchObject({ VersionId: B });
  expect(standIn.versions("s")).toHaveLength(100);
});
