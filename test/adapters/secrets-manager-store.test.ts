import { expect, it } from "vitest";
import { createClientSecret } from "../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import type { TokenStore } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { NOW_MS, start } from "../sandbox/secrets-manager/started.ts";
import { describeTokenStore } from "./token-store-contract.ts";

const [V1, V2] = ["1".repeat(64), "2".repeat(64)] as const;

/** The real adapter and the real SDK, over HTTP, before a token secret without a value. */
async function startStore() {
  const { standIn, client } = await start();
  const { arn } = standIn.createSecret("xt/token");
  const watched: string[] = [];
  const watch = (text: Sensitive) => void watched.push(text.reveal());
  const store = createSecretsManagerStore(client, "xt/token", { now: () => NOW_MS }, watch);
  return { arn, client, standIn, store, watch, watched };
}

describeTokenStore("the store in Secrets Manager", async () => {
  const { standIn, store } = await startStore();
  return {
    store,
    untilMs: NOW_MS + 10_000,
    put: (versionId, value, ...labels) => void standIn.put("xt/token", value, { versionId, labels }),
    labels: () => standIn.labels("xt/token"),
    value: (id) => standIn.value("xt/token", id),
  };
});

it("describes the secret by its full ARN, though it is configured by name", async () => {
  const { arn, store } = await startStore();

  const description = await store.describe();

  expect(description.arn).toBe(arn);
});

it("reads when a version was written", async () => {
  const { standIn, store } = await startStore();
  standIn.put("xt/token", "pair 1", { versionId: V1 });

  const current = await store.readCurrent();

  expect(current?.createdAtMs).toBe(Date.parse("2026-11-23T12:00:00Z"));
});

it("refuses to move AWSCURRENT to a version that does not exist, by the service's word", async () => {
  const { standIn, store } = await startStore();
  standIn.put("xt/token", "pair 1", { versionId: V1 });

  const move = await store.moveCurrent(V1, V2);

  expect(move).toEqual({ kind: "refused", code: "ResourceNotFoundException" });
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1 });
});

it("tells when the secret was made", async () => {
  const { store } = await startStore();

  const description = await store.describe();

  expect(description.createdAtMs).toBe(Date.parse("2026-11-23T12:00:00Z"));
});

/** Each read of a secret, by the operation that it asks. */
const READS: readonly (readonly [string, (store: TokenStore) => Promise<unknown>])[] = [
  ["DescribeSecret", (store) => store.describe()],
  ["GetSecretValue", (store) => store.readCurrent()],
  ["GetSecretValue", (store) => store.readVersion(V1)],
  ["ListSecretVersionIds", (store) => store.list()],
];

it.each(READS)("never takes a secret that does not exist for one without a value: %s", async (operation, read) => {
  const { client } = await startStore();
  const store = createSecretsManagerStore(client, "xt/none", { now: () => NOW_MS }, () => {});

  const failure = read(store);

  await expect(failure).rejects.toMatchObject({
    name: "StoreUnavailable",
    operation,
    code: "ResourceNotFoundException",
    severity: 4,
    message: `${operation} on xt/none failed with ResourceNotFoundException, it does not exist in this Region, check the name and the Region`,
  });
});

it("tells the watch every pair that is read or staged", async () => {
  const { standIn, store, watched } = await startStore();
  standIn.put("xt/token", "pair 1", { versionId: V1 });

  await store.readCurrent();
  await store.stage(V2, new Sensitive("pair 2"), NOW_MS + 10_000);

  expect(watched).toEqual(["pair 1", "pair 2"]);
});

it("reads the client secret's current value, and tells the watch", async () => {
  const { client, standIn, watch, watched } = await startStore();
  standIn.createSecret("xt/client", "client credentials");

  const stored = await createClientSecret(client, "xt/client", watch).read();

  expect(stored?.text?.reveal()).toBe("client credentials");
  expect(watched).toEqual(["client credentials"]);
});

it("reads nothing from a client secret without a value", async () => {
  const { client, standIn, watch } = await startStore();
  standIn.createSecret("xt/client");

  const stored = await createClientSecret(client, "xt/client", watch).read();

  expect(stored).toBeUndefined();
});

it("never takes a client secret that does not exist for one without a value", async () => {
  const { client, watch } = await startStore();

  const stored = createClientSecret(client, "xt/none", watch).read();

  await expect(stored).rejects.toMatchObject({ name: "StoreUnavailable", code: "ResourceNotFoundException" });
});
