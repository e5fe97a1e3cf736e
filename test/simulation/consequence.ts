import type { RunRecord } from "./chronicle.ts";
import { endingInWords } from "./fault-words.ts";
import type { History } from "./play.ts";
import { lostPresentation } from "./standing.ts";

/** What became of one fault, for one XT and one policy, in words. */
export interface Consequence {
  /** How the run ends that meets it. */
  readonly seen: string;
  readonly next: string;
  readonly lost: string;
}

/** Puts a history into the words of the table, counted from the run that met the fault. */
export function consequenceOf({ world, standing }: History, runId: string): Consequence {
  const { runs } = world.chronicle;
  const index = runs.findIndex(({ id }) => id === runId);
  const met = runs[index];
  const later = runs.slice(index + 1).filter(({ ending = "" }) => !ending.startsWith("idle"));
  const isLost = lostPresentation(world) !== undefined;
  const publisher = runs.slice(index + 1).find(({ answered }) => answered.has("publishing"));
  const published = publisher?.ending?.startsWith("idle") ? minutesAfter(met, publisher) : undefined;
  const isSwept = runs.some(({ ending, calls }) => ending?.startsWith("idle") && calls.includes("clearing the escrow"));
  const seen = endingInWords(met?.ending ?? "");
  switch (standing) {
    case "held":
      return { seen, next: HELD, lost: isLost ? LOST : "nothing; only a person can know" };
    case "lost":
      return { seen, next: REJECTED, lost: LOST };
    case "healthy":
      // The last renewal of every history only shows that all is well, and the one before it what is swept after it.
      return {
        seen,
        next: nextInWords(later.slice(0, isSwept ? -2 : -1), met, published) + (isSwept ? SWEPT : ""),
        lost: isLost ? REPLACED : "nothing",
      };
  }
}

function nextInWords(later: readonly RunRecord[], met: RunRecord | undefined, published: number | undefined): string {
  const told = sequence(later, met);
  if (published === undefined) return told || "nothing is left to do";
  return `${told && `${told}, `}the access token is published after ${published} minutes`;
}

function minutesAfter(met: RunRecord | undefined, { startedAtMs }: RunRecord): number {
  return Math.round((startedAtMs - (met?.startedAtMs ?? 0)) / 60_000);
}

/** How the later runs ended that did something, and when the last of each kind began. */
function sequence(runs: readonly RunRecord[], met: RunRecord | undefined): string {
  const told = runs.flatMap((last, index) => {
    const { ending = "" } = last;
    if (runs[index + 1]?.ending === ending) return [];
    const times = index - runs.findLastIndex((run, at) => at < index && run.ending !== ending);
    const minutes = minutesAfter(met, last);
    return [`${endingInWords(ending)} ${times > 1 ? `${times} times, ` : `after ${minutes} minutes, `}`];
  });
  return told.join("").replace(/, $/, "");
}

const HELD = "`halted` (held) at every tick, until a person forces the token or reauthorizes";
const SWEPT = "; the ticks after the next renewal delete the escrow's copy";
const REJECTED = "`RotationRejected` at every try, until a person reauthorizes";
const LOST = "**the pair that XT issued**";
const REPLACED = "nothing: XT grants another pair";
