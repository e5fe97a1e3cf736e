import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { BUNDLE_FILE, buildBundle } from "../../lib/bundle.ts";

export const NAMES = ["empty", "floor", "ours", "naive", "python"] as const;
export type Name = (typeof NAMES)[number];

/** How each is called in tables. */
export const TITLES: Readonly<Record<Name, string>> = {
  empty: "empty handler",
  floor: "hand-written floor",
  ours: "this project",
  naive: "naive TypeScript",
  python: "Python, boto3",
};

/** A program that rotates, or does nothing at all. */
export interface Implementation {
  readonly name: Name;
  /** Starts a process that invokes the handler as further parameters say; see `run-handler.mjs`. */
  readonly command: readonly [program: string, ...parameters: string[]];
  /** Of what a start loads, in bytes; absent where nothing is bundled. */
  readonly size?: { readonly bytes: number; readonly packed: number };
}

const here = (file: string) => join(import.meta.dirname, file);

/** Builds into a directory what has to be built. Without a Python that has boto3 there is one implementation less. */
export function buildImplementations(directory: string, node: string, python: string | undefined) {
  const ours = join(directory, "ours");
  buildBundle(ours);
  const naive = join(directory, "naive", "index.cjs");
  buildNaive(naive);
  const inNode = (name: Name, file: string, files?: readonly string[]): Implementation => ({
    name,
    command: [node, here("run-handler.mjs"), file],
    ...(files === undefined ? {} : { size: sizeOf(files) }),
  });
  const inPython: readonly Implementation[] =
    python === undefined
      ? []
      : [{ name: "python", command: [python, here("run_handler.py"), here("implementations/naive.py")] }];
  return [
    inNode("empty", here("implementations/empty.mjs")),
    inNode("floor", here("implementations/floor.mjs"), [here("implementations/floor.mjs")]),
    inNode("ours", join(ours, BUNDLE_FILE), loadedAtStart(ours)),
    inNode("naive", naive, [naive]),
    ...inPython,
  ];
}

/** As `NodejsFunction` of the CDK builds where it is told nothing but to bundle the SDK. */
function buildNaive(outfile: string): void {
  buildSync({
    entryPoints: [here("implementations/naive.ts")],
    outfile,
    bundle: true,
    platform: "node",
    target: "node24",
    logLevel: "silent",
  });
}

/** The main file and what it imports other than lazily. */
function loadedAtStart(directory: string, file = BUNDLE_FILE): readonly string[] {
  const text = readFileSync(join(directory, file), "utf8");
  const imported = [...text.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, name = ""]) => name);
  return [...new Set([join(directory, file), ...imported.flatMap((name) => loadedAtStart(directory, name))])];
}

function sizeOf(files: readonly string[]) {
  const contents = files.map((file) => readFileSync(file));
  return {
    bytes: contents.reduce((sum, { length }) => sum + length, 0),
    packed: contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0),
  };
}

/** A Python 3 that has boto3: the executable itself, since what is on the path may be a script that looks for it. */
export function findPython(): string | undefined {
  const asked = spawnSync("python3", ["-c", "import boto3, sys; print(sys.executable)"], { encoding: "utf8" });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}
