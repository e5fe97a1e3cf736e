import { expect, it } from "vitest";
import { observe, readPairVersion } from "../../lambda/rotation/observe.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { memorySecret } from "./memory-store.ts";
import { createWorld, issuedDocument, recordOfPeer, seededSecret } from "./world.ts";

it("asks for labels, value and client credentials at the same time", async () => {
  const { ports, calls } = createWorld();

  const observation = observe(ports, {});
  const askedAtOnce = [...calls];
  await observation;

  expect(askedAtOnce).toEqual(["describe", "readCurrent", "credentials"]);
});

it("reads no more where the labels name nothing else", async () => {
  const { ports, calls } = createWorld();

  const observation = await observe(ports, {});

  expect(calls).toEqual(["describe", "readCurrent", "credentials"]);
  expect(observation).toMatchObject({
    kind: "seen",
    facts: { current: { kind: "pair", versionId: "v1" }, staged: undefined, attempt: undefined },
  });
});

it("sees a secret without a value as absent", async () => {
  const { ports } = createWorld({ secret: memorySecret() });

  expect(await observe(ports, {})).toMatchObject({ kind: "seen", facts: { current: { kind: "absent" } } });
});

it("sees a malformed value, and reads no more but the newest record", async () => {
  const secret = memorySecret();
  secret.put("v1", "refresh-1", "AWSCURRENT", "XT_ATTEMPT", "XT_ISSUED");
  const { ports, calls } = createWorld({ secret });

  const observation = await observe(ports, {});

  const current = { kind: "malformed", versionId: "v1", problem: "the value must be JSON" };
  expect(observation).toMatchObject({ kind: "seen", facts: { current } });
  expect(calls.length).toBe(4);
});

it.each([
  ["another version", "v0"],
  ["none", undefined],
])("sees torn reads where the value is of v1 and the labels name %s", async (_, holder) => {
  const holders = new Map(holder === undefined ? [] : [["AWSCURRENT", holder]]);
  const { ports } = createWorld({
    store: { describe: async () => ({ arn: "arn:token-secret", createdAtMs: 0, holders }) },
  });

  expect(await observe(ports, {})).toEqual({ kind: "torn" });
});

it("reads the staged pair and what bought it", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({
    facts: { staged: { versionId: "issued-1-of-v1", pair: { origin: { parent: "v1", attempt: 1 } } } },
  });
});

it("sees that a staged pair comes from the one in use, five generations back and no farther", async () => {
  const secret = seededSecret();
  const generations = ["v1", "g1", "g2", "g3", "g4", "g5", "g6"];
  for (const [index, parent] of generations.slice(0, -1).entries()) {
    secret.put(generations[index + 1] ?? "", issuedDocument(parent));
  }
  const { ports } = createWorld({ secret });

  secret.holders.set("XT_ISSUED", "g5");
  expect(await observe(ports, {})).toMatchObject({ facts: { staged: { succeedsCurrent: true } } });
  secret.holders.set("XT_ISSUED", "g6");
  expect(await observe(ports, {})).toMatchObject({ facts: { staged: { succeedsCurrent: false } } });
});

it("does not read the pair in use a second time after its promotion", async () => {
  const secret = memorySecret();
  secret.put("issued-1-of-v0", issuedDocument("v0"), "AWSCURRENT", "XT_ISSUED");
  const { ports, calls } = createWorld({ secret });

  const observation = await observe(ports, {});

  expect(observation).toMatchObject({ facts: { staged: undefined } });
  expect(calls.length).toBe(3);
});

it("does not read the attempt that bought the pair in use", async () => {
  const secret = memorySecret();
  secret.put("attempt-1-of-v0", recordOfPeer("05:00"), "XT_ATTEMPT");
  secret.put("issued-1-of-v0", issuedDocument("v0"), "AWSCURRENT", "XT_ISSUED");
  const { ports, calls } = createWorld({ secret });

  const observation = await observe(ports, {});

  expect(observation).toMatchObject({ facts: { attempt: undefined } });
  expect(calls.length).toBe(3);
});

it("sees the newest attempt on the pair in use as open", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({
    facts: { attempt: { versionId: "attempt-1-of-v1", state: "open", record: { run: "run-0" } } },
  });
});

