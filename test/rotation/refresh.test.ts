import { expect, it } from "vitest";
import type { TokenAnswer, TokenStore } from "../../lambda/rotation/ports.ts";
import { type Refreshed, type Run, refresh } from "../../lambda/rotation/refresh.ts";
import { answered, at, CREDENTIALS, current, shown } from "./given.ts";
import { createWorld, recordOfPeer, seededSecret, type World } from "./world.ts";

const RUN: Run = { id: "run-1", nonce: "nonce-1", deadlineAtMs: at("12:02"), exchangeTimeoutMs: 20_000 };
const REFUSAL = answered(200, '{"rc":1,"mc":"AUTH_001"}');

/** Refreshes `v1` as attempt 1 at noon, as the last look showed the labels. */
function refreshV1({ ports, secret }: World, run: Run = RUN): Promise<Refreshed> {
  const description = { arn: "arn:token-secret", holders: new Map(secret.holders) };
  return refresh(ports, run, description, {
    kind: "refresh",
    parent: current({ refreshExpiresAtMs: at("20:00") }),
    attempt: 1,
    credentials: CREDENTIALS,
  });
}

it("fences, exchanges and stages, and calls nothing in between", async () => {
  const world = createWorld();

  await refreshV1(world);

  expect(world.calls).toEqual(["fence attempt-1-of-v1", "exchange refresh-1", "stage issued-1-of-v1"]);
});

it("returns the staged pair and the answer that it came in", async () => {
  const world = createWorld();

  const refreshed = await refreshV1(world);

  expect(refreshed).toMatchObject({ kind: "staged", staged: { versionId: "issued-1-of-v1" }, answer: { status: 200 } });
  expect(refreshed.kind === "staged" && shown(refreshed.staged.pair)).toMatchObject({
    accessToken: "access-2",
    refreshToken: "refresh-2",
    origin: { parent: "v1", attempt: 1, issuedAtMs: at("12:00") },
  });
});

it("fences with a record of who it is and until when it may be at work", async () => {
  const world = createWorld();

  await refreshV1(world);

  expect(world.secret.versions.get("attempt-1-of-v1")?.text?.reveal()).toBe(
    '{"schema":1,"kind":"attempt","parent":"v1","attempt":1,"run":"run-1","nonce":"nonce-1",' +
      '"started_at":"2026-11-23T12:00:00.000Z","deadline_at":"2026-11-23T12:02:00.000Z"}',
  );
});

it("stages the document that consumers read", async () => {
  const world = createWorld();

  await refreshV1(world);

  expect(world.secret.versions.get("issued-1-of-v1")?.text?.reveal()).toBe(
    '{"schema":1,"access_token":"access-2","expires_at":"2026-11-23T15:00:00.000Z",' +
      '"refresh_token":"refresh-2","refresh_expires_at":"2026-11-23T18:00:00.000Z",' +
      '"issued_at":"2026-11-23T12:00:00.000Z","parent":"v1","attempt":1}',
  );
});

it("presents the client credentials and the parent's refresh token", async () => {
  const presented: string[] = [];
  const { ports, secret, ...world } = createWorld();
  const endpoint: typeof ports.endpoint = {
    async exchange({ clientId, clientSecret, refreshToken }) {
      presented.push(clientId.reveal(), clientSecret.reveal(), refreshToken.reveal());
      return REFUSAL;
    },
  };

  await refreshV1({ ...world, secret, ports: { ...ports, endpoint } });

  expect(presented).toEqual(["client-1", "secret-1", "refresh-1"]);
});

it.each([
  ["ten seconds where there is plenty", "12:02", "12:00:10"],
  ["what the exchange and thirty seconds of storing leave", "12:00:55", "12:00:05"],
])("gives the fence %s", async (_, deadline, expected) => {
  const times: number[] = [];
  const fence: TokenStore["fence"] = async (_id, _record, untilMs) => {
    times.push(untilMs);
    return "held";
  };

  await refreshV1(createWorld({ store: { fence } }), { ...RUN, deadlineAtMs: at(deadline) });

  expect(times).toEqual([at(expected)]);
});

