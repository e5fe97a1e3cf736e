import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COMMAND_LINE_OPTIONS } from "../../bin/command-line-bundle.ts";
import { bundleInputs, filesInBundle, packageOf } from "./bundle-inputs.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

/** A package of which something is in the bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As SPDX names it. */
  readonly licence: string;
  /** Its licence's text; absent where the package ships none. */
  readonly text: string | undefined;
}

/** Every package of the function's bundle and of the command line, the lazily loaded files' too, by name. */
export function bundledPackages(): readonly BundledPackage[] {
  const files = [bundleInputs(), bundleInputs(COMMAND_LINE_OPTIONS)].flatMap(filesInBundle);
  const names = new Set(files.flatMap((file) => packageOf(file) ?? []));
  return [...names].sort().map((name) => {
    const folder = join(PROJECT_ROOT, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE"].map((each) => join(folder, each)).find(existsSync);
    return { name, version, licence: String(license), text: file && readFileSync(file, "utf8") };
  });
}

/** docs/third-party-licences.md, whole. */
export function renderLicences(packages: readonly BundledPackage[]): string {
  const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return `# What the function's bundle and the command line contain

The deployed bundle and the packaged command line are this project's own code (MIT, see \`LICENSE\`) and parts of the
packages below. This page is generated from what the bundler puts into them; a test fails when it is not current, and
\`npm run docs:licences\` writes it anew.

| package | version | licence |
| --- | --- | --- |
${rows.join("\n")}

MIT-0 asks for no notice. The texts of the other licences follow, each once, with the copyright lines of the packages under it.
${texts(packages).join("")}`;
}

const COPYRIGHT = /^[ \t]*(Copyright (?:\(c\) )?\d{4}.*)$/gim;

/**
 * Texts that differ in nothing but white space and copyright lines are one. Those of Apache-2.0 are one whatever they look like: some
 * come without the appendix, which tells how to apply it.
 */
function texts(packages: readonly BundledPackage[]): readonly string[] {
  const found = new Map<string, { readonly text: string; readonly licence: string; readonly holders: Set<string> }>();
  for (const { text, licence } of packages) {
    if (text === undefined) continue;
    const key = licence === "Apache-2.0" ? licence : text.replace(COPYRIGHT, "").replace(/\s+/g, " ").trim();
    const known = found.get(key);
    const holders = known?.holders ?? new Set<string>();
    for (const [, holder = ""] of text.matchAll(COPYRIGHT)) holders.add(holder.trim());
    found.set(key, { licence, holders, text: known && known.text.length > text.length ? known.text : text });
  }
  return [...found.values()].map(({ text, licence, holders }) => {
    const lines = [...holders].sort().map((holder) => `- ${holder}`);
    const body = text
      .replace(COPYRIGHT, "")
      .replace(/[ \t]+$/gm, "")
      .trim();
    return `\n## ${licence}\n\n${lines.join("\n")}\n\n\`\`\`text\n${body}\n\`\`\`\n`;
  });
}
