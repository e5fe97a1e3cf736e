import { placesIn } from "./enumerate.ts";
import { ADVISORS } from "./follow-advice.ts";
import { HANDS, type Hand, MISTAKES } from "./hands.ts";
import { InvariantBroken } from "./invariant-broken.ts";
import { at, nameOf } from "./plans.ts";
import { play, type Script } from "./play.ts";
import type { Random } from "./random.ts";

/** Requests after a fault at which a history is stopped: the next ones at once, and some that are later. */
const SOONEST = [0, 1, 2, 5, 11];

/**
 * Plays every single fault, stops the history at some request after it, and lets a person do what they read from then on.
 *
 * @param share how many of the stops are played
 * @returns how many histories were played
 * @throws InvariantBroken
 */
export async function rescueFromEveryFault(script: Script, random: Random, share = 1): Promise<number> {
  let histories = 0;
  for (const place of placesIn(await play(script), 0)) {
    for (const advisor of ADVISORS) {
      for (const later of [...SOONEST, 12 + random.below(20)]) {
        if (!random.chance(share)) continue;
        const rescue = {
          after: place.index + later,
          advisor,
          hand: random.chance(0.2) ? anyHand(script, random) : undefined,
        };
        histories += 1;
        await playNamed({ ...script, faults: at(place), rescue }, nameOf(place));
      }
    }
  }
  return histories;
}

/** Without XT_ATTEMPT an inspection does not see the attempt that a tick holds for, and advises a tick. */
export function anyHand({ policy }: Script, random: Random): Hand {
  const hand = random.pick([...HANDS, ...MISTAKES]);
  return policy === "hold" && hand === "removes XT_ATTEMPT" ? "removes XT_UNSPENT" : hand;
}

/** Plays a history that a failure can be told by. */
export async function playNamed(script: Script, name: string): Promise<void> {
  try {
    await play(script);
  } catch (error) {
    if (!(error instanceof InvariantBroken)) throw error;
    const { reuse, policy, rescue } = script;
    throw error.repeatedBy(`${reuse}, ${policy}, ${name}, ${JSON.stringify(rescue)}`);
  }
}
