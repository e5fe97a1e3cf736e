import { expect, it } from "vitest";
import type { TokenStore } from "../../lambda/rotation/ports.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { NOW_MS } from "../sandbox/secrets-manager/started.ts";
import {
  distinctInputs,
  exception,
  inOrder,
  operations,
  reply,
  SOON_MS,
  startStore,
  V1,
  V2,
} from "./fixtures/store-over-http.ts";

const OUTAGE = exception(500, "InternalServiceError");
const DENIAL = exception(400, "AccessDeniedException");
const THROTTLING = exception(400, "ThrottlingException");
const EMPTY = reply(200, "{}");
const DROP: Fault = { kind: "drop", when: "before" };
const LOST_ANSWER: Fault = { kind: "drop", when: "after" };

it("fails the fence closed after one attempt where it is denied", async () => {
  const { standIn, store } = await startStore(() => DENIAL);

  const fence = store.fence(V2, "attempt 1", SOON_MS);

  await expect(fence).rejects.toMatchObject({
    name: "StoreUnavailable",
    operation: "PutSecretValue",
    code: "AccessDeniedException",
  });
  expect(operations(standIn)).toEqual(["PutSecretValue"]);
});

it.each([
  ["outage", OUTAGE, "InternalServiceError"],
  ["empty answer", EMPTY, "Unacknowledged"],
] as const)("fails the fence closed after the third %s", async (_name, fault, code) => {
  const { standIn, store } = await startStore(inOrder(fault, fault, fault));

  const fence = store.fence(V2, "attempt 1", SOON_MS);

  await expect(fence).rejects.toMatchObject({ name: "StoreUnavailable", operation: "PutSecretValue", code });
  expect(operations(standIn)).toEqual(["PutSecretValue", "PutSecretValue", "PutSecretValue"]);
});

it("makes no second attempt at the fence when its time is up", async () => {
  const { standIn, store } = await startStore(() => OUTAGE);

  const fence = store.fence(V2, "attempt 1", NOW_MS);

  await expect(fence).rejects.toMatchObject({ name: "StoreUnavailable", code: "InternalServiceError" });
  expect(operations(standIn)).toEqual(["PutSecretValue"]);
});

it("holds the fence where only the answer was lost", async () => {
  const { standIn, store } = await startStore(inOrder(LOST_ANSWER));

  const fence = await store.fence(V2, "attempt 1", SOON_MS);

  expect(fence).toBe("held");
  expect(distinctInputs(standIn)).toEqual([
    { SecretId: "xt/token", ClientRequestToken: V2, SecretString: "attempt 1", VersionStages: ["XT_ATTEMPT"] },
  ]);
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2 });
});

/** Each read, and what it makes of a secret whose AWSCURRENT is version 1. */
const READS: readonly (readonly [name: string, operation: string, read: (store: TokenStore) => Promise<unknown>])[] = [
  ["the labels", "DescribeSecret", async (store) => (await store.describe()).holders.get("AWSCURRENT")],
  ["the current value", "GetSecretValue", async (store) => (await store.readCurrent())?.versionId],
  ["one version", "GetSecretValue", async (store) => (await store.readVersion(V1))?.versionId],
];

it.each(READS)("reads %s through an outage and a dropped connection", async (_name, operation, read) => {
  const { standIn, store } = await startStore(inOrder(OUTAGE, DROP));

  const seen = await read(store);

  expect(seen).toBe(V1);
  expect(operations(standIn)).toEqual([operation, operation, operation]);
});

it.each(READS)("reads %s through throttling and an empty answer", async (_name, operation, read) => {
  const { standIn, store } = await startStore(inOrder(THROTTLING, EMPTY));

  const seen = await read(store);

  expect(seen).toBe(V1);
  expect(operations(standIn)).toEqual([operation, operation, operation]);
});

it.each(READS)("asks for %s three times at most", async (_name, operation, read) => {
  const { standIn, store } = await startStore(inOrder(OUTAGE, OUTAGE, THROTTLING));

  const seen = read(store);

  await expect(seen).rejects.toMatchObject({ name: "StoreUnavailable", operation, code: "ThrottlingException" });
  expect(operations(standIn)).toEqual([operation, operation, operation]);
});

it.each(READS)("asks for %s once where that is denied", async (_name, operation, read) => {
  const { standIn, store } = await startStore(() => DENIAL);

  const seen = read(store);

  await expect(seen).rejects.toMatchObject({ name: "StoreUnavailable", operation, code: "AccessDeniedException" });
  expect(operations(standIn)).toEqual([operation]);
});

