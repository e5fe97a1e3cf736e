import { expect, it } from "vitest";
import { POLICIES } from "../fault-matrix.ts";
import { ADVISORS } from "../follow-advice.ts";
import { createRandom } from "../random.ts";
import { anyHand, playNamed, rescueFromEveryFault } from "../rescues.ts";
import { firstSeed } from "../seed.ts";
import { seededScript } from "../seeded.ts";
import { REUSES } from "../xt.ts";

/** How many of the stops are played. */
const SHARE = 0.25;
const WAY = "leads a person who types what they read to a healthy connection, wherever a history";

it.each(REUSES)(`${WAY} with one fault stops, XT being %s`, async (reuse) => {
  let histories = 0;
  for (const policy of POLICIES) histories += await rescueFromEveryFault({ reuse, policy }, createRandom(1), SHARE);
  console.log(`a person follows the advice, ${reuse}: ${histories} histories`);

  expect(histories).toBeGreaterThan(500);
});

it(`${WAY} of random faults stops`, async () => {
  for (let seed = firstSeed(); seed < firstSeed() + 1_000; seed += 1) {
    const random = createRandom(seed);
    const drawn = seededScript(seed);
    // See `anyHand`.
    const script = drawn.policy === "hold" ? { ...drawn, hand: undefined } : drawn;
    const hand = random.chance(0.3) ? anyHand(script, random) : undefined;
    const rescue = { after: 1 + random.below(60), advisor: random.pick(ADVISORS), hand };
    await playNamed({ ...script, rescue }, `seed ${seed}`);
  }
});
