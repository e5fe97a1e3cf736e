import type { Ending } from "./run-bundle.ts";
import { describeEnding, describeLabels } from "./show.ts";
import type { Terminal } from "./terminal.ts";
import { TOKEN_SECRET, type World } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What one moment of a story came to: one ending, several where a tick was delivered more than once, none where it was not. */
export interface PlayedTick {
  readonly endings: readonly Ending[];
  readonly labelsBefore: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export async function playTick(world: World, tick: () => Promise<readonly Ending[]>): Promise<PlayedTick> {
  const labelsBefore = world.secretsManager.labels(TOKEN_SECRET);
  return { endings: await tick(), labelsBefore, labels: world.secretsManager.labels(TOKEN_SECRET) };
}

/** How a run ended, in one word: its outcome, the name of its error, or `died`. */
export function outcomeOf(ending: Ending): string {
  switch (ending.kind) {
    case "returned":
      return ending.result.outcome;
    case "threw":
      return ending.name;
    case "died":
      return "died";
  }
}

/** Stands in front of whatever belongs to the moment of the line above. */
export const INDENT = " ".repeat("day 0 00:00  ".length);

/** When it was, what it was about, how it ended, and which labels moved. */
export function showTick(
  { endings, labelsBefore, labels }: PlayedTick,
  title: string,
  elapsedMs: number,
  terminal: Terminal,
): void {
  terminal.line(`${terminal.dim(elapsed(elapsedMs))}  ${terminal.bold(title)}`);
  for (const ending of endings) terminal.line(`${INDENT}${describeEnding(ending, terminal)}`);
  terminal.line(`${INDENT}${describeLabels(labels, labelsBefore, terminal)}`);
}

export function elapsed(ms: number): string {
  const hours = Math.floor(ms / HOUR_MS);
  const minutes = Math.floor((ms % HOUR_MS) / MINUTE_MS);
  return `day ${Math.floor(hours / 24)} ${String(hours % 24).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}