it("finds an attempt record marked where only the answer was lost", async () => {
  const { standIn, store } = await startStore(inOrder(LOST_ANSWER));
  standIn.put("xt/token", "attempt 1", { versionId: V2, labels: ["XT_ATTEMPT"] });

  const marking = await store.mark("XT_UNSPENT", V2, undefined);

  expect(marking).toBe("marked");
  expect(operations(standIn)).toEqual(["UpdateSecretVersionStage", "UpdateSecretVersionStage", "DescribeSecret"]);
});

it("takes the mark from its true holder where it was told a holder of long ago", async () => {
  const { standIn, store } = await startStore();
  standIn.put("xt/token", "attempt 1", { versionId: V2, labels: ["XT_ATTEMPT", "XT_UNSPENT"] });
  const newer = standIn.put("xt/token", "attempt 2", { labels: ["XT_ATTEMPT"] });

  const marking = await store.mark("XT_UNSPENT", newer, undefined);

  expect(marking).toBe("marked");
  expect(standIn.labels("xt/token")["XT_UNSPENT"]).toBe(newer);
});

it("says so where an attempt record could not be marked, and does not fail the run", async () => {
  const { standIn, store } = await startStore(() => OUTAGE);
  standIn.put("xt/token", "attempt 1", { versionId: V2, labels: ["XT_ATTEMPT"] });

  const marking = await store.mark("XT_UNSPENT", V2, undefined);

  expect(marking).toBe("unmarked");
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2 });
});

it("says so where it may not mark an attempt record", async () => {
  const isMove = (operation: string) => operation === "UpdateSecretVersionStage";
  const { standIn, store } = await startStore(({ operation }) => (isMove(operation) ? DENIAL : undefined));
  standIn.put("xt/token", "attempt 1", { versionId: V2, labels: ["XT_ATTEMPT"] });

  const marking = await store.mark("XT_UNSPENT", V2, undefined);

  expect(marking).toBe("unmarked");
});

it("reports a move of AWSCURRENT as refused where only its answer was lost, so that promotion looks again", async () => {
  const { standIn, store } = await startStore(inOrder(LOST_ANSWER));
  standIn.put("xt/token", "pair 2", { versionId: V2, labels: ["XT_ISSUED"] });

  const move = await store.moveCurrent(V1, V2);

  expect(move).toEqual({ kind: "refused", code: "InvalidParameterException" });
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: V1, XT_ISSUED: V2 });
});

it("asks once to move AWSCURRENT where that is denied", async () => {
  const { standIn, store } = await startStore(() => DENIAL);

  const move = await store.moveCurrent(V1, V2);

  expect(move).toEqual({ kind: "refused", code: "AccessDeniedException" });
  expect(operations(standIn)).toEqual(["UpdateSecretVersionStage"]);
});

it("gives a move of AWSCURRENT up after the third outage", async () => {
  const { standIn, store } = await startStore(inOrder(OUTAGE, OUTAGE, OUTAGE));

  const move = store.moveCurrent(V1, V2);

  await expect(move).rejects.toMatchObject({ name: "StoreUnavailable", operation: "UpdateSecretVersionStage" });
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1 });
});

it.each([
  ["PutSecretValue", "AccessDeniedException", undefined],
  ["UpdateSecretVersionStage", undefined, "AccessDeniedException"],
])("tells which write is denied: %s", async (denied, put, move) => {
  const { standIn, store } = await startStore(({ operation }) => (operation === denied ? DENIAL : undefined));

  const proofs = await store.proveWrites();

  expect(proofs).toEqual([
    { operation: "PutSecretValue", code: put },
    { operation: "UpdateSecretVersionStage", code: move },
  ]);
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1 });
});

it("proves no write during an outage", async () => {
  const { store } = await startStore(() => OUTAGE);

  const proofs = await store.proveWrites();

  expect(proofs.map(({ code }) => code)).toEqual(["InternalServiceError", "InternalServiceError"]);
});

it("fails a list whose second page is denied, rather than telling half of it", async () => {
  const firstPage = reply(200, `{"Versions":[{"VersionId":"${V1}"}],"NextToken":"more"}`);
  const { store } = await startStore(inOrder(firstPage, DENIAL));

  const listed = store.list();

  await expect(listed).rejects.toMatchObject({ name: "StoreUnavailable", operation: "ListSecretVersionIds" });
});
