import { InvariantBroken } from "./invariant-broken.ts";
import { play } from "./play.ts";
import { seededScript } from "./seeded.ts";
import { Tally } from "./tally.ts";

/**
 * Plays that many random histories, one for each seed from `first` on, and prints what it did.
 *
 * @throws InvariantBroken for the first that breaks one, with its timeline and how to play it again
 */
export async function playRandomHistories(first: number, count: number): Promise<Tally> {
  const tally = new Tally();
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      tally.add(await play(seededScript(seed)));
    } catch (error) {
      if (error instanceof InvariantBroken)
        throw error.repeatedBy(`SIMULATION_SEED=${seed} npm run test:simulation -- random`);
      throw error;
    }
  }
  console.log(`random, seeds ${first} to ${first + count - 1}: ${tally}`);
  return tally;
}
