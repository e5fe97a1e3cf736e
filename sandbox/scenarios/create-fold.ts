import { elapsed } from "../play-tick.ts";
import type { Ending } from "../run-bundle.ts";

/** Keeps back the ticks of one scene that say nothing new, so that half a day of them is one line. */
export interface Fold {
  /** Whether a tick ended as none before it in this scene. */
  isNew(endings: readonly Ending[]): boolean;
  /** @param outcomes the words that it is counted by */
  keepBack(outcomes: readonly string[], elapsedMs: number): void;
  /** What was kept back, in one line, and forgets it; `undefined` where that is nothing. */
  unfold(): string | undefined;
}

export function createFold(): Fold {
  const told = new Set<string>();
  let keptBack: readonly string[] = [];
  let untilMs = 0;
  return {
    isNew(endings) {
      const signature = endings.map(signatureOf).join();
      const isNew = !told.has(signature);
      told.add(signature);
      return isNew;
    },
    keepBack(outcomes, elapsedMs) {
      keptBack = [...keptBack, outcomes.join(" and ")];
      untilMs = elapsedMs;
    },
    unfold() {
      if (keptBack.length === 0) return undefined;
      const counts = [...countEach(keptBack)].map(([outcome, count]) => `${outcome} ×${count}`);
      const line = `… and ${keptBack.length} more until ${elapsed(untilMs)}: ${counts.join(", ")}`;
      keptBack = [];
      return line;
    },
  };
}

/** How often each word occurs, in the order of their first occurrence. */
export function countEach(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The code that begins a reason, or the error's own. */
function signatureOf(ending: Ending): string {
  switch (ending.kind) {
    case "returned":
      return `${ending.result.outcome} ${ending.result.reason.split(":")[0]}`;
    case "threw":
      return `${ending.name} ${ending.code}`;
    case "died":
      return "died";
  }
}
