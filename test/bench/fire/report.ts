import { FAULT_MODES } from "./fault-modes.ts";
import type { Trial, Writer } from "./trial.ts";

/** An acknowledgement later than this after the recovery misses the goal, in milliseconds. */
const GOAL_LAG_MS = 1_000;

export interface Report {
  /** Tables in Markdown. */
  readonly tables: string;
  readonly goals: readonly { readonly isMet: boolean; readonly text: string }[];
}

/** Sums trials up. */
export function report(trials: readonly Trial[]): Report {
  const ours = trials.filter(({ writer }) => writer !== "naive");
  const kept = ours.filter(({ isKept, lagMs }) => isKept && lagMs !== undefined).length;
  const inTime = ours.filter(({ lagMs = Number.POSITIVE_INFINITY }) => lagMs <= GOAL_LAG_MS).length;
  return {
    tables: [byMode(trials), byLength(trials, "adapter"), byLength(trials, "bundle")].join("\n\n"),
    goals: [
      { isMet: kept === ours.length, text: `acknowledged, one token, one body, AWSCURRENT: ${kept} of ${ours.length}` },
      { isMet: inTime === ours.length, text: `acknowledged within 1 s of recovery: ${inTime} of ${ours.length}` },
    ],
  };
}

function byMode(trials: readonly Trial[]): string {
  const rows = FAULT_MODES.map(({ name }) => {
    const of = (writer: Writer) => trials.filter((trial) => trial.writer === writer && trial.mode.name === name);
    const ours = of("adapter");
    const longestMs = Math.max(...ours.map(({ outageMs }) => outageMs));
    const longest = ours.filter(({ outageMs }) => outageMs === longestMs).map(({ attempts }) => attempts);
    return [name, ...acknowledgement(ours), String(median(longest)), lost(of("naive"))];
  });
  const longestS = Math.max(...trials.map(({ outageMs }) => outageMs)) / 1_000;
  const head = ["mode", ...ACKNOWLEDGEMENT, `attempts in ${longestS} s`, "plain SDK loses"];
  return table(head, rows);
}

function byLength(trials: readonly Trial[], writer: "adapter" | "bundle"): string {
  const lengths = [...new Set(trials.filter((trial) => trial.writer === writer).map(({ outageMs }) => outageMs))];
  const rows = lengths
    .sort((one, other) => one - other)
    .map((outageMs) => {
      const of = (by: Writer) => trials.filter((trial) => trial.writer === by && trial.outageMs === outageMs);
      const ours = of(writer);
      const escrowed = ours.filter(({ isEscrowed }) => isEscrowed).length;
      return [`${outageMs / 1_000} s`, ...acknowledgement(ours), `${escrowed} of ${ours.length}`, lost(of("naive"))];
    });
  return table([`outage, ${writer}`, ...ACKNOWLEDGEMENT, "also in the escrow", "plain SDK loses"], rows);
}

const ACKNOWLEDGEMENT = ["acknowledged", "median after recovery", "longest"] as const;

function acknowledgement(trials: readonly Trial[]): readonly string[] {
  const kept = trials.filter(({ isKept, lagMs }) => isKept && lagMs !== undefined);
  const lags = kept.flatMap(({ lagMs }) => (lagMs === undefined ? [] : [lagMs]));
  const count = `${kept.length} of ${trials.length}`;
  if (lags.length === 0) return [count, "", ""];
  return [count, `${median(lags)} ms`, `${Math.round(Math.max(...lags))} ms`];
}

function lost(trials: readonly Trial[]): string {
  if (trials.length === 0) return "";
  const share = trials.filter(({ isKept }) => !isKept).length / trials.length;
  return `${Math.round(share * 100)} %`;
}

/** Rounded; of an even number the upper one. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
