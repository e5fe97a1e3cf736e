import type { Visit } from "./enumerate.ts";
import { play, type Script } from "./play.ts";
import type { Choose } from "./virtual-time.ts";

interface Decision {
  /** The one who went on; 0 is whoever went on before, where that one can. */
  readonly taken: number;
  readonly alternatives: number;
  /** Whether any but the first interrupts somebody who could have gone on. */
  readonly interrupts: boolean;
}

/**
 * Plays every order in which the runs of one instant can send their requests, as far as it interrupts nobody more often than
 * `mostInterruptions`: depth first, each history from its beginning, with one decision changed from the one before.
 *
 * @see Musuvathi and Qadeer, Iterative Context Bounding for Systematic Testing of Multithreaded Programs (PLDI 2007)
 */
export async function playEveryOrder(script: Script, mostInterruptions: number, visit: Visit): Promise<void> {
  let prefix: readonly number[] | undefined = [];
  while (prefix !== undefined) {
    const decisions: Decision[] = [];
    visit(await play({ ...script, latencyMs: () => 0, choose: following(prefix, decisions) }));
    prefix = next(decisions, mostInterruptions);
  }
}

/** Takes the decisions of `prefix`, then interrupts nobody any more. Notes what it decided. */
function following(prefix: readonly number[], decisions: Decision[]): Choose {
  let before: string | undefined;
  return (actors) => {
    const goesOn = before !== undefined && actors.includes(before);
    const ordered = goesOn ? [before, ...actors.filter((actor) => actor !== before)] : actors;
    const taken = prefix[decisions.length] ?? 0;
    decisions.push({ taken, alternatives: ordered.length, interrupts: goesOn });
    before = ordered[taken];
    return actors.indexOf(before ?? "");
  };
}

/** The decisions that lead to the next order; `undefined` after the last. */
function next(decisions: readonly Decision[], mostInterruptions: number): readonly number[] | undefined {
  for (let place = decisions.length - 1; place >= 0; place -= 1) {
    const { taken, alternatives, interrupts } = decisions[place] ?? { taken: 0, alternatives: 1, interrupts: false };
    const spent = decisions.slice(0, place).filter((earlier) => earlier.interrupts && earlier.taken > 0).length;
    const isAffordable = !interrupts || spent < mostInterruptions;
    if (taken + 1 < alternatives && isAffordable) {
      return [...decisions.slice(0, place).map((earlier) => earlier.taken), taken + 1];
    }
  }
  return undefined;
}
