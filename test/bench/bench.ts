import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderCost } from "./cost.ts";
import { buildImplementations, EMPTY, findNode, type Implementation, OURS, sizeOf } from "./implementations.ts";
import { drawBars } from "./picture.ts";
import { type Run, runProcess } from "./run.ts";
import { type StandIns, startStandIns } from "./stand-ins.ts";

/** Our handler with a pair that is not due. */
const IDLE = "its idle tick";

/** The runs of one round, next to each other in time, by title. What else the machine does meanwhile meets all of them. */
type Round = ReadonlyMap<string, Run>;

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "20" }, write: { type: "boolean", default: false } },
});
const node = findNode();
const directory = mkdtempSync(join(tmpdir(), "bench-"));
const standIns = await startStandIns();
try {
  const implementations = buildImplementations(directory, node);
  const rounds = await measure(standIns, implementations, Number(options.rounds));
  const report = `${describeMachine(node, rounds.length)}\n\n${renderTable(implementations, rounds)}\n\n${renderCost()}`;
  process.stdout.write(`\n${report}\n`);
  if (options.write) writeDocument(report, implementations, rounds);
} finally {
  await standIns.close();
  rmSync(directory, { recursive: true });
}

async function measure(
  standIns: StandIns,
  implementations: readonly Implementation[],
  count: number,
): Promise<readonly Round[]> {
  const idle = implementations.filter(({ title }) => title === OURS).map((ours) => ({ ...ours, title: IDLE }));
  const rounds: Round[] = [];
  // The first is thrown away: it fills the machine's caches and warms the stand-ins.
  for (let round = 0; round <= count; round += 1) {
    const runs = new Map<string, Run>();
    for (const { title, command } of shuffle([...implementations, ...idle])) {
      const run = await runProcess(standIns, command, 1, title === IDLE ? "fresh" : "due");
      const expected = title === EMPTY || title === IDLE ? 0 : 1;
      if (run.traffic.granted !== expected || !run.traffic.isNewestCurrent) {
        throw new Error(`${title} was to rotate ${expected} times, XT granted ${run.traffic.granted} pairs`);
      }
      runs.set(title, run);
    }
    if (round > 0) rounds.push(runs);
    process.stdout.write(`${round} of ${count} rounds\r`);
  }
  return rounds;
}

function shuffle<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

/** One figure of each round. */
function figures(rounds: readonly Round[], figure: (round: Round) => number | undefined): readonly number[] {
  return rounds.flatMap((round) => figure(round) ?? []).sort((one, other) => one - other);
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The median, with the quartiles in brackets. */
function spread(sorted: readonly number[], digits: number): string {
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(digits);
  return sorted.length === 0 ? "" : `${median(sorted).toFixed(digits)} (${at(0.25)}–${at(0.75)})`;
}

/** Ratios are taken within a round. */
function ratios(rounds: readonly Round[], title: string, base: string, cost: (run: Run) => number): readonly number[] {
  return figures(rounds, (round) => {
    const [one, other] = [round.get(title), round.get(base)];
    return one && other && cost(one) / cost(other);
  });
}

function describeMachine(node: string, rounds: number): string {
  const version = spawnSync(node, ["--version"], { encoding: "utf8" }).stdout.trim();
  const [core] = cpus();
  return `${rounds} rounds on ${cpus().length} cores (${core?.model.trim()}), Node ${version}. Medians, with the quartiles in brackets.`;
}

function renderTable(implementations: readonly Implementation[], rounds: readonly Round[]): string {
  const titles = [...implementations.map(({ title }) => title), IDLE];
  const row = (name: string, cell: (title: string) => string) => `| ${[name, ...titles.map(cell)].join(" | ")} |`;
  const rotating = (cell: (title: string) => string) => (title: string) => (title === EMPTY ? "" : cell(title));
  const requestsOf = (round: Round | undefined, title: string) =>
    (round?.get(title)?.traffic.requests ?? []).filter(({ operation }) => operation !== "token").length;
  return [
    row("", (title) => title),
    row("---", () => "---"),
    row("loaded at start, KB (gzip)", (title) => {
      const { plain, packed } = sizeOf(implementations.find((each) => each.title === title)?.files ?? []);
      return plain === 0 ? "" : `${plain.toFixed(0)} (${packed.toFixed(0)})`;
    }),
    row("**start to first rotation, wall, × empty**", (title) => spread(ratios(rounds, title, EMPTY, wall), 2)),
    row("the same, CPU", (title) =>
      spread(
        ratios(rounds, title, EMPTY, ({ first }) => first.cpuMs),
        2,
      ),
    ),
    row("the same, wall, × this project", (title) => spread(ratios(rounds, title, OURS, wall), 2)),
    row("peak memory, MiB", (title) =>
      spread(
        figures(rounds, (round) => round.get(title)?.peakMiB),
        0,
      ),
    ),
    row(
      "requests to AWS (round trips)",
      rotating((title) => {
        const requests = requestsOf(rounds[0], title);
        // Ours begins with three reads at once, as the tests of the bundle see to.
        return `${requests} (${title === OURS || title === IDLE ? requests - 2 : requests})`;
      }),
    ),
    row("exposure: a round trip, and ms", (title) =>
      spread(
        figures(rounds, (round) => exposureMs(round.get(title))),
        1,
      ),
    ),
    row("bytes written to the log", (title) => String(median(figures(rounds, (round) => round.get(title)?.printed)))),
  ].join("\n");
}

function wall({ first }: Run): number {
  return first.wallMs;
}

/** From the end of XT's answer to the end of the answer to the next write, over a network without distance. */
function exposureMs(run: Run | undefined): number | undefined {
  const requests = run?.traffic.requests ?? [];
  const at = requests.findIndex(({ operation }) => operation === "token");
  const write = requests.slice(at).find(({ operation }) => operation === "PutSecretValue");
  return at < 0 || write === undefined ? undefined : write.answeredAtMs - (requests[at]?.answeredAtMs ?? 0);
}

/** Writes the results into the page, and the picture beside it. */
function writeDocument(report: string, implementations: readonly Implementation[], rounds: readonly Round[]): void {
  const docs = join(import.meta.dirname, "../../docs");
  const page = join(docs, "performance.md");
  const results = /(<!-- results[^>]*-->).*(<!-- end of results -->)/s;
  writeFileSync(
    page,
    readFileSync(page, "utf8").replace(results, (_, begin, end) => `${begin}\n\n${report}\n\n${end}`),
  );
  const bars = implementations.map(({ title }) => ({
    title,
    isOurs: title === OURS,
    first: median(ratios(rounds, title, EMPTY, wall)),
    ready: median(
      figures(rounds, (round) => {
        const [one, empty] = [round.get(title), round.get(EMPTY)];
        return one && empty && one.ready.wallMs / empty.first.wallMs;
      }),
    ),
    peakMiB: median(figures(rounds, (round) => round.get(title)?.peakMiB)),
  }));
  writeFileSync(join(docs, "performance.svg"), drawBars(bars));
  process.stdout.write("wrote docs/performance.md and docs/performance.svg\n");
}
