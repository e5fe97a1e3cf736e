import { expect, it } from "vitest";
import { playEveryOrder } from "./interleave.ts";
import { overlaps } from "./overlaps.ts";
import { Tally } from "./tally.ts";

it.each(Object.entries(overlaps(2)))(
  "asks XT once for each token when two runs meet %s, in every order with one interruption",
  async (what, script) => {
    // when
    const tally = new Tally();
    await playEveryOrder(script, 1, (history) => tally.add(history));
    console.log(`two runs meet ${what}: ${tally}`);

    // then
    expect(tally.histories).toBeGreaterThan(10);
    expect(tally.count("healthy")).toBe(tally.histories);
  },
);

it("tries every order: each of two runs rotates, stands back, or settles what the other staged", async () => {
  // given
  const { "a pair that is due": script } = overlaps(2);
  const endings = new Set<string>();

  // when
  if (script) await playEveryOrder(script, 2, (history) => endings.add(history.endings.slice(0, 2).join(" | ")));

  // then
  expect([...endings].sort()).toEqual([
    "idle: not-due | rotated: renewed",
    "idle: peer-at-work | rotated: renewed",
    "rotated: renewed | idle: not-due",
    "rotated: renewed | idle: peer-at-work",
    "rotated: renewed | settled: settled",
    "settled: settled | rotated: renewed",
  ]);
});
