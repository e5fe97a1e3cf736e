import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import { expect, it } from "vitest";
import { createClientSecret } from "../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

const [V1, V2] = ["1".repeat(64), "2".repeat(64)] as const;
const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:xt/token-a1b2c3";

/** The adapter over a client that answers whatever it is told and sends nothing. */
function mockedStore() {
  const client = new SecretsManagerClient({ region: "us-east-1" });
  const mock = mockClient(client);
  const store = createSecretsManagerStore(client, "xt/token", { now: () => 0 }, () => {});
  return {
    client,
    mock,
    store,
    /** Each command sent so far, by its class's name and its input. */
    sent: () => mock.calls().map(({ args: [command] }) => [command.constructor.name, command.input]),
    /** The abort signal of each command sent so far. */
    signals: (): readonly unknown[] =>
      mock
        .calls()
        .map(({ args }: { readonly args: readonly unknown[] }) => Reflect.get(Object(args[1]), "abortSignal")),
  };
}

it("describes by the secret's id, and turns versions with labels into labels with holders", async () => {
  const { mock, store, sent } = mockedStore();
  const VersionIdsToStages = { [V1]: ["AWSCURRENT", "XT_ISSUED"], [V2]: ["XT_ATTEMPT"] };
  mock.on(DescribeSecretCommand).resolves({ ARN, VersionIdsToStages });

  const { arn, holders } = await store.describe();

  expect(sent()).toEqual([["DescribeSecretCommand", { SecretId: "xt/token" }]]);
  expect(arn).toBe(ARN);
  expect([...holders]).toEqual([
    ["AWSCURRENT", V1],
    ["XT_ISSUED", V1],
    ["XT_ATTEMPT", V2],
  ]);
});

it("reads the current value by its label", async () => {
  const { mock, store, sent } = mockedStore();
  const CreatedDate = new Date("2026-11-23T12:00:00Z");
  mock.on(GetSecretValueCommand).resolves({ VersionId: V1, SecretString: "pair 1", CreatedDate });

  const current = await store.readCurrent();

  expect(sent()).toEqual([["GetSecretValueCommand", { SecretId: "xt/token", VersionStage: "AWSCURRENT" }]]);
  expect({ ...current, text: current?.text?.reveal() }).toEqual({
    versionId: V1,
    text: "pair 1",
    createdAtMs: 1_795_435_200_000,
  });
});

it("reads one version by its id alone", async () => {
  const { mock, store, sent } = mockedStore();
  mock.on(GetSecretValueCommand).resolves({ VersionId: V2, SecretString: "pair 2" });

  await store.readVersion(V2);

  expect(sent()).toEqual([["GetSecretValueCommand", { SecretId: "xt/token", VersionId: V2 }]]);
});

it("reads a binary value as one without text", async () => {
  const { mock, store } = mockedStore();
  const SecretBinary = new Uint8Array([1, 2, 3]);
  mock.on(GetSecretValueCommand).resolves({ VersionId: V1, SecretBinary, CreatedDate: new Date(5_000) });

  const current = await store.readCurrent();

  expect(current).toEqual({ versionId: V1, text: undefined, createdAtMs: 5_000 });
});

it("reads the client credentials by the id of their secret", async () => {
  const { client, mock, sent } = mockedStore();
  mock.on(GetSecretValueCommand).resolves({ VersionId: V1, SecretString: "client credentials" });

  await createClientSecret(client, "xt/client", () => {}).read();

  expect(sent()).toEqual([["GetSecretValueCommand", { SecretId: "xt/client" }]]);
});

it("fences with the attempt record under its chosen id and XT_ATTEMPT alone", async () => {
  const { mock, store, sent } = mockedStore();
  mock.on(PutSecretValueCommand).resolves({ VersionId: V2 });

  await store.fence(V2, "attempt 1", 10_000);

  const input = {
    SecretId: "xt/token",
    ClientRequestToken: V2,
    SecretString: "attempt 1",
    VersionStages: ["XT_ATTEMPT"],
  };
  expect(sent()).toEqual([["PutSecretValueCommand", input]]);
});

it("stages with the pair under its chosen id and XT_ISSUED alone", async () => {
  const { mock, store, sent } = mockedStore();
  mock.on(PutSecretValueCommand).resolves({ VersionId: V2 });

  await store.stage(V2, new Sensitive("pair 2"), 10_000);

  const input = { SecretId: "xt/token", ClientRequestToken: V2, SecretString: "pair 2", VersionStages: ["XT_ISSUED"] };
  expect(sent()).toEqual([["PutSecretValueCommand", input]]);
});

