import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawResults } from "./picture.ts";
import type { Results } from "./results.ts";

const DOCS = join(import.meta.dirname, "../../docs");
const BEGIN = "<!-- results: written by npm run bench -- --write -->";
const END = "<!-- end of results -->";

/** Writes the results into the page, and the picture beside it. */
export function writeDocument(results: Results, report: string): void {
  const page = join(DOCS, "performance.md");
  writeFileSync(page, withResults(readFileSync(page, "utf8"), report));
  writeFileSync(join(DOCS, "performance.svg"), drawResults(results));
  process.stdout.write("wrote docs/performance.md and docs/performance.svg\n");
}

/** @throws Error where the page has no place for them */
export function withResults(page: string, report: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined)
    throw new Error(`the page has no place for the results, put "${BEGIN}" and "${END}" into it`);
  return `${before}${BEGIN}\n\n${report}\n\n${END}${after}`;
}
