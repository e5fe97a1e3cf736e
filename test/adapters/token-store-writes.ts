import { expect, it } from "vitest";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { type MakeStore, seeded, V1, V2, V3 } from "./store-under-test.ts";

/** Part of `describeTokenStore`: the lock. */
export function describeFence(makeStore: MakeStore): void {
  it("holds the fence with a record under XT_ATTEMPT, taken from the attempt before it", async () => {
    const { store, untilMs, put, labels, value } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT");

    const fence = await store.fence(V3, "attempt 2", untilMs);

    expect(fence).toBe("held");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V3 });
    expect(value(V3)).toBe("attempt 2");
  });

  it("collides at the fence with another run's record, which stays", async () => {
    const { store, untilMs, put, labels, value } = await seeded(makeStore);
    put(V2, "attempt 1 of a peer", "XT_ATTEMPT");

    const fence = await store.fence(V2, "attempt 1", untilMs);

    expect(fence).toBe("collided");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2 });
    expect(value(V2)).toBe("attempt 1 of a peer");
  });

  it("lets exactly one of two runs pass that come to the fence together", async () => {
    const { store, untilMs } = await seeded(makeStore);

    const fences = await Promise.all([store.fence(V2, "mine", untilMs), store.fence(V2, "a peer's", untilMs)]);

    expect(fences.sort()).toEqual(["collided", "held"]);
  });

  it("holds the fence again for the very record that it wrote", async () => {
    const { store, untilMs, labels } = await seeded(makeStore);
    await store.fence(V2, "attempt 1", untilMs);

    const fence = await store.fence(V2, "attempt 1", untilMs);

    expect(fence).toBe("held");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2 });
  });
}

/** Part of `describeTokenStore`: the place of a pair that never came. */
export function describeVoidIssued(makeStore: MakeStore): void {
  it("takes the place of a pair with a record under XT_VOID, taken from the one before it", async () => {
    const { store, put, labels, value } = await seeded(makeStore);
    put(V2, "void 1", "XT_VOID");

    const voided = await store.voidIssued(V3, "void 2");

    expect(voided).toBe("void");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_VOID: V3 });
    expect(value(V3)).toBe("void 2");
  });

  it("finds the place taken where a pair is stored, which stays", async () => {
    const { store, put, labels, value } = await seeded(makeStore);
    put(V2, "pair 2", "XT_ISSUED");

    const voided = await store.voidIssued(V2, "void 1");

    expect(voided).toBe("taken");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ISSUED: V2 });
    expect(value(V2)).toBe("pair 2");
  });

  it("takes the place for each of two runs that mean the same", async () => {
    const { store } = await seeded(makeStore);

    const voided = await Promise.all([store.voidIssued(V2, "void 1"), store.voidIssued(V2, "void 1")]);

    expect(voided).toEqual(["void", "void"]);
  });

  it("stages no pair where a void record stands", async () => {
    const { store, untilMs, value } = await seeded(makeStore);
    await store.voidIssued(V2, "void 1");

    const staging = store.stage(V2, new Sensitive("pair 2"), untilMs);

    await expect(staging).rejects.toMatchObject({ name: "PairNotStored", code: "ID_TAKEN" });
    expect(value(V2)).toBe("void 1");
  });
}