it.each([
  ["no version", {}],
  ["another version", { VersionId: V1 }],
])("takes an answer that names %s for no acknowledgement", async (_name, answer) => {
  const { mock, store, sent } = mockedStore();
  mock.on(PutSecretValueCommand).resolvesOnce(answer).resolves({ VersionId: V2 });

  await store.stage(V2, new Sensitive("pair 2"), 10_000);

  expect(sent()).toHaveLength(2);
});

it.each(["XT_UNSPENT", "XT_REJECTED"] as const)("marks with %s by naming the label's holder", async (label) => {
  const { mock, store, sent } = mockedStore();
  mock.on(UpdateSecretVersionStageCommand).resolves({ ARN: "arn" });

  await store.mark(label, V2, V1);

  const input = { SecretId: "xt/token", VersionStage: label, MoveToVersionId: V2, RemoveFromVersionId: V1 };
  expect(sent()).toEqual([["UpdateSecretVersionStageCommand", input]]);
});

it("marks the first attempt record by naming no holder", async () => {
  const { mock, store, sent } = mockedStore();
  mock.on(UpdateSecretVersionStageCommand).resolves({ ARN: "arn" });

  await store.mark("XT_UNSPENT", V2, undefined);

  const input = { SecretId: "xt/token", VersionStage: "XT_UNSPENT", MoveToVersionId: V2 };
  expect(sent()).toEqual([["UpdateSecretVersionStageCommand", input]]);
});

it("lists deprecated versions too, page after page", async () => {
  const { mock, store, sent } = mockedStore();
  const CreatedDate = new Date("2026-11-23T12:00:00Z");
  mock
    .on(ListSecretVersionIdsCommand)
    .resolvesOnce({ Versions: [{ VersionId: V1, VersionStages: ["AWSCURRENT"], CreatedDate }], NextToken: "more" })
    .resolvesOnce({ NextToken: "yet more" })
    .resolvesOnce({ Versions: [{ VersionId: V2, CreatedDate }] });

  const listed = await store.list();

  expect(listed).toEqual([
    { versionId: V1, labels: ["AWSCURRENT"], createdAtMs: 1_795_435_200_000 },
    { versionId: V2, labels: [], createdAtMs: 1_795_435_200_000 },
  ]);
  expect(sent()).toEqual([
    ["ListSecretVersionIdsCommand", { SecretId: "xt/token", IncludeDeprecated: true }],
    ["ListSecretVersionIdsCommand", { SecretId: "xt/token", IncludeDeprecated: true, NextToken: "more" }],
    ["ListSecretVersionIdsCommand", { SecretId: "xt/token", IncludeDeprecated: true, NextToken: "yet more" }],
  ]);
});

it("takes an empty NextToken for the end of the list", async () => {
  const { mock, store } = mockedStore();
  mock.on(ListSecretVersionIdsCommand).resolvesOnce({ Versions: [{ VersionId: V1 }], NextToken: "" });

  const listed = await store.list();

  expect(listed).toEqual([{ versionId: V1, labels: [], createdAtMs: 0 }]);
});

it("moves AWSCURRENT by naming both the version that loses it and the one that gets it", async () => {
  const { mock, store, sent } = mockedStore();
  mock.on(UpdateSecretVersionStageCommand).resolves({ ARN: "arn" });

  await store.moveCurrent(V1, V2);

  const input = {
    SecretId: "xt/token",
    VersionStage: "AWSCURRENT",
    MoveToVersionId: V2,
    RemoveFromVersionId: V1,
  };
  expect(sent()).toEqual([["UpdateSecretVersionStageCommand", input]]);
});

it("bounds every command by an abort signal of its own", async () => {
  const { mock, store, signals } = mockedStore();
  mock.on(DescribeSecretCommand).resolves({ ARN });
  mock.on(GetSecretValueCommand).resolves({ VersionId: V1 });
  mock.on(ListSecretVersionIdsCommand).resolves({});
  mock.on(UpdateSecretVersionStageCommand).resolves({ ARN: "arn" });
  mock.on(PutSecretValueCommand).resolvesOnce({ VersionId: V2 }).resolvesOnce({}).resolves({ VersionId: V2 });

  await store.describe();
  await store.readCurrent();
  await store.moveCurrent(V1, V2);
  await store.fence(V2, "attempt 1", 10_000);
  await store.stage(V2, new Sensitive("pair 2"), 10_000);
  await store.list();

  // Seven: the staging write goes out twice.
  expect(signals().filter((signal) => signal instanceof AbortSignal)).toHaveLength(7);
  expect(new Set(signals()).size).toBe(7);
});
