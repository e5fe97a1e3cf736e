import { expect, it } from "vitest";
import { playEveryOrder } from "../interleave.ts";
import { overlaps } from "../overlaps.ts";
import { Tally } from "../tally.ts";

it.each([
  { runs: 2, interruptions: 3 },
  { runs: 3, interruptions: 2 },
])(
  "asks XT once for each token when $runs runs meet, in every order with $interruptions interruptions",
  async (bounds) => {
    const { runs, interruptions } = bounds;
    for (const [what, script] of Object.entries(overlaps(runs))) {
      const tally = new Tally();
      await playEveryOrder(script, interruptions, (history) => tally.add(history));
      console.log(`${runs} runs meet ${what}, ${interruptions} interruptions at most: ${tally}`);

      expect(tally.count("healthy")).toBe(tally.histories);
    }
  },
);
