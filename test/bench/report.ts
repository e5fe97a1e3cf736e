import { cpus, totalmem } from "node:os";
import { deployedUsage, renderCost } from "./cost-table.ts";
import type { Goal } from "./goals.ts";
import { NAMES, type Name, TITLES } from "./implementations.ts";
import type { Effort } from "./measure.ts";
import type { Result, Results } from "./results.ts";
import type { Line, Spread } from "./statistics.ts";

/** Where it was measured, and how much. */
export interface Circumstances {
  readonly node: string;
  readonly hasPython: boolean;
  readonly effort: Effort;
}

/** The results as Markdown: the circumstances, the goals, the comparison, the idle tick. */
export function renderResults(results: Results, goals: readonly Goal[], circumstances: Circumstances): string {
  return [
    machine(circumstances),
    table(
      ["goal", "found", ""],
      goals.map(({ promise, found, isMet }) => [promise, found, isMet ? "met" : "**not met**"]),
    ),
    comparison(results),
    idleTick(results),
    cost(results),
  ].join("\n\n");
}

function machine({ node, hasPython, effort }: Circumstances): string {
  const cores = cpus();
  const where = `${cores.length} cores (${cores[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`;
  const lacking = hasPython ? "" : " Python with boto3 was not there, and is missing below.";
  return (
    `Measured on ${where}, Node ${node}: ${effort.rounds} rounds, seed ${effort.seed}, ${effort.exposureRounds} more for each round-trip time. ` +
    `Medians, with the quartiles in brackets.${lacking}`
  );
}

function comparison(results: Results): string {
  const names = NAMES.filter((name) => results.has(name));
  const row = (title: string, cell: (result: Result, name: Name) => string): readonly string[] => [
    title,
    ...names.map((name) => {
      const result = results.get(name);
      return result === undefined ? "" : cell(result, name);
    }),
  ];
  const rotates = (cell: (result: Result) => string) => (result: Result, name: Name) =>
    name === "empty" ? "" : cell(result);
  return table(
    ["", ...names.map((name) => TITLES[name])],
    [
      row("loaded at start, KB (gzip)", ({ size }) =>
        size ? `${kilobytes(size.bytes)} (${kilobytes(size.packed)})` : "",
      ),
      row("ready, wall, × empty", ({ ready }) => brackets(ready.wall)),
      row("ready, CPU, × empty", ({ ready }) => brackets(ready.cpu)),
      row("**start to first rotation, wall, × empty**", ({ first }) => brackets(first.wall)),
      row("start to first rotation, CPU, × empty", ({ first }) => brackets(first.cpu)),
      row("start to first rotation, wall, × this project", ({ firstAgainst }) => brackets(firstAgainst("ours"))),
      row("peak memory, MiB", ({ peakMiB }) => brackets(peakMiB, 1)),
      row(
        "rotation on a warm process, wall, ms",
        rotates(({ warm }) => brackets(warm.wall, 1)),
      ),
      row(
        "rotation on a warm process, CPU, ms",
        rotates(({ warm }) => brackets(warm.cpu, 1)),
      ),
      row(
        "exposure window, first rotation, ms",
        rotates(({ exposure }) => line(exposure?.cold)),
      ),
      row(
        "exposure window, warm, ms",
        rotates(({ exposure }) => line(exposure?.warm)),
      ),
      row(
        "requests to AWS per rotation",
        rotates(({ counts }) => String(counts?.cold.awsRequests)),
      ),
      row(
        "sequential round trips to AWS",
        rotates(({ counts }) => String(counts?.cold.awsRoundTrips)),
      ),
      row(
        "connections to AWS, first rotation (later ones)",
        rotates(({ counts }) => `${counts?.cold.awsConnections} (${counts?.warm.awsConnections})`),
      ),
    ],
  );
}

function idleTick(results: Results): string {
  const idle = results.get("idle");
  if (idle?.counts === undefined) return "";
  const { cold, warm } = idle.counts;
  return table(
    ["idle tick of this project", "new process", "warm process"],
    [
      ["wall", `${brackets(idle.first.wall)} × empty`, `${brackets(idle.warm.wall, 1)} ms`],
      ["CPU", `${brackets(idle.first.cpu)} × empty`, `${brackets(idle.warm.cpu, 1)} ms`],
      ["requests to AWS", String(cold.awsRequests), String(warm.awsRequests)],
      ["sequential round trips to AWS", String(cold.awsRoundTrips), String(warm.awsRoundTrips)],
      ["connections to AWS opened", String(cold.awsConnections), String(warm.awsConnections)],
      ["bytes written to the log", String(idle.printed), String(idle.printed)],
    ],
  );
}

function cost(results: Results): string {
  const usage = deployedUsage(results);
  return usage === undefined ? "" : renderCost(usage);
}

function brackets(spread: Spread | undefined, digits = 2): string {
  if (spread === undefined) return "";
  const [median, lower, upper] = [spread.median, spread.lower, spread.upper].map((each) => each.toFixed(digits));
  return `${median} (${lower}–${upper})`;
}

function line(fitted: Line | undefined): string {
  return fitted === undefined ? "" : `${fitted.slope.toFixed(2)} RTT + ${fitted.offset.toFixed(1)}`;
}

function kilobytes(bytes: number): string {
  return bytes < 10_000 ? (bytes / 1_000).toFixed(1) : String(Math.round(bytes / 1_000));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) => `| ${row.join(" | ")} |`;
  return [cells(head), cells(head.map(() => "---")), ...rows.map(cells)].join("\n");
}
