import { expect, it } from "vitest";
import { placesIn } from "../enumerate.ts";
import { POLICIES } from "../fault-matrix.ts";
import { HANDS } from "../hands.ts";
import { at } from "../plans.ts";
import { play } from "../play.ts";
import { createRandom } from "../random.ts";
import { Tally } from "../tally.ts";

/** Requests of a history in which a person may act. */
const LONGEST_COURSE = 24;
/** How many of them are played. */
const SHARE = 0.2;

it.each(HANDS)(
  "keeps every invariant when a person %s before some request, whatever single fault there was",
  async (hand) => {
    const tally = new Tally();
    const random = createRandom(1);
    for (const policy of POLICIES) {
      const script = { reuse: "single-use-revoking", policy, horizon: 40 } as const;
      for (const place of placesIn(await play(script), 0)) {
        const faults = at(place);
        const { calls } = await play({ ...script, faults });
        for (const { index } of calls.slice(0, LONGEST_COURSE)) {
          if (!random.chance(SHARE)) continue;
          tally.add(await play({ ...script, faults, hand: { before: index, act: hand } }));
        }
      }
    }
    console.log(`a person ${hand}: ${tally}`);

    expect(tally.histories).toBeGreaterThan(700);
  },
);
