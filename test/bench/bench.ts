import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findNode } from "./find-node.ts";
import { judge } from "./goals.ts";
import { buildImplementations, findPython } from "./implementations.ts";
import { measureAll } from "./measure.ts";
import { HELP, type Options, readOptions } from "./options.ts";
import { renderResults } from "./report.ts";
import { summarize } from "./results.ts";
import { startStandInsProcess } from "./run.ts";
import { writeDocument } from "./write-document.ts";

process.exitCode = await main();

async function main(): Promise<number> {
  let options: Options | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const { effort } = options;
  const node = findNode(options.node);
  const python = findPython();
  if (!node.version.startsWith("v24.")) {
    process.stdout.write(`measuring on Node ${node.version}, since no Node 24 could be had: Lambda's numbers differ\n`);
  }
  if (python === undefined) process.stdout.write("no python3 with boto3 was found, it is left out\n");
  process.stdout.write(`seed ${effort.seed}\n`);

  const directory = mkdtempSync(join(tmpdir(), "bench-"));
  const standIns = await startStandInsProcess();
  try {
    const implementations = buildImplementations(directory, node.path, python);
    const results = summarize(implementations, await measureAll(standIns, implementations, effort, showProgress()));
    const goals = judge(results);
    const report = renderResults(results, goals, { node: node.version, hasPython: python !== undefined, effort });
    process.stdout.write(`\n${report}\n`);
    if (options.writes) writeDocument(results, report);
    return 0;
  } finally {
    standIns.close();
    rmSync(directory, { recursive: true });
  }
}

/** A line for each tenth of a stage. */
function showProgress(): (stage: string, done: number, of: number) => void {
  let shown = "";
  return (stage, done, of) => {
    const percent = `${stage} ${Math.floor((done / of) * 10) * 10} %`;
    if (percent !== shown) process.stdout.write(`${percent}\n`);
    shown = percent;
  };
}
