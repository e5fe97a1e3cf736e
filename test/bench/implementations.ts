import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { BUNDLE_FILE, buildBundle } from "../../lib/bundle.ts";

/** A program that rotates, or does nothing at all. */
export interface Implementation {
  readonly title: string;
  /** Starts a process that invokes the handler as further parameters say; see `run-handler.mjs`. */
  readonly command: readonly [program: string, ...parameters: string[]];
  /** What a start loads of it. */
  readonly files: readonly string[];
}

export const [EMPTY, OURS] = ["empty handler", "this project"];

const here = (file: string) => join(import.meta.dirname, file);

/** Builds into a directory what has to be built. Without a Python that has boto3 there is one implementation less. */
export function buildImplementations(directory: string, node: string): readonly Implementation[] {
  const ours = join(directory, "ours");
  buildBundle(ours);
  const naive = join(directory, "naive.cjs");
  // As `NodejsFunction` of the CDK builds where it is told nothing but to bundle the SDK.
  const entryPoints = [here("implementations/naive.ts")];
  buildSync({ entryPoints, outfile: naive, bundle: true, platform: "node", target: "node24", logLevel: "silent" });
  const inNode = (title: string, file: string, files: readonly string[]): Implementation => ({
    title,
    command: [node, here("run-handler.mjs"), file],
    files,
  });
  const floor = here("implementations/floor.mjs");
  const python = findPython();
  return [
    inNode(EMPTY, here("implementations/empty.mjs"), []),
    inNode("hand-written floor", floor, [floor]),
    inNode(OURS, join(ours, BUNDLE_FILE), loadedAtStart(ours)),
    inNode("naive TypeScript", naive, [naive]),
    ...(python === undefined
      ? []
      : [
          {
            title: "Python, boto3",
            command: [python, here("run_handler.py"), here("implementations/naive.py")] as const,
            files: [],
          },
        ]),
  ];
}

/** The main file and what it imports other than lazily. */
function loadedAtStart(directory: string, file = BUNDLE_FILE): readonly string[] {
  const text = readFileSync(join(directory, file), "utf8");
  const imported = [...text.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, name = ""]) => name);
  return [...new Set([join(directory, file), ...imported.flatMap((name) => loadedAtStart(directory, name))])];
}

/** Kilobytes of files, and of each packed by itself. */
export function sizeOf(files: readonly string[]): { readonly plain: number; readonly packed: number } {
  const contents = files.map((file) => readFileSync(file));
  const kilobytes = (lengths: readonly number[]) => lengths.reduce((sum, length) => sum + length, 0) / 1_000;
  return {
    plain: kilobytes(contents.map(({ length }) => length)),
    packed: kilobytes(contents.map((content) => gzipSync(content, { level: 9 }).length)),
  };
}

/** A Python 3 that has boto3: the executable itself, since what is on the path may be a script that looks for it. */
function findPython(): string | undefined {
  const asked = spawnSync("python3", ["-c", "import boto3, sys; print(sys.executable)"], { encoding: "utf8" });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

/** Lambda's runtime that the function is deployed on. */
const MAJOR = 24;

/** The running Node where it is a 24, or one that npm installs below `node_modules/.cache`, once. The running one where that fails. */
export function findNode(): string {
  if (process.versions.node.startsWith(`${MAJOR}.`)) return process.execPath;
  const cache = here("../../node_modules/.cache/bench-node");
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const path = join(cache, "node_modules", name, "bin", "node");
  if (!existsSync(path)) {
    process.stdout.write(`installing Node ${MAJOR} from npm below node_modules/.cache, once\n`);
    spawnSync("npm", ["install", "--no-save", "--silent", "--prefix", cache, `${name}@${MAJOR}`], { stdio: "ignore" });
  }
  return existsSync(path) ? path : process.execPath;
}
