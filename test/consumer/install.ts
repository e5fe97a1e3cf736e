import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { runProgram } from "../deploy/run-program.ts";
import { PROJECT_ROOT } from "../infra/synthesis.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The tarball that `npm publish` would send. */
    tarball: string;
    /** A project that installed it, with the app of this folder in it. */
    project: string;
    /** An npm prefix that it was installed into, as `npm install --global` does. */
    prefix: string;
    /** What npm printed about it. */
    printed: string;
  }
}

/** Given by whoever installs the package; here they are this project's own. */
const PEERS = ["aws-cdk-lib", "constructs", "@types/node"];

/** Packs the package, and installs the tarball where no file of this checkout is: in a project, and globally. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const scratch = mkdtempSync(join(tmpdir(), "consumer-"));
  const npm = async (cwd: string, ...words: readonly string[]) => {
    const { exit, output } = await runProgram("npm", words, { cwd });
    if (exit !== 0) throw new Error(`npm ${words.join(" ")} ended with ${exit}:\n${output}`);
    return output;
  };
  await npm(PROJECT_ROOT, "pack", "--pack-destination", scratch);
  const { name, version } = JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8"));
  const tarball = join(scratch, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`);
  const [project, prefix] = [join(scratch, "project"), join(scratch, "prefix")];

  mkdirSync(project);
  cpSync(join(import.meta.dirname, "app.ts"), join(project, "app.ts"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module", overrides: lockedVersions() }),
  );
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=warn", tarball];
  await npm(project, ...install);
  for (const peer of PEERS) {
    mkdirSync(join(project, "node_modules", peer, ".."), { recursive: true });
    symlinkSync(join(PROJECT_ROOT, "node_modules", peer), join(project, "node_modules", peer));
  }
  const printed = await npm(scratch, ...install, "--global", "--prefix", prefix);

  provide("tarball", tarball);
  provide("project", project);
  provide("prefix", prefix);
  provide("printed", printed);
  return () => rmSync(scratch, { recursive: true });
}

/** The versions that `npm ci` installed, so that npm finds every tarball in its cache. */
function lockedVersions(): Readonly<Record<string, string>> {
  const { packages }: { packages: Record<string, { version: string; dev?: true; peer?: true }> } = JSON.parse(
    readFileSync(join(PROJECT_ROOT, "package-lock.json"), "utf8"),
  );
  const installed = Object.entries(packages).filter(([path, { dev, peer }]) => path !== "" && !dev && !peer);
  return Object.fromEntries(installed.map(([path, { version }]) => [path.replace("node_modules/", ""), version]));
}
