import { expect, it } from "vitest";
import type { Ports } from "../../lambda/rotation/ports.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { type Surveyed, survey } from "../../lambda/rotation/survey.ts";
import { missing, RECORD_OF_CODE } from "./fleet.ts";
import { at } from "./given.ts";
import { type MemorySecret, memorySecret } from "./memory-store.ts";
import { createWorld, issuedDocument, recordOfPeer, type Scene, seededSecret } from "./world.ts";

function surveyScene(scene: Scene, time: string, ports: Partial<Ports> = {}): Promise<Surveyed> {
  const asked = { connection: "desk-a", unknownOutcomePolicy: "replay" } as const;
  return survey({ ...createWorld(scene).ports, ...ports }, asked, at(time));
}

/** The seeded pair, and more. */
function seededWith(arrange: (secret: MemorySecret) => void): Scene {
  const secret = seededSecret();
  arrange(secret);
  return { secret };
}

const STAGED = seededWith((secret) => secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED"));
const RENEWED = seededWith((secret) => secret.put("issued-1-of-v1", issuedDocument("v1"), "AWSCURRENT", "XT_ISSUED"));
const OPEN = seededWith((secret) => secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT"));
const UNSPENT = seededWith((secret) =>
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT", "XT_UNSPENT"),
);
/** The second attempt on a token whose first one ended unknown. */
const OPEN_AGAIN = seededWith((secret) => {
  secret.put("attempt-2-of-v1", recordOfPeer("12:20", 2), "XT_ATTEMPT");
  secret.put("issued-1-of-v1", '{"schema":1,"kind":"void","parent":"v1","attempt":1}', "XT_VOID");
});
const UNFINISHED = (() => {
  const secret = memorySecret();
  secret.put("attempt-1-of-code-1", RECORD_OF_CODE, "XT_ATTEMPT");
  return { secret };
})();
const NOT_READABLE = { readClientSecret: missing("GetSecretValue") };

it.each<[string, Scene, string, string, string | undefined]>([
  ["nothing, before the renewal", {}, "11:59", "not-due", undefined],
  ["nothing, while a peer is at work", OPEN, "12:01", "peer-at-work", undefined],
  ["a renewal, since two thirds of the life", {}, "13:00", "refresh", "12:00"],
  ["another attempt, since the backoff ended", UNSPENT, "13:00", "refresh", "12:14"],
  ["a renewal, which fails for want of client credentials", NOT_READABLE, "13:00", "fail", "12:00"],
  ["a promotion, since XT granted the pair", STAGED, "12:30", "promote", "12:00"],
  ["a search, since the grace after the deadline ended", OPEN, "12:30", "settle", "12:12"],
  [
    "a search that every tick repeats, and then nothing before the backoff ends",
    OPEN_AGAIN,
    "12:40",
    "settle",
    undefined,
  ],
  ["a search that every tick repeats, and then another attempt", OPEN_AGAIN, "13:00", "settle", "12:49"],
  [
    "nothing that a survey sees, after an authorization that did not finish",
    UNFINISHED,
    "12:30",
    "not-seeded",
    undefined,
  ],
  ["nothing, where nobody has seeded the secret", { secret: memorySecret() }, "23:00", "not-seeded", undefined],
])("says that a tick has to do %s", async (_what, scene, time, code, since) => {
  // given the state
  // when
  const { tick, dueSinceMs } = await surveyScene(scene, time);

  // then
  expect(tick.code).toBe(code);
  expect(dueSinceMs).toBe(since === undefined ? undefined : at(since));
});

it.each([
  ["XT granted the pair", RENEWED, "12:00"],
  ["a person seeded it", {}, "06:00"],
])("says that a publication has been due since %s", async (_since, scene, since) => {
  // given
  const accessTokens = { published: async () => undefined, publish: async () => {} };

  // when
  const { tick, dueSinceMs } = await surveyScene(scene, "12:30", { accessTokens });

  // then
  expect(tick.code).toBe("publish");
  expect(dueSinceMs).toBe(at(since));
});

it("calls a further connection whose codes XT has refused never connected, and no person is needed", async () => {
  const { verdict, dueSinceMs } = await surveyScene(UNFINISHED, "12:00");

  expect(verdict).toMatchObject({ severity: 0, code: "never-connected", next: "authorize" });
  expect(dueSinceMs).toBeUndefined();
});

it("calls a pair that was parked disconnected, and no tick renews it", async () => {
  const parked = seededWith((secret) => secret.holders.set("XT_PARKED", "v1"));

  const { verdict, tick, dueSinceMs } = await surveyScene(parked, "14:00");

  expect(verdict).toMatchObject({ severity: 0, code: "disconnected", next: "authorize" });
  expect([tick.code, dueSinceMs]).toEqual(["disconnected", undefined]);
});

it("hands on the facts, the labels and the verdict", async () => {
  const { facts, labels, verdict, isGone } = await surveyScene({}, "11:00");

  expect(facts?.current).toMatchObject({ kind: "pair", versionId: "v1" });
  expect([...labels]).toEqual([["AWSCURRENT", "v1"]]);
  expect(isGone).toBe(false);
  expect(verdict).toEqual({
    severity: 0,
    code: "not-due",
    message: "the next renewal is at 2026-11-23T12:00:00.000Z",
    next: null,
  });
});

it("reads only, and leaves the escrow alone", async () => {
  // given
  const world = createWorld(OPEN);

  // when
  await survey(world.ports, { connection: "desk-a", unknownOutcomePolicy: "replay" }, at("13:00"));

  // then
  expect(world.calls).toEqual(["describe", "readCurrent", "credentials", "readVersion attempt-1-of-v1"]);
});

it("distinguishes a connection that nobody has authorized from one that cannot be read", async () => {
  // given
  const scene = { store: { describe: missing("DescribeSecret"), readCurrent: missing("GetSecretValue") } };

  // when
  const surveyed = await surveyScene(scene, "12:00");

  // then
  expect(surveyed).toEqual({
    isGone: true,
    facts: undefined,
    labels: new Map(),
    verdict: {
      severity: 4,
      code: "not-connected",
      message: "there is no connection desk-a: check the name, or authorize it for the first time",
      next: "authorize",
    },
    tick: { code: "not-connected", does: "waits for a code" },
  });
});

it.each([
  ["InvalidRequestException", true, "disconnected", "authorize"],
  ["AccessDeniedException", false, "store-unavailable", null],
])("tells by %s of DescribeSecret whether the connection is gone: %s, %s", async (code, expected, word, next) => {
  // given
  const describe = () => Promise.reject(new StoreUnavailable("secretsmanager", "DescribeSecret", "a-name", code));

  // when
  const { isGone, verdict } = await surveyScene({ store: { describe } }, "12:00");

  // then
  expect(isGone).toBe(expected);
  expect(verdict).toMatchObject({ severity: 4, code: word, next });
});

it("asks to look again where the labels and the value disagree", async () => {
  // given
  const describe = async () => ({ arn: "arn:token-secret", createdAtMs: 0, holders: new Map<string, string>() });

  // when
  const { facts, verdict, tick, isGone } = await surveyScene({ store: { describe } }, "12:00");

  // then
  expect([facts, isGone]).toEqual([undefined, false]);
  expect(verdict).toMatchObject({ severity: 3, code: "torn-reads", next: "status" });
  expect(tick).toEqual({ code: "torn-reads", does: "looks again" });
});

it("fails on an unexpected error", async () => {
  const describe = () => Promise.reject(new TypeError("a bug"));

  await expect(surveyScene({ store: { describe } }, "12:00")).rejects.toThrow("a bug");
});
