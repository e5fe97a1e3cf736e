import { type Call, faultsOf } from "./fault.ts";
import { InvariantBroken } from "./invariant-broken.ts";
import { at, nameOf, type PlacedFault } from "./plans.ts";
import { type History, play, type Script } from "./play.ts";

/** Requests after a fault that a second one is tried at, in a history that never comes to rest: it repeats itself by then. */
const LONGEST_AFTERMATH = 30;

/** Told of each history that was played. */
export type Visit = (history: History) => void;

/**
 * Plays the histories with exactly two faults, the second at whatever the first brought about.
 *
 * @param isDrawn asked for each; @default every one is played
 */
export async function playPairsOfFaults(script: Script, visit: Visit, isDrawn = () => true): Promise<void> {
  const calm = await play(script);
  for (const first of placesIn(calm, 0)) {
    const single = await playUnder(script, first);
    for (const second of placesIn(single, first.index)) {
      if (isDrawn()) visit(await playUnder(script, first, second));
    }
  }
}

async function playUnder(script: Script, ...placed: readonly PlacedFault[]): Promise<History> {
  try {
    return await play({ ...script, faults: at(...placed) });
  } catch (error) {
    if (error instanceof InvariantBroken)
      throw error.repeatedBy(`${script.reuse}, ${script.policy}, ${nameOf(...placed)}`);
    throw error;
  }
}

/** Every fault at every request after this one, until all is at rest: what follows is a renewal like the one watched. */
export function placesIn({ calls, world }: History, after: number): readonly PlacedFault[] {
  const { runs } = world.chronicle;
  const atRest = runs.find(({ ending = "" }) => /^(rotated|settled|idle: not-due)/.test(ending));
  const last = calls.findLast(({ run }) => run === atRest?.id)?.index ?? after + LONGEST_AFTERMATH;
  const reached = calls.filter(({ index }) => index > after && index <= Math.min(last, after + LONGEST_AFTERMATH));
  return reached.flatMap(({ index, name }: Call) => faultsOf(name).map((fault) => ({ index, fault })));
}
