import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** Lambda's runtime that the function is deployed on. */
const MAJOR = 24;

/** Below `node_modules`, so that it is never committed. */
const CACHE = join(import.meta.dirname, "../../node_modules/.cache/bench-node");

/** The Node that the measured processes run on. */
export interface MeasuredNode {
  readonly path: string;
  readonly version: string;
}

/**
 * Finds a Node 24: the one that is named, the running one, or one that npm installs beside the project, once.
 * @returns the running Node where none can be had; its version tells
 */
export function findNode(named: string | undefined): MeasuredNode {
  if (named !== undefined) return { path: named, version: versionOf(named) };
  if (process.versions.node.startsWith(`${MAJOR}.`)) return { path: process.execPath, version: process.version };
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const path = join(CACHE, "node_modules", name, "bin", "node");
  if (!existsSync(path)) {
    process.stdout.write(`installing Node ${MAJOR} from npm below node_modules/.cache, once\n`);
    spawnSync("npm", ["install", "--no-save", "--silent", "--prefix", CACHE, `${name}@${MAJOR}`], { stdio: "ignore" });
  }
  if (!existsSync(path)) return { path: process.execPath, version: process.version };
  return { path, version: versionOf(path) };
}

/** @throws Error where it can't be run */
function versionOf(path: string): string {
  const asked = spawnSync(path, ["--version"], { encoding: "utf8" });
  if (asked.status !== 0) throw new Error(`${path} can't be run, name the executable of a Node`);
  return asked.stdout.trim();
}
