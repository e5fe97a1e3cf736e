import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { runProgram } from "../deploy/run-program.ts";
import { PROJECT_ROOT } from "../infra/synthesis.ts";

const MANIFEST = JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8"));
const shipped = join(inject("project"), "node_modules", MANIFEST.name);
const files = readdirSync(shipped, { recursive: true, encoding: "utf8" });

/** The package of each module that the shipped code imports, at once or lazily. The function's bundle is whole by itself. */
function importedPackages(): readonly string[] {
  const code = files.filter((file) => file.endsWith(".js"));
  const specifiers = code.flatMap((file) => {
    const text = readFileSync(join(shipped, file), "utf8");
    return [...text.matchAll(/^(?:import|export)\b[^"=;]*\bfrom\s*"([^".][^"]*)"|\bimport\("([^".][^"]*)"\)/gm)].map(
      ([, fixed, lazy]) => fixed ?? lazy ?? "",
    );
  });
  const packages = specifiers.map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? "");
  return [...new Set(packages.filter((name) => !name.startsWith("node:")))].sort();
}

it("depends on what its code imports, and on nothing else", () => {
  // given
  const { dependencies, peerDependencies } = MANIFEST;

  // when
  const imported = importedPackages();

  // then
  expect(imported).toContain("aws-cdk-lib");
  expect(imported).toEqual([...Object.keys(dependencies), ...Object.keys(peerDependencies)].sort());
});

it("ships code, declarations, the function and what people read, and no source, test or map", () => {
  // given the installed package
  // when
  const [folders, suffixes] = [
    new Set(files.filter((file) => file.includes("/")).map((file) => /^(dist\/\w+|\w+)/.exec(file)?.[0])),
    new Set(files.filter((file) => /\.\w+$/.test(file)).map((file) => /(\.d)?\.\w+$/.exec(file)?.[0])),
  ];

  // then
  expect([...folders].sort()).toEqual(["dist/bin", "dist/function", "dist/lambda", "dist/lib", "docs"]);
  expect([...suffixes].sort()).toEqual([".d.ts", ".js", ".json", ".md", ".mjs", ".svg"]);
  expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "CHANGELOG.md", "docs/runbook.md"]));
});

it("holds no path of the machine that built it", () => {
  // given the installed package
  // when
  const telling = files
    .filter((file) => /\.\w+$/.test(file))
    .filter((file) => readFileSync(join(shipped, file), "utf8").includes(PROJECT_ROOT));

  // then
  expect(telling).toEqual([]);
});

it.each([
  ["publint", ["publint", "run", "--strict"]],
  ["attw", ["@arethetypeswrong/cli", "--profile", "esm-only", "--quiet"]],
])("is published as %s wants it", async (program, [_, ...words]) => {
  // given
  const bin = join(PROJECT_ROOT, "node_modules", ".bin", program);

  // when
  const run = await runProgram(bin, [...words, inject("tarball")]);

  // then
  expect(run).toMatchObject({ exit: 0 });
});

it("is named in the documents as package.json names it", () => {
  // given
  const page = readFileSync(join(PROJECT_ROOT, "docs/constructs.md"), "utf8");

  // when
  const installed = [...page.matchAll(/^npm (?:install|i) .*?([@\w/-]+)$/gm)].map(([, name]) => name);

  // then
  expect(installed.length).toBeGreaterThan(0);
  expect(new Set(installed)).toEqual(new Set([MANIFEST.name]));
});