it("gives the staging all of the run but its last two seconds", async () => {
  const times: number[] = [];
  const stage: TokenStore["stage"] = async (_id, _pair, untilMs) => {
    times.push(untilMs);
  };

  await refreshV1(createWorld({ store: { stage } }));

  expect(times).toEqual([at("12:01:58")]);
});

it("throws NotEnoughTime before the fence where a millisecond is lacking", async () => {
  const world = createWorld();

  const refreshed = refreshV1(world, { ...RUN, deadlineAtMs: at("12:00:49.999") });

  await expect(refreshed).rejects.toMatchObject({
    name: "NotEnoughTime",
    code: "TIME",
    message: "49999 ms are left and a rotation needs 50000 ms, raise the function's timeout",
  });
  expect(world.calls).toEqual([]);
});

it("goes ahead where the time is just enough", async () => {
  const refreshed = await refreshV1(createWorld(), { ...RUN, deadlineAtMs: at("12:00:50") });

  expect(refreshed.kind).toBe("staged");
});

it("spends nothing and returns the newest attempt where the fence collides", async () => {
  const secret = seededSecret();
  for (const attempt of [1, 2, 3]) secret.put(`attempt-${attempt}-of-v1`, recordOfPeer("12:00", attempt));
  const world = createWorld({ secret });

  const refreshed = await refreshV1(world);

  expect(refreshed).toMatchObject({
    kind: "collided",
    newest: { versionId: "attempt-3-of-v1", record: { attempt: 3 } },
  });
  expect(world.calls).toEqual([
    "fence attempt-1-of-v1",
    "readVersion attempt-1-of-v1",
    "readVersion attempt-2-of-v1",
    "readVersion attempt-3-of-v1",
    "readVersion attempt-4-of-v1",
  ]);
});

it("returns no attempt where the one that it collided with cannot be read yet", async () => {
  const world = createWorld({ store: { fence: async () => "collided" } });

  expect(await refreshV1(world)).toEqual({ kind: "collided", newest: undefined });
});

it.each([
  ["a refusal", REFUSAL, { kind: "rejected", status: 200, mc: "AUTH_001" }],
  ["a throttled request", answered(429, ""), { kind: "throttled" }],
  ["a request that never left", { kind: "unsent", code: "ENOTFOUND" }, { kind: "unsent", code: "ENOTFOUND" }],
] as const)("marks the attempt as unspent after %s", async (_, answer, outcome) => {
  const world = createWorld({ answer });

  const refreshed = await refreshV1(world);

  expect(refreshed).toEqual(outcome);
  expect(world.calls).toEqual(["fence attempt-1-of-v1", "exchange refresh-1", "markUnspent attempt-1-of-v1"]);
  expect(world.secret.holders.get("XT_UNSPENT")).toBe("attempt-1-of-v1");
});

it("takes the mark from the attempt that held it", async () => {
  const secret = seededSecret();
  secret.put("attempt-4-of-v0", recordOfPeer("05:00", 4), "XT_UNSPENT");
  const world = createWorld({ secret, answer: REFUSAL });

  await refreshV1(world);

  expect(secret.holders.get("XT_UNSPENT")).toBe("attempt-1-of-v1");
});

it("warns where the mark could not be put, and returns the outcome all the same", async () => {
  const world = createWorld({ answer: REFUSAL, store: { markUnspent: async () => "unmarked" } });

  const refreshed = await refreshV1(world);

  expect(refreshed).toEqual({ kind: "rejected", status: 200, mc: "AUTH_001" });
  expect(world.warnings).toEqual([
    'the attempt could not be marked as unspent, it will be settled as unknown {"attempt":1}',
  ]);
});

it.each<[string, TokenAnswer, string]>([
  ["a lost answer", { kind: "lost", code: "ECONNRESET" }, "ECONNRESET"],
  ["an answer that says nothing", answered(200, ""), "HTTP_200"],
])("leaves the attempt open after %s", async (_, answer, code) => {
  const world = createWorld({ answer });

  const refreshed = await refreshV1(world);

  expect(refreshed).toEqual({ kind: "unknown", code });
  expect(world.calls).toEqual(["fence attempt-1-of-v1", "exchange refresh-1"]);
});
