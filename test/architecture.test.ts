import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

interface SourceFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

interface ImportStatement {
  readonly kind: "value" | "type" | "dynamic";
  readonly specifier: string;
}

function filesIn(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .sort()
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(ROOT, folder, name), "utf8") }));
}

const IMPORT =
  /^[ \t]*(?:import|export)\s+(?<type>type\s)?(?:[^"';]*?\bfrom\s*)?"(?<fixed>[^"]+)"|\bimport\(\s*"(?<dynamic>[^"]+)"/gm;

/** What a file imports. An `import { type A }` counts as a value: the module is loaded all the same. */
function importsOf(text: string): readonly ImportStatement[] {
  return Array.from(text.matchAll(IMPORT), ({ groups = {} }) => {
    const { type, fixed, dynamic } = groups;
    if (dynamic !== undefined) return { kind: "dynamic", specifier: dynamic };
    return { kind: type === undefined ? "value" : "type", specifier: fixed ?? "" };
  });
}

/** The imports of a folder's files that a rule does not allow, each as `file: specifier`. Paths count from the root. */
function strayImports(folder: string, isAllowed: (target: string, kind: ImportStatement["kind"]) => boolean): string[] {
  return filesIn(folder).flatMap(({ path, text }) =>
    importsOf(text)
      .filter(({ kind, specifier }) => {
        const isRelative = specifier.startsWith(".");
        return !isAllowed(isRelative ? posix.join(posix.dirname(path), specifier) : specifier, kind);
      })
      .map(({ specifier }) => `${path}: ${specifier}`),
  );
}

function filesThatMention(folder: string, pattern: RegExp): string[] {
  return filesIn(folder)
    .filter(({ text }) => pattern.test(text))
    .map(({ path }) => path);
}

it("sees every way to import", () => {
  const source = [
    'import "a";',
    'import b, { type B } from "./b.ts";',
    "import {",
    "  c,",
    '} from "node:c";',
    'import type { D } from "d";',
    'export * from "e";',
    'export type { F } from "f";',
    'const g = await import("g");',
    'export const h = "h";',
  ].join("\n");

  expect(importsOf(source).map(({ kind, specifier }) => `${kind} ${specifier}`)).toEqual([
    "value a",
    "value ./b.ts",
    "value node:c",
    "type d",
    "value e",
    "type f",
    "dynamic g",
  ]);
});

it.each(["lambda", "lib"])("imports in %s by name alone, which these tests can see", (folder) => {
  expect(filesThatMention(folder, /\bimport\((?!\s*")|\brequire\(|\bcreateRequire\b/)).toEqual([]);
});

it("lets the core import nothing but itself and the contract", () => {
  const isAllowed = (target: string) => /^lambda\/rotation\/[\w-]+\.ts$|^lambda\/contract\.ts$/.test(target);

  expect(strayImports("lambda/rotation", isAllowed)).toEqual([]);
});

it("gives the core no clock and no randomness of its own", () => {
  const pattern = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\b|\bglobalThis\b/;

  expect(filesThatMention("lambda/rotation", pattern)).toEqual([]);
});

it("lets the contract import nothing", () => {
  expect(importsOf(readFileSync(join(ROOT, "lambda/contract.ts"), "utf8"))).toEqual([]);
});

it("lets the constructs import the CDK, the bundler, themselves and the contract alone", () => {
  const packages = /^aws-cdk-lib(\/[\w-]+)*$|^constructs$|^(esbuild|valibot)$|^node:(path|url)$/;
  const files = /^lib\/[\w/-]+\.ts$|^lambda\/contract\.ts$/;

  expect(strayImports("lib", (target) => packages.test(target) || files.test(target))).toEqual([]);
});

it("reads the environment in the handler and in what stands in for the SDK's own readers of it", () => {
  expect(
    filesThatMention("lambda", /\bprocess\s*\.\s*env\b|\bprocess\[|\bimport .*\benv\b.* from "node:process"/),
  ).toEqual(["lambda/adapters/environment-credentials.ts", "lambda/handler.ts"]);
});

it("never calls fetch, which sends again by itself", () => {
  expect(filesThatMention("lambda", /\bfetch\(/)).toEqual([]);
});

it("loads node:http only where it is needed, since it brings the whole of fetch along", () => {
  expect(strayImports("lambda", (target, kind) => kind !== "value" || !/^(node:)?http$/.test(target))).toEqual([]);
});

it("reveals secrets in the adapters, and in the core where documents are read and written", () => {
  const inTheOpen = filesThatMention("lambda", /\breveal\b(?!\(\): string)/).filter(
    (path) => !path.startsWith("lambda/adapters/"),
  );

  expect(inTheOpen).toEqual([
    "lambda/rotation/attempt-record.ts",
    "lambda/rotation/client-credentials.ts",
    "lambda/rotation/expiry.ts",
    "lambda/rotation/pair-document.ts",
    "lambda/rotation/sensitive.ts",
    "lambda/rotation/token-answer.ts",
  ]);
});

it("keeps every file of the function within 250 lines", () => {
  const long = filesIn("lambda").filter(({ text }) => text.trimEnd().split("\n").length > 250);

  expect(long.map(({ path }) => path)).toEqual([]);
});
