import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { ACCESS_TOKEN_SECRET, TOKEN_SECRET } from "../../sandbox/world.ts";
import { HOUR_MS, MINUTE_MS, renewAgain, renewOnce, standingOf, tickFor, tickOnce } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { atAccessTokenSecret, documentIn, isInStep } from "./fixtures/published.ts";
import { arm, type RotationCall } from "./fixtures/rotation-calls.ts";

it.concurrent("publishes nothing for a refresh token alone, and its pair with the first renewal", async () => {
  await inWorld({}, async (world) => {
    // given
    world.seed();
    const before = world.secretsManager.labels(ACCESS_TOKEN_SECRET);

    // when
    const outcome = await tickOnce(world);

    // then
    const pair = documentIn(world, TOKEN_SECRET);
    const { [LABEL.current]: versionId } = world.secretsManager.labels(TOKEN_SECRET);
    expect(before).toEqual({});
    expect(outcome).toBe("rotated");
    expect(world.secretsManager.labels(ACCESS_TOKEN_SECRET)).toEqual({ AWSCURRENT: versionId });
    expect(documentIn(world, ACCESS_TOKEN_SECRET)).toEqual({
      access_token: pair["access_token"],
      expires_at: expect.stringMatching(/^2025-01-02T00:/),
      user_id: "12345678",
      scope: pair["scope"],
      connection: "default",
    });
    expect(pair["access_token"]).toMatch(/^eyJ/);
    expect(pair["scope"]).toMatch(/^[a-z]/);
  });
});

/** Where a renewal is killed without a loss, and what the ticks of the hour after it do beside being idle. */
const KILLS: readonly (readonly ["before" | "after", RotationCall, outcomes: readonly string[]])[] = [
  ["before", "reading the labels", ["rotated"]],
  ["after", "reading the labels", ["rotated"]],
  ["before", "reading the pair", ["rotated"]],
  ["before", "reading the client credentials", ["rotated"]],
  ["before", "reading what is published", ["rotated"]],
  ["after", "reading what is published", ["rotated"]],
  ["before", "fencing", ["rotated"]],
  ["after", "fencing", ["rotated"]],
  ["before", "the exchange", ["rotated"]],
  ["after", "staging", ["settled"]],
  ["before", "promoting", ["settled"]],
  ["after", "promoting", []],
  ["before", "publishing", []],
  ["after", "publishing", []],
];

it.concurrent.each(KILLS)("publishes the newest pair's token when a run dies %s %s", async (when, at, outcomes) => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    arm(world, at, world.kill(when));

    // when
    const killed = await tickOnce(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(killed).toBe("died");
    expect(after).toEqual(outcomes);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    expect(isInStep(world)).toBe(true);
  });
});

it.concurrent("publishes with the first tick after a run that died before publishing", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    arm(world, "publishing", world.kill("before"));
    await tickOnce(world);
    const wasInStep = isInStep(world);

    // when
    world.advance(15 * MINUTE_MS);
    const outcome = await tickOnce(world);

    // then
    expect(wasInStep).toBe(false);
    expect(outcome).toBe("idle");
    expect(isInStep(world)).toBe(true);
  });
});

function refusal(type: string): Fault {
  return { kind: "reply", when: "before", status: 400, body: JSON.stringify({ __type: type, Message: "no" }) };
}

it.concurrent.each<readonly [string, Fault]>([
  ["is denied", refusal("AccessDeniedException")],
  ["does not exist", refusal("ResourceNotFoundException")],
  ["is scheduled for deletion", refusal("InvalidRequestException")],
  ["is out", { kind: "reply", when: "before", status: 500, body: '{"__type":"InternalServiceError"}' }],
  ["drops every connection", { kind: "drop", when: "before" }],
])(
  "renews pairs and fails each run while the access-token secret %s, and publishes afterwards",
  async (_what, fault) => {
    await inWorld({}, async (world) => {
      // given
      await renewOnce(world);
      const { [LABEL.current]: before } = world.secretsManager.labels(ACCESS_TOKEN_SECRET);
      world.setFaults({ secretsManager: atAccessTokenSecret(fault) });

      // when
      const ending = await world.tick();
      const outcomes = [await renewAgain(world), await renewAgain(world)];

      // then
      expect(ending).toMatchObject({ kind: "threw", name: "StoreUnavailable" });
      expect(outcomes).toEqual(["StoreUnavailable", "StoreUnavailable"]);
      const exchanges = ["granted", "granted", "granted", "granted"];
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges });
      expect(world.secretsManager.labels(ACCESS_TOKEN_SECRET)[LABEL.current]).toBe(before);

      // and when
      world.setFaults({});
      world.advance(15 * MINUTE_MS);
      const after = await tickOnce(world);

      // then
      expect(after).toBe("idle");
      expect(isInStep(world)).toBe(true);
    });
  },
);

it.concurrent("puts the token of the pair in use back when a person moves AWSCURRENT to an older one", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    await tickOnce(world);
    const { [LABEL.previous]: older } = world.secretsManager.labels(ACCESS_TOKEN_SECRET);
    world.secretsManager.moveLabel(ACCESS_TOKEN_SECRET, LABEL.current, older);

    // when
    const outcome = await tickOnce(world);

    // then
    expect(older).toMatch(/^[0-9a-f]{64}$/);
    expect(outcome).toBe("idle");
    expect(isInStep(world)).toBe(true);
  });
});

it.concurrent("takes the place of what a person wrote", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    await tickOnce(world);
    world.secretsManager.put(ACCESS_TOKEN_SECRET, "by hand");

    // when
    const outcome = await tickOnce(world);

    // then
    expect(outcome).toBe("idle");
    expect(isInStep(world)).toBe(true);
  });
});
