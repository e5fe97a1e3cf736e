import { LABEL } from "../lambda/contract.ts";
import type { Ending } from "./run-bundle.ts";
import type { Terminal } from "./terminal.ts";

/** How an invocation ended, in one line. */
export function describeEnding(ending: Ending, terminal: Terminal): string {
  switch (ending.kind) {
    case "returned": {
      const paint = isHealthy(ending) ? terminal.good : terminal.bad;
      return `${paint(ending.result.outcome.padEnd(9))} ${ending.result.reason}`;
    }
    case "threw":
      return `${terminal.bad("failed".padEnd(9))} ${ending.name}: ${ending.message}`;
    case "died":
      return `${terminal.bad("killed".padEnd(9))} the process is gone, and what it had in memory with it`;
  }
}

/** Whether anybody would be paged for it. */
function isHealthy(ending: Ending): boolean {
  return ending.kind === "returned" && ending.result.outcome !== "halted";
}

const ORDER = [LABEL.current, LABEL.previous, LABEL.attempt, LABEL.issued, LABEL.unspent, LABEL.void];

/** The staging labels in a line, with versions by their first digits: where each is, and where it was if it moved. */
export function describeLabels(
  labels: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>>,
  terminal: Terminal,
): string {
  const held = ORDER.filter((label) => labels[label] !== undefined);
  if (held.length === 0) return terminal.dim("no version yet");
  return held
    .map((label) => {
      const is = shortId(labels[label]);
      const was = shortId(before[label]);
      return is === was ? terminal.dim(`${label} ${is}`) : `${label} ${was}→${is}`;
    })
    .join(terminal.dim(" · "));
}

/** Chosen ids are told apart by their beginning, drawn ones here by their end. */
function shortId(versionId = ""): string {
  return versionId.includes("-") ? `…${versionId.slice(-4)}` : versionId.slice(0, 5);
}
