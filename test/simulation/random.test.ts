import { expect, it } from "vitest";
import { timeline } from "./chronicle.ts";
import { play } from "./play.ts";
import { playRandomHistories } from "./random-histories.ts";
import { firstSeed } from "./seed.ts";
import { seededScript } from "./seeded.ts";

it("keeps every invariant in random histories", async () => {
  const tally = await playRandomHistories(firstSeed(), 150);

  expect(tally.histories).toBe(150);
});

it("plays a history again from its seed, request by request", async () => {
  const [once, again, other] = [await play(seededScript(7)), await play(seededScript(7)), await play(seededScript(8))];

  expect(timeline(once.world.chronicle)).toContain("run-");
  expect(timeline(again.world.chronicle)).toBe(timeline(once.world.chronicle));
  expect(timeline(other.world.chronicle)).not.toBe(timeline(once.world.chronicle));
});