it("sees the newest attempt on a pair that a rotation bought", async () => {
  const secret = memorySecret();
  secret.put("issued-1-of-v0", issuedDocument("v0"), "AWSCURRENT", "XT_ISSUED");
  secret.put("attempt-1-of-issued-1-of-v0", recordOfPeer("12:00").replace('"v1"', '"issued-1-of-v0"'), "XT_ATTEMPT");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({
    facts: { attempt: { versionId: "attempt-1-of-issued-1-of-v0", state: "open" } },
  });
});

it("sees an attempt that bears the mark as unspent", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT", "XT_UNSPENT");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({ facts: { attempt: { state: "unspent" } } });
});

it("does not take an attempt for unspent because an earlier one was", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"), "XT_UNSPENT");
  secret.put("attempt-2-of-v1", recordOfPeer("12:00", 2), "XT_ATTEMPT");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({ facts: { attempt: { state: "open" } } });
});

it("sees an attempt as unknown whose pair this run searched for in vain", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"), "XT_ATTEMPT");
  const { ports } = createWorld({ secret });

  const observation = await observe(ports, { searched: "attempt-1-of-v1" });

  expect(observation).toMatchObject({ facts: { attempt: { state: "unknown" } } });
});

it.each([
  ["bears the mark", "attempt-1-of-v1", true],
  ["does not bear it", "attempt-1-of-v0", false],
])("sees an attempt as rejected that %s", async (_, holder, isRejected) => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT", "XT_UNSPENT");
  secret.holders.set("XT_REJECTED", holder);
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({ facts: { attempt: { state: "unspent", isRejected } } });
});

it.each([
  ["an earlier attempt on the same pair", "v1", true],
  ["an attempt on another pair", "v0", false],
])("sees that a pair may be lost by the void record of %s", async (_, parent, mayBeLost) => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", `{"schema":1,"kind":"void","parent":"${parent}","attempt":1}`, "XT_VOID");
  secret.put("attempt-2-of-v1", recordOfPeer("12:00", 2), "XT_ATTEMPT", "XT_UNSPENT");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({ facts: { attempt: { mayBeLost, isSearched: false } } });
});

it("sees a secret that holds nothing but the record of an authorization as absent", async () => {
  const secret = memorySecret();
  secret.put("record", recordOfPeer("12:00").replace('"v1"', '"authorization"'), "XT_ATTEMPT");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({ facts: { current: { kind: "absent", versionId: "record" } } });
});

it("believes the attempt that it collided with before the label", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"), "XT_ATTEMPT");
  const { ports } = createWorld({ secret });
  const times = { startedAtMs: 0, deadlineAtMs: 0 };
  const record = { parent: "v1", attempt: 2, run: "run-9", nonce: "nonce-9", ...times };

  const observation = await observe(ports, { collision: { versionId: "attempt-2-of-v1", record } });

  expect(observation).toMatchObject({ facts: { attempt: { versionId: "attempt-2-of-v1", state: "open", record } } });
});

it.each([
  ["was on another pair", recordOfPeer("12:00").replace('"v1"', '"v0"')],
  ["cannot be read", "{}"],
])("sees no attempt where the newest one %s", async (_, record) => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v0", record, "XT_ATTEMPT");
  const { ports } = createWorld({ secret });

  expect(await observe(ports, {})).toMatchObject({ facts: { attempt: undefined } });
});

it("turns client credentials that cannot be read now into a fact", async () => {
  const error = new StoreUnavailable("secretsmanager", "GetSecretValue", "client-secret", "TimeoutError");
  const { ports } = createWorld({ readClientSecret: () => Promise.reject(error) });

  expect(await observe(ports, {})).toMatchObject({ facts: { clientCredentials: { kind: "unavailable", error } } });
});

it("does not hide an unforeseen failure behind the client credentials", async () => {
  const { ports } = createWorld({ readClientSecret: () => Promise.reject(new TypeError("broken")) });

  await expect(observe(ports, {})).rejects.toThrow(TypeError);
});

it.each([
  ["is not there", undefined],
  ["holds an attempt record", recordOfPeer("12:00")],
])("finds no staged pair in a version that %s", async (_, text) => {
  const secret = seededSecret();
  if (text !== undefined) secret.put("issued-1-of-v1", text);
  const { ports } = createWorld({ secret });

  expect(await readPairVersion(ports.store, "issued-1-of-v1")).toBe(undefined);
});
