import { expect, it } from "vitest";
import { createAccessTokenStore } from "../../lambda/adapters/access-token-store.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { Fault, FaultPlan } from "../../sandbox/faults.ts";
import { start } from "../sandbox/secrets-manager/started.ts";
import { exception, inOrder, operations } from "./fixtures/store-over-http.ts";

const [V1, V2, BY_HAND] = ["1".repeat(64), "2".repeat(64), "3".repeat(64)] as const;
const SECRET = "xt/access-token";
const TOKEN = new Sensitive('{"access_token":"access-2","connection":"default"}');
const DENIAL = exception(400, "AccessDeniedException");
const OUTAGE = exception(500, "InternalServiceError");
const DROP_AFTER: Fault = { kind: "drop", when: "after" };

/** The real adapter and the real SDK over HTTP, before an access-token secret without a value. */
async function startStore(faults?: FaultPlan) {
  const { standIn, client } = await start({ faults });
  standIn.createSecret(SECRET);
  const watched: string[] = [];
  const store = createAccessTokenStore(client, SECRET, (text) => watched.push(text.reveal()));
  return { standIn, store, watched };
}

/** The same, where version 1 is published. */
async function startPublished(faults?: FaultPlan) {
  const started = await startStore(faults);
  started.standIn.put(SECRET, "access 1", { versionId: V1 });
  return started;
}

it("knows of nothing that is published in a secret without a value", async () => {
  const { store } = await startStore();

  await expect(store.published()).resolves.toBeUndefined();
});

it("names the version that AWSCURRENT is on, and reads no value", async () => {
  const { standIn, store } = await startPublished();

  await expect(store.published()).resolves.toBe(V1);
  expect(operations(standIn)).toEqual(["DescribeSecret"]);
});

it("writes the value as the version of the pair, and puts AWSCURRENT on it", async () => {
  const { standIn, store, watched } = await startPublished();

  await store.publish(V2, TOKEN);

  expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: V1 });
  expect(standIn.value(SECRET)).toBe('{"access_token":"access-2","connection":"default"}');
  expect(watched).toEqual(['{"access_token":"access-2","connection":"default"}']);
  expect(operations(standIn)).toEqual(["PutSecretValue"]);
});

it.each([
  ["where nothing is published", undefined],
  ["where the version before it was seen", V1],
])("changes nothing when it publishes the same again %s", async (_what, from) => {
  const { standIn, store } = await startPublished();
  await store.publish(V2, TOKEN, from);

  await store.publish(V2, TOKEN, from);

  expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: V1 });
  expect(standIn.versions(SECRET)).toHaveLength(2);
});

it("moves AWSCURRENT back to a version that exists, where a person moved it away", async () => {
  const { standIn, store } = await startPublished();
  await store.publish(V2, TOKEN);
  standIn.moveLabel(SECRET, "AWSCURRENT", V1);

  await store.publish(V2, TOKEN, V1);

  expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: V1 });
});

it("takes the place of what a person wrote", async () => {
  const { standIn, store } = await startPublished();
  await store.publish(V2, TOKEN);
  standIn.put(SECRET, "by hand", { versionId: BY_HAND });

  await store.publish(V2, TOKEN, BY_HAND);

  expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: BY_HAND });
  expect(standIn.value(SECRET)).toBe('{"access_token":"access-2","connection":"default"}');
});

it("puts AWSCURRENT on a version of that id that holds other text, and leaves the text", async () => {
  const { standIn, store } = await startPublished();
  standIn.put(SECRET, "access 2", { versionId: V2, labels: ["OTHER"] });

  await store.publish(V2, TOKEN, V1);

  expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: V1, OTHER: V2 });
  expect(standIn.value(SECRET)).toBe("access 2");
});

it("fails where AWSCURRENT is neither on the version that it saw nor on its own", async () => {
  const { standIn, store } = await startPublished();
  await store.publish(V2, TOKEN);
  standIn.put(SECRET, "by hand", { versionId: BY_HAND });

  const published = store.publish(V2, TOKEN, V1);

  await expect(published).rejects.toMatchObject({
    name: "StoreUnavailable",
    operation: "UpdateSecretVersionStage",
    code: "InvalidParameterException",
  });
  expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: BY_HAND, AWSPREVIOUS: V2 });
});

it.each([
  ["refused", "DescribeSecret", DENIAL, "AccessDeniedException", 1],
  ["out", "DescribeSecret", OUTAGE, "InternalServiceError", 3],
  ["refused", "PutSecretValue", DENIAL, "AccessDeniedException", 1],
  ["out", "PutSecretValue", OUTAGE, "InternalServiceError", 3],
] as const)(
  "fails when it is %s at %s, after as many attempts as may help",
  async (_what, operation, fault, code, attempts) => {
    const { standIn, store } = await startPublished(() => fault);

    const asked = operation === "DescribeSecret" ? store.published() : store.publish(V2, TOKEN);

    await expect(asked).rejects.toMatchObject({ name: "StoreUnavailable", operation, code });
    await expect(asked).rejects.not.toThrow("access-2");
    expect(operations(standIn)).toEqual(Array.from({ length: attempts }, () => operation));
    expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: V1 });
  },
);

it("fails where the move is refused and AWSCURRENT stays where it was", async () => {
  const { standIn, store } = await startPublished(({ operation }) =>
    operation === "UpdateSecretVersionStage" ? DENIAL : undefined,
  );
  await store.publish(V2, TOKEN);
  standIn.moveLabel(SECRET, "AWSCURRENT", V1);

  const published = store.publish(V2, TOKEN, V1);

  await expect(published).rejects.toMatchObject({ name: "StoreUnavailable", code: "AccessDeniedException" });
});

it("has published where only the answers got lost", async () => {
  const { standIn, store } = await startPublished(inOrder(DROP_AFTER));

  await store.publish(V2, TOKEN);

  expect(standIn.labels(SECRET)).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: V1 });
  expect(operations(standIn)).toEqual(["PutSecretValue", "PutSecretValue"]);
});
