import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { runProgram } from "../deploy/run-program.ts";
import { PROJECT_ROOT } from "../infra/synthesis.ts";

declare module "vitest" {
  interface ProvidedContext extends InstalledPackage {
    /** An npm prefix that it was installed into, as `npm install --global` does. */
    prefix: string;
    /** What npm printed about it. */
    printed: string;
  }
}

/** What this checkout would publish, and a project that knows nothing else of it. */
export interface InstalledPackage {
  /** The tarball that `npm publish` would send. */
  readonly tarball: string;
  /** A project that installed it, with the app of this folder in it. */
  readonly project: string;
}

/** The project that installs the package must have these; here they are this checkout's own. */
const PEERS = ["aws-cdk-lib", "constructs", "@types/node"];
const INSTALL = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=warn"];

/** Installs the package in a project, and globally. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const scratch = mkdtempSync(join(tmpdir(), "consumer-"));
  const { tarball, project } = await installPackage(scratch);
  const prefix = join(scratch, "prefix");
  const printed = await npm(scratch, ...INSTALL, tarball, "--global", "--prefix", prefix);

  provide("tarball", tarball);
  provide("project", project);
  provide("prefix", prefix);
  provide("printed", printed);
  return () => rmSync(scratch, { recursive: true });
}

/**
 * Packs the package, and installs the tarball in a project where no file of this checkout is.
 * @param scratch a directory for both
 * @throws Error with what npm printed, where it fails
 */
export async function installPackage(scratch: string): Promise<InstalledPackage> {
  await npm(PROJECT_ROOT, "pack", "--pack-destination", scratch);
  const { name, version } = JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8"));
  const tarball = join(scratch, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  const project = join(scratch, "project");
  mkdirSync(project);
  cpSync(join(import.meta.dirname, "app.ts"), join(project, "app.ts"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module", overrides: lockedVersions() }),
  );
  await npm(project, ...INSTALL, tarball);
  for (const peer of PEERS) {
    mkdirSync(join(project, "node_modules", peer, ".."), { recursive: true });
    symlinkSync(join(PROJECT_ROOT, "node_modules", peer), join(project, "node_modules", peer));
  }
  return { tarball, project };
}

async function npm(cwd: string, ...words: readonly string[]): Promise<string> {
  const { exit, output } = await runProgram("npm", words, { cwd });
  if (exit !== 0) throw new Error(`npm ${words.join(" ")} ended with ${exit}:\n${output}`);
  return output;
}

/** The versions that `npm ci` installed, so that npm finds every tarball in its cache. */
function lockedVersions(): Readonly<Record<string, string>> {
  const { packages }: { packages: Record<string, { version: string; dev?: true; peer?: true }> } = JSON.parse(
    readFileSync(join(PROJECT_ROOT, "package-lock.json"), "utf8"),
  );
  const installed = Object.entries(packages).filter(([path, { dev, peer }]) => path !== "" && !dev && !peer);
  return Object.fromEntries(installed.map(([path, { version }]) => [path.replace("node_modules/", ""), version]));
}
