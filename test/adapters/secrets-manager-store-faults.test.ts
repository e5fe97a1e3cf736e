import { inspect } from "node:util";
import { expect, it } from "vitest";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { NOW_MS } from "../sandbox/secrets-manager/started.ts";
import { holdableClock } from "./fixtures/holdable-clock.ts";
import {
  distinctInputs,
  exception,
  inOrder,
  operations,
  PAIR,
  reply,
  SOON_MS,
  startStore,
  V1,
  V2,
} from "./fixtures/store-over-http.ts";

const HTML = `<html><body>${PAIR}</body></html>`;

/** What can go wrong with one attempt, and the word for it. The SDK calls a reset connection a timeout. */
const MISHAPS: readonly (readonly [name: string, fault: Fault, code: string])[] = [
  ["a 500", exception(500, "InternalServiceError"), "InternalServiceError"],
  ["a 500 after the effect", exception(500, "InternalServiceError", "after"), "InternalServiceError"],
  ["a 503", exception(503, "ServiceUnavailable"), "ServiceUnavailable"],
  ["a gateway's 502 in HTML", reply(502, HTML), "SyntaxError"],
  ["throttling", exception(400, "ThrottlingException"), "ThrottlingException"],
  ["a quota", exception(400, "LimitExceededException"), "LimitExceededException"],
  ["an outage of KMS", exception(400, "EncryptionFailure"), "EncryptionFailure"],
  ["a denial", exception(400, "AccessDeniedException"), "AccessDeniedException"],
  ["an expired session", exception(400, "ExpiredTokenException"), "ExpiredTokenException"],
  ["a dropped connection", { kind: "drop", when: "before" }, "TimeoutError"],
  ["a dropped connection after the effect", { kind: "drop", when: "after" }, "TimeoutError"],
  ["truncated JSON", reply(200, `{"VersionId":"${V2}","Name":${PAIR.slice(0, 40)}`), "SyntaxError"],
  ["a gateway's 200 in HTML", reply(200, HTML), "SyntaxError"],
  ["an empty 200", reply(200, ""), "Unacknowledged"],
  ["a 200 that acknowledges another version", reply(200, `{"VersionId":"${V1}"}`), "Unacknowledged"],
];

it.each(MISHAPS)("stages through %s with one token and one body over all attempts", async (_name, fault) => {
  const { standIn, store } = await startStore(inOrder(fault, fault));

  await store.stage(V2, new Sensitive(PAIR), SOON_MS);

  expect(operations(standIn)).toEqual(["PutSecretValue", "PutSecretValue", "PutSecretValue"]);
  expect(distinctInputs(standIn)).toEqual([
    { SecretId: "xt/token", ClientRequestToken: V2, SecretString: PAIR, VersionStages: ["XT_ISSUED"] },
  ]);
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1, XT_ISSUED: V2 });
  expect(standIn.value("xt/token", V2)).toBe(PAIR);
});

it("stages through an answer that never comes by ending that attempt", async () => {
  const { standIn, store } = await startStore(inOrder({ kind: "stall", when: "after" }));

  await store.stage(V2, new Sensitive(PAIR), SOON_MS);

  expect(operations(standIn)).toEqual(["PutSecretValue", "PutSecretValue"]);
  expect(distinctInputs(standIn)).toHaveLength(1);
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1, XT_ISSUED: V2 });
});

it.each(MISHAPS)("gives a pair up at the deadline after %s, naming it and no secret", async (_name, fault, code) => {
  const { standIn, store } = await startStore(() => fault);

  const failure: unknown = await store.stage(V2, new Sensitive(PAIR), NOW_MS).catch((error: unknown) => error);

  expect(failure).toMatchObject({ name: "PairNotStored", code });
  expect(inspect(failure, { showHidden: true, depth: null })).not.toMatch(/access-2|refresh-2/);
  expect(operations(standIn)).toEqual(["PutSecretValue"]);
});

it("keeps staging until its deadline and names the last failure", async () => {
  const clock = holdableClock();
  const { standIn, store } = await startStore(({ index }) => {
    if (index === 4) clock.holdUp(10_000);
    return exception(400, index < 4 ? "AccessDeniedException" : "ThrottlingException");
  });

  const staged = store.stage(V2, new Sensitive(PAIR), SOON_MS);

  await expect(staged).rejects.toMatchObject({ name: "PairNotStored", code: "ThrottlingException" });
  expect(standIn.calls).toHaveLength(4);
});

it("tells the watch a pair that it could not stage", async () => {
  const { store, watched } = await startStore(() => ({ kind: "drop", when: "before" }));

  await store.stage(V2, new Sensitive(PAIR), NOW_MS).catch(() => {});

  expect(watched).toEqual([PAIR]);
});

it("accepts an id that is said to be taken where it holds the very pair", async () => {
  const { standIn, store } = await startStore(inOrder(exception(400, "ResourceExistsException", "after")));

  await store.stage(V2, new Sensitive(PAIR), SOON_MS);

  expect(operations(standIn)).toEqual(["PutSecretValue", "GetSecretValue"]);
  expect(standIn.labels("xt/token")).toEqual({ AWSCURRENT: V1, XT_ISSUED: V2 });
});

it("goes on where it cannot see what a taken id holds", async () => {
  const taken = exception(400, "ResourceExistsException");
  const outage = exception(500, "InternalServiceError");
  const { standIn, store } = await startStore(inOrder(taken, outage, outage, outage));

  await store.stage(V2, new Sensitive(PAIR), SOON_MS);

  expect(standIn.value("xt/token", "XT_ISSUED")).toBe(PAIR);
});

it("ends early and refuses where the id holds another pair", async () => {
  const { standIn, store } = await startStore();
  standIn.put("xt/token", "another pair", { versionId: V2, labels: ["XT_ISSUED"] });

  const staged = store.stage(V2, new Sensitive(PAIR), SOON_MS);

  await expect(staged).rejects.toMatchObject({ name: "PairNotStored", code: "ID_TAKEN" });
  expect(operations(standIn)).toEqual(["PutSecretValue", "GetSecretValue"]);
});

it("stages over a connection that has already served", async () => {
  const { standIn, store } = await startStore();
  await Promise.all([store.describe(), store.readCurrent()]);
  await store.fence("a".repeat(64), "attempt 1", SOON_MS);

  await store.stage(V2, new Sensitive(PAIR), SOON_MS);

  expect(standIn.calls.slice(2).map(({ operation, isReused }) => [operation, isReused])).toEqual([
    ["PutSecretValue", true],
    ["PutSecretValue", true],
  ]);
  expect(standIn.connections).toBe(2);
});