/** Part of `describeTokenStore`: the durable write. */
export function describeStage(makeStore: MakeStore): void {
  it("stages a pair under XT_ISSUED, taken from the pair before it, and leaves AWSCURRENT alone", async () => {
    const { store, untilMs, put, labels, value } = await makeStore();
    put(V1, "pair 1", "AWSCURRENT", "XT_ISSUED");

    await store.stage(V2, new Sensitive("pair 2"), untilMs);

    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ISSUED: V2 });
    expect(value(V2)).toBe("pair 2");
  });

  it("stages the same pair again without changing anything", async () => {
    const { store, untilMs, labels, value } = await seeded(makeStore);
    await store.stage(V2, new Sensitive("pair 2"), untilMs);

    await store.stage(V2, new Sensitive("pair 2"), untilMs);

    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ISSUED: V2 });
    expect(value(V2)).toBe("pair 2");
  });

  it("leaves XT_ISSUED on the newest pair when an older one is staged again", async () => {
    const { store, untilMs, labels } = await seeded(makeStore);
    await store.stage(V2, new Sensitive("pair 2"), untilMs);
    await store.stage(V3, new Sensitive("pair 3"), untilMs);

    await store.stage(V2, new Sensitive("pair 2"), untilMs);

    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ISSUED: V3 });
  });

  it("refuses to stage a pair where the id holds another, which stays", async () => {
    const { store, untilMs, put, value } = await seeded(makeStore);
    put(V2, "pair 2", "XT_ISSUED");

    const staged = store.stage(V2, new Sensitive("another pair"), untilMs);

    await expect(staged).rejects.toMatchObject({ name: "PairNotStored", code: "ID_TAKEN" });
    expect(value(V2)).toBe("pair 2");
  });
}

/** Part of `describeTokenStore`: how an attempt ended. */
export function describeMark(makeStore: MakeStore): void {
  it.each(["XT_UNSPENT", "XT_REJECTED"] as const)("marks the first attempt record with %s", async (label) => {
    const { store, put, labels } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT");

    const marking = await store.mark(label, V2, undefined);

    expect(marking).toBe("marked");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2, [label]: V2 });
  });

  it.each(["XT_UNSPENT", "XT_REJECTED"] as const)("takes %s from the attempt record that holds it", async (label) => {
    const { store, put, labels } = await seeded(makeStore);
    put(V2, "attempt 1", label);
    put(V3, "attempt 2", "XT_ATTEMPT");

    const marking = await store.mark(label, V3, V2);

    expect(marking).toBe("marked");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V3, [label]: V3 });
  });

  it("puts both marks on one attempt record", async () => {
    const { store, put, labels } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT");

    await store.mark("XT_UNSPENT", V2, undefined);
    await store.mark("XT_REJECTED", V2, undefined);

    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2, XT_UNSPENT: V2, XT_REJECTED: V2 });
  });

  it("finds an attempt record marked that was marked already", async () => {
    const { store, put, labels } = await seeded(makeStore);
    put(V2, "attempt 1", "XT_ATTEMPT", "XT_UNSPENT");

    const marking = await store.mark("XT_UNSPENT", V2, undefined);

    expect(marking).toBe("marked");
    expect(labels()).toEqual({ AWSCURRENT: V1, XT_ATTEMPT: V2, XT_UNSPENT: V2 });
  });
}

/** Part of `describeTokenStore`: the promotion. */
export function describeMoveCurrent(makeStore: MakeStore): void {
  it("moves AWSCURRENT, and AWSPREVIOUS follows it", async () => {
    const { store, put, labels } = await seeded(makeStore);
    put(V2, "pair 2", "XT_ISSUED");

    const move = await store.moveCurrent(V1, V2);

    expect(move).toEqual({ kind: "moved" });
    expect(labels()).toEqual({ AWSCURRENT: V2, AWSPREVIOUS: V1, XT_ISSUED: V2 });
  });

  it("takes AWSPREVIOUS along again when AWSCURRENT moves a second time", async () => {
    const { store, put, labels } = await seeded(makeStore);
    put(V2, "pair 2", "XT_ISSUED");
    await store.moveCurrent(V1, V2);
    put(V3, "pair 3", "XT_ISSUED");

    await store.moveCurrent(V2, V3);

    expect(labels()).toEqual({ AWSCURRENT: V3, AWSPREVIOUS: V2, XT_ISSUED: V3 });
  });

  it("refuses to move AWSCURRENT from where it no longer is, by the service's word, and moves nothing", async () => {
    const { store, put, labels } = await seeded(makeStore);
    put(V2, "pair 2", "XT_ISSUED");
    put(V3, "a person's pair", "AWSCURRENT");

    const move = await store.moveCurrent(V1, V2);

    expect(move).toEqual({ kind: "refused", code: "InvalidParameterException" });
    expect(labels()).toMatchObject({ AWSCURRENT: V3, XT_ISSUED: V2 });
  });
}
