import { expect, it } from "vitest";
import type { ReadKind } from "../../sandbox/secrets-manager/stale-reads.ts";
import { TOKEN_SECRET, type World } from "../../sandbox/world.ts";
import {
  HOUR_MS,
  MINUTE_MS,
  reasonOf,
  renewAgain,
  renewOnce,
  standingOf,
  tickFor,
  tickOnce,
} from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";

const LABELS: readonly ReadKind[] = ["describe"];
const VALUE: readonly ReadKind[] = ["value-by-label"];
const BOTH: readonly ReadKind[] = ["describe", "value-by-label"];
const EVERY: readonly ReadKind[] = ["describe", "value-by-label", "value-by-version"];

/** Changes that the rotation made, counted back from its end. */
const BEFORE = { promoting: 1, staging: 2, fencing: 3 } as const;

/** Which reads lag, behind which write of the rotation, and what a tick a minute after it comes to. */
type Lag = readonly [reads: readonly ReadKind[], behind: keyof typeof BEFORE, reason: string];

function lag(world: World, reads: readonly ReadKind[], behind: keyof typeof BEFORE, times?: number): void {
  const changesAgo = BEFORE[behind];
  world.secretsManager.answerReadsAsOf(
    TOKEN_SECRET,
    times === undefined ? { changesAgo, reads } : { changesAgo, reads, times },
  );
}

const ONCE: readonly Lag[] = [
  [LABELS, "promoting", "not-due"],
  [LABELS, "staging", "not-due"],
  [LABELS, "fencing", "not-due"],
  [VALUE, "promoting", "not-due"],
  [VALUE, "staging", "not-due"],
  [VALUE, "fencing", "not-due"],
  [BOTH, "promoting", "settled"],
  [BOTH, "staging", "peer-at-work"],
  [BOTH, "fencing", "not-due"],
  [EVERY, "fencing", "not-due"],
];

it.concurrent.each(ONCE)(
  "asks XT no second time when one read of each of %j is from before %s",
  async (reads, behind, reason) => {
    await inWorld({ reuse: "single-use-revoking" }, async (world) => {
      // given
      await renewOnce(world);
      await tickOnce(world);
      lag(world, reads, behind, 1);
      world.advance(MINUTE_MS);

      // when
      const met = await world.tick();
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(reasonOf(met)).toBe(reason);
      expect(after).toEqual([]);
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
      expect(await renewAgain(world)).toBe("rotated");
    });
  },
);

it.concurrent("asks XT no second time, not even when forced, when every read is five minutes old", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    await tickOnce(world);
    lag(world, EVERY, "staging");
    world.advance(5 * MINUTE_MS);

    // when
    const met = await world.tick({ event: { force: true } });
    world.secretsManager.answerReadsTruly(TOKEN_SECRET);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(reasonOf(met)).toBe("attempt-unfinished");
    expect(after).toEqual([]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
  });
});

/** With the outcome of each tick of the hour after, while the reads still lag. */
const LASTING: readonly (readonly [...Lag, after: string])[] = [
  [LABELS, "promoting", "torn-reads", "deferred"],
  [LABELS, "staging", "torn-reads", "deferred"],
  [LABELS, "fencing", "torn-reads", "deferred"],
  [VALUE, "promoting", "torn-reads", "deferred"],
  [VALUE, "staging", "torn-reads", "deferred"],
  [VALUE, "fencing", "torn-reads", "deferred"],
  [BOTH, "promoting", "PromotionRefused", "PromotionRefused"],
  [BOTH, "staging", "peer-at-work", "PromotionRefused"],
  [BOTH, "fencing", "peer-at-work", "PromotionRefused"],
];

it.concurrent.each(LASTING)(
  "asks XT no second time when every read of %j stays as it was before %s",
  async (reads, behind, reason, outcome) => {
    await inWorld({ reuse: "single-use-revoking" }, async (world) => {
      // given
      await renewOnce(world);
      await tickOnce(world);
      lag(world, reads, behind);
      world.advance(MINUTE_MS);

      // when
      const met = await world.tick();
      const during = await tickFor(world, HOUR_MS);
      world.secretsManager.answerReadsTruly(TOKEN_SECRET);
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(reasonOf(met)).toBe(reason);
      expect(during).toEqual([outcome, outcome, outcome, outcome]);
      expect(after).toEqual([]);
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
      expect(await renewAgain(world)).toBe("rotated");
    });
  },
);
