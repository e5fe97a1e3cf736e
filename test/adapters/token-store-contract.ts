import { describe, expect, it } from "vitest";
import type { VersionName } from "../../lambda/rotation/ports.ts";
import { type MakeStore, seeded, V1, V2, V3 } from "./store-under-test.ts";
import {
  describeFence,
  describeMark,
  describeMoveCurrent,
  describeStage,
  describeVoidIssued,
} from "./token-store-writes.ts";

const NAME: VersionName = { arn: "arn:token-secret", parent: V1, kind: "attempt", attempt: 1 };

/** States the promises of `TokenStore` over one implementation. A fake that breaks one would hide a lost token. */
export function describeTokenStore(name: string, makeStore: MakeStore): void {
  describe(name, () => {
    describeVersionIds(makeStore);
    describeReads(makeStore);
    describeFence(makeStore);
    describeVoidIssued(makeStore);
    describeStage(makeStore);
    describeMark(makeStore);
    describeMoveCurrent(makeStore);
    describeProof(makeStore);
  });
}

function describeVersionIds(makeStore: MakeStore): void {
  it("gives a version the same id in every run", async () => {
    const [one, other] = [await makeStore(), await makeStore()];

    const ids = [one.store.versionId(NAME), one.store.versionId({ ...NAME }), other.store.versionId({ ...NAME })];

    expect(new Set(ids).size).toBe(1);
  });

  it("gives versions that differ in parent, kind or attempt different ids", async () => {
    const { store } = await makeStore();
    const names: readonly VersionName[] = [
      NAME,
      { ...NAME, parent: V2 },
      { ...NAME, kind: "issued" },
      { ...NAME, kind: "recovered" },
      { ...NAME, attempt: 2 },
      { ...NAME, attempt: 11 },
    ];

    const ids = names.map((each) => store.versionId(each));

    expect(new Set(ids).size).toBe(6);
  });
}

function describeReads(makeStore: MakeStore): void {
  it("describes which version each label is on", async () => {
    const { store, put } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT", "XT_UNSPENT");

    const { holders } = await store.describe();

    expect(Object.fromEntries(holders)).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2, XT_UNSPENT: V2 });
  });

  it("describes a secret without a value as one without labels, by its ARN", async () => {
    const { store } = await makeStore();

    const description = await store.describe();

    expect(description).toEqual({
      arn: expect.stringMatching(/^arn:/),
      createdAtMs: expect.any(Number),
      holders: new Map(),
    });
  });

  it("reads the value of AWSCURRENT with the id of its version", async () => {
    const { store, put } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT");

    const current = await store.readCurrent();

    expect([current?.versionId, current?.text?.reveal()]).toEqual([V1, "pair 1"]);
  });

  it("reads nothing as the current value of a secret that has none", async () => {
    const { store } = await makeStore();

    const current = await store.readCurrent();

    expect(current).toBeUndefined();
  });

  it("reads one version by its id, also after it lost its labels", async () => {
    const { store, put } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT");
    put(V3, "attempt 2", "XT_ATTEMPT");

    const stored = await store.readVersion(V2);

    expect([stored?.versionId, stored?.text?.reveal()]).toEqual([V2, "attempt 1"]);
  });

  it("reads nothing where there is no such version", async () => {
    const { store } = await seeded(makeStore);

    const stored = await store.readVersion(V2);

    expect(stored).toBeUndefined();
  });

  it("lists every version with its labels, those without any too", async () => {
    const { store, put } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT");
    put(V3, "attempt 2", "XT_ATTEMPT", "XT_UNSPENT");

    const listed = await store.list();

    expect(Object.fromEntries(listed.map(({ versionId, labels }) => [versionId, [...labels].sort()]))).toEqual({
      [V1]: ["AWSCURRENT"],
      [V2]: [],
      [V3]: ["XT_ATTEMPT", "XT_UNSPENT"],
    });
  });

  it("lists nothing of a secret without a value", async () => {
    const { store } = await makeStore();

    const listed = await store.list();

    expect(listed).toEqual([]);
  });
}

/** Part of `describeTokenStore`: what an inspection asks. */
function describeProof(makeStore: MakeStore): void {
  it("proves that it may write, and writes nothing", async () => {
    const { store, labels } = await seeded(makeStore);

    const proofs = await store.proveWrites();

    expect(proofs).toEqual([
      { operation: "PutSecretValue", code: undefined },
      { operation: "UpdateSecretVersionStage", code: undefined },
    ]);
    expect(labels()).toEqual({ AWSCURRENT: V1 });
    expect(await store.list()).toHaveLength(1);
  });
}
