import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import { TOKEN_SECRET } from "../../sandbox/world.ts";
import type { Reuse } from "../../sandbox/xt/grants.ts";
import { HOUR_MS, MINUTE_MS, pairAt, renewAgain, renewOnce, standingOf, tickFor, tickOnce } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { arm, type RotationCall } from "./fixtures/rotation-calls.ts";

type When = "before" | "after";

/** The crash, what the three hours after it bring, and what XT was asked: the renewal before, then the interrupted one. */
type Crash = readonly [When, RotationCall, outcomes: readonly string[], exchanges: readonly string[]];

const CRASHES: readonly Crash[] = [
  ["before", "fencing", ["rotated"], ["granted", "granted"]],
  ["after", "fencing", ["rotated"], ["granted", "granted"]],
  ["before", "the exchange", ["rotated"], ["granted", "untouched", "granted"]],
  ["after", "staging", ["settled"], ["granted", "granted"]],
  ["before", "promoting", ["settled"], ["granted", "granted"]],
  ["after", "promoting", [], ["granted", "granted"]],
];

it.concurrent.each(CRASHES)(
  "keeps the newest pair alive when a run dies %s %s",
  async (when, at, outcomes, exchanges) => {
    await inWorld({}, async (world) => {
      // given
      await renewOnce(world);
      arm(world, at, world.kill(when));

      // when
      const crashed = await tickOnce(world);
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(crashed).toBe("died");
      expect(after).toEqual(outcomes);
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges });
      expect(await renewAgain(world)).toBe("rotated");
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: [...exchanges, "granted"] });
    });
  },
);

it.concurrent("lets not even force pass a dead run before ten minutes after its deadline", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    arm(world, "the exchange", world.kill("before"));
    await tickOnce(world);

    // when
    world.advance(11 * MINUTE_MS);
    const early = await tickOnce(world, { event: { force: true } });
    world.advance(2 * MINUTE_MS);
    const late = await tickOnce(world, { event: { force: true } });

    // then
    expect(early).toBe("idle");
    expect(late).toBe("rotated");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

/** XT spent the token, and no store held its answer when the process died: the one window that no client can close. */
const LOSSES: readonly (readonly [When, RotationCall])[] = [
  ["after", "the exchange"],
  ["before", "staging"],
];

it.concurrent.each(LOSSES)("names the loss and overwrites nothing when a run dies %s %s", async (when, at) => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const { [LABEL.current]: current, [LABEL.previous]: previous } = world.secretsManager.labels(TOKEN_SECRET);
    const value = world.secretsManager.value(TOKEN_SECRET);
    arm(world, at, world.kill(when));

    // when
    const crashed = await tickOnce(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(crashed).toBe("died");
    expect(after).toEqual(["RotationRejected", "RotationRejected"]);
    expect(standingOf(world)).toEqual({
      current: "older",
      isLive: false,
      exchanges: ["granted", "granted", "refused", "refused"],
    });
    expect(world.secretsManager.labels(TOKEN_SECRET)).toMatchObject({ AWSCURRENT: current, AWSPREVIOUS: previous });
    expect(world.secretsManager.value(TOKEN_SECRET)).toBe(value);
    expect(pairAt(world, LABEL.previous).refreshToken).toMatch(/^eyJ/);
  });
});

const HEALING: readonly (readonly [When, RotationCall, worth: string, Reuse])[] = [
  ["after", "the exchange", "for good", "reusable"],
  ["before", "staging", "for an hour", { graceMs: HOUR_MS }],
];

it.concurrent.each(HEALING)(
  "heals by itself when a run dies %s %s and a spent token is good %s",
  async (when, at, _, reuse) => {
    await inWorld({ reuse }, async (world) => {
      // given
      await renewOnce(world);
      arm(world, at, world.kill(when));

      // when
      const crashed = await tickOnce(world);
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(crashed).toBe("died");
      expect(after).toEqual(["rotated"]);
      expect(standingOf(world)).toEqual({
        current: "newest",
        isLive: true,
        exchanges: ["granted", "granted", "granted"],
      });
      expect(await renewAgain(world)).toBe("rotated");
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    });
  },
);
