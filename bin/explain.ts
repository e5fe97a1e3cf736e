import { SourceMap } from "node:module";
import { basename } from "node:path";
import { buildSync } from "esbuild";
import { BUNDLE_OPTIONS } from "../lib/bundle.ts";

/** A place in the bundle, as a stack trace writes it. */
const PLACE = /([\w-]+\.mjs):(\d+):(\d+)/g;

/** The bundle's files in esbuild's order, which is the same with a map and without one. Nothing is written. */
function build(sourcemap: false | "external") {
  return buildSync({ ...BUNDLE_OPTIONS, outdir: ".", write: false, sourcemap, sourcesContent: false }).outputFiles;
}

/**
 * Tells, for every place in a text, the file and the line of the sources. The bundle is built anew for it, since the same sources give the
 * same bytes: no map has to be kept. A map changes the names of the files that are loaded lazily, so the names come from a build without one.
 */
function explain(text: string): readonly string[] {
  const names = build(false).map(({ path }) => basename(path));
  const maps = build("external").filter(({ path }) => path.endsWith(".map"));
  return [...text.matchAll(PLACE)].map(([place, name = "", line, column]) => {
    const map = maps[names.indexOf(name)];
    if (map === undefined) return `${place}: this checkout's bundle has no such file, check out the deployed commit`;
    const found = new SourceMap(JSON.parse(map.text)).findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in found)) return `${place}: found nothing there, check out the deployed commit`;
    return `${place}: ${found.originalSource}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  });
}

const lines = explain(process.argv.slice(2).join(" "));
console.log(lines.length > 0 ? lines.join("\n") : "found no place, expected one such as index.mjs:1:23456");
process.exitCode = lines.length > 0 ? 0 : 2;
