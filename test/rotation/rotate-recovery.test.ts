import { expect, it } from "vitest";
import type { SecretDescription, TokenStore } from "../../lambda/rotation/ports.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { createWorld, issuedDocument, recordOfPeer, seededSecret, tick } from "./world.ts";

it("promotes what an interrupted run staged, and exchanges nothing", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  const world = createWorld({ secret });

  const result = await tick(world);

  expect(result).toEqual({
    outcome: "settled",
    reason: "settled: a pair from an earlier run is in use now",
    connection: "default",
    versionId: "issued-1-of-v1",
    expiresAt: "2026-11-23T18:00:00.000Z",
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-23T16:00:00.000Z",
  });
  expect(world.calls.slice(3)).toEqual([
    "readVersion issued-1-of-v1",
    "moveCurrent v1 issued-1-of-v1",
    "discard issued-1-of-v1",
  ]);
});

it("promotes a staged pair while the client credentials cannot be had", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  const error = new StoreUnavailable("secretsmanager", "GetSecretValue", "client-secret", "TimeoutError");
  const world = createWorld({ secret, readClientSecret: () => Promise.reject(error) });

  expect(await tick(world)).toMatchObject({ outcome: "settled" });
});

it("is idle while the labels show a peer at work", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:01" });

  const result = await tick(world, { force: true });

  expect(result).toMatchObject({
    outcome: "idle",
    reason: "peer-at-work: attempt 1 is running and ends at 2026-11-23T12:02:00.000Z at the latest",
  });
  expect(world.calls.slice(3)).toEqual(["readVersion attempt-1-of-v1"]);
});

it("is idle without an exchange where the fence collides with a peer that the labels do not show", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"));
  const world = createWorld({ secret });

  const result = await tick(world);

  expect(result).toMatchObject({
    outcome: "idle",
    reason: "peer-at-work: attempt 1 is running and ends at 2026-11-23T12:02:00.000Z at the latest",
  });
  expect(world.calls.slice(3)).toEqual([
    "fence attempt-1-of-v1",
    "readVersion attempt-1-of-v1",
    "readVersion attempt-2-of-v1",
    "describe",
    "readCurrent",
    "credentials",
  ]);
});

it("promotes the newest pair where a person put a copy of its parent's token in place", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  secret.put("copy", '{"refresh_token":"refresh-1","note":"edited by hand"}', "AWSCURRENT");
  const world = createWorld({ secret });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "settled", versionId: "issued-1-of-v1" });
  expect(secret.holders.get("AWSCURRENT")).toBe("issued-1-of-v1");
});

it("promotes the newest pair where a person moved AWSCURRENT back by two generations", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"));
  secret.put("issued-1-of-v2", issuedDocument("issued-1-of-v1"), "XT_ISSUED");
  const world = createWorld({ secret });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "settled", versionId: "issued-1-of-v2" });
});

it("promotes the pair of a dead attempt by its id where the labels do not show it", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  secret.put("issued-1-of-v1", issuedDocument("v1"));
  const world = createWorld({ secret, time: "12:12" });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "settled", versionId: "issued-1-of-v1" });
  expect(world.calls.slice(3)).toEqual([
    "readVersion attempt-1-of-v1",
    "readVersion issued-1-of-v1",
    "moveCurrent v1 issued-1-of-v1",
    "discard issued-1-of-v1",
  ]);
});

it("promotes the pair of a dead attempt that it learns of by colliding with it", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("11:00"));
  secret.put("issued-1-of-v1", issuedDocument("v1"));
  const world = createWorld({ secret });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "settled", versionId: "issued-1-of-v1" });
  expect(world.calls).not.toContain("exchange refresh-1");
});

it("replays an unknown outcome as the next attempt, in the run that settles it", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:15" });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-2-of-v1" });
  expect(world.calls.filter((call) => !call.startsWith("read")).slice(-4)).toEqual([
    "fence attempt-2-of-v1",
    "exchange refresh-1",
    "stage issued-2-of-v1",
    "moveCurrent v1 issued-2-of-v1",
  ]);
});

it("replays an attempt that certainly spent nothing without searching for its pair", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT", "XT_UNSPENT");
  const world = createWorld({ secret, time: "12:14" });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-2-of-v1" });
  expect(world.calls).not.toContain("readVersion issued-1-of-v1");
});

it("counts on from the newest attempt that exists, where the labels have lost them all", async () => {
  const secret = seededSecret();
  for (const attempt of [1, 2, 3]) secret.put(`attempt-${attempt}-of-v1`, recordOfPeer("08:00", attempt));
  const world = createWorld({ secret });

  const result = await tick(world);

  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-4-of-v1" });
  expect(world.calls.filter((call) => call.startsWith("fence"))).toEqual([
    "fence attempt-1-of-v1",
    "fence attempt-4-of-v1",
  ]);
});

it("backs off after an unknown outcome", async () => {
  const secret = seededSecret();
  secret.put("attempt-2-of-v1", recordOfPeer("12:00", 2), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:15" });

  expect(await tick(world)).toMatchObject({
    outcome: "idle",
    reason:
      "outcome-unknown: attempt 2 ended without an answer and may have spent the refresh token, " +
      "a tick tries again after 2026-11-23T12:29:00.000Z",
  });
});

it("halts on an unknown outcome under the hold policy", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:15" });

  const result = await tick(world, { unknownOutcomePolicy: "hold" });

  expect(result).toMatchObject({
    outcome: "halted",
    reason:
      "held: attempt 1 may have spent the refresh token and left no pair, and unknownOutcomePolicy is hold: " +
      "decide whether to send the token again, XT may revoke the grant if it was spent, type npx --no xt-token rotate --now",
  });
  expect(world.calls).not.toContain("exchange refresh-1");
});

it("looks again where labels and value are from two moments, and then rotates", async () => {
  const labels: Array<[string, string]> = [["AWSCURRENT", "v0"]];
  const stale: SecretDescription = { arn: "arn:token-secret", createdAtMs: 0, holders: new Map(labels) };
  const fresh = { ...stale, holders: new Map([["AWSCURRENT", "v1"]]) };
  const looks = [stale, stale, fresh];
  const describe: TokenStore["describe"] = async () => looks.shift() ?? fresh;
  const world = createWorld({ store: { describe } });

  expect(await tick(world)).toMatchObject({ outcome: "rotated" });
});

it("is deferred without a write where three looks were torn", async () => {
  const describe: TokenStore["describe"] = async () => ({
    arn: "arn:token-secret",
    createdAtMs: 0,
    holders: new Map(),
  });
  const world = createWorld({ store: { describe } });

  const result = await tick(world);

  expect(result).toMatchObject({
    outcome: "deferred",
    reason: "torn-reads: the labels and the value disagree, the next tick looks again",
    versionId: null,
  });
  const look = ["describe", "readCurrent", "credentials"];
  expect(world.calls).toEqual([...look, ...look, ...look]);
});

it("throws TooManySteps, having spent nothing, where every fence collides with one more dead attempt", async () => {
  const secret = seededSecret();
  let attempt = 0;
  const fence: TokenStore["fence"] = async (id) => {
    attempt += 1;
    secret.put(id, recordOfPeer("08:00", attempt), "XT_UNSPENT");
    return "collided";
  };
  const world = createWorld({ secret, store: { fence } });

  await expect(tick(world)).rejects.toMatchObject({
    name: "TooManySteps",
    code: "STEPS",
    message: "the state changed again after each of 8 steps, the next tick looks again",
  });
  expect(world.calls).not.toContain("exchange refresh-1");
  expect(world.calls.filter((call) => call === "describe").length).toBe(8);
});
