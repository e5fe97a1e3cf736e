import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Folders whose imports run one way. */
const WITHOUT_CYCLES = ["lambda", "lib", "bin", "sandbox"];

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

it("imports by name alone, which these tests can see, but for the bundler, which the package does not bring along", () => {
  const pattern = /\bimport\((?!\s*")|\brequire\(|\bcreateRequire\b(?!\(import\.meta\.url\)\("esbuild"\)| \} from)/;

  expect(["lambda", "lib"].flatMap((folder) => filesThatMention(folder, pattern))).toEqual([]);
});

it("lets the core import nothing but itself and the contract", () => {
  const isAllowed = (target: string) =>
    /^lambda\/rotation\/[\w-]+\.ts$|^lambda\/(contract|inspection|connections)\.ts$/.test(target);

  expect(strayImports("lambda/rotation", isAllowed)).toEqual([]);
});

/** The ways round in a graph, each as its nodes from the first by name back to itself. */
function cyclesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const cycles = new Set<string>();
  const done = new Set<string>();
  function walk(node: string, path: readonly string[]): void {
    if (path.includes(node)) cycles.add([...path.slice(path.indexOf(node)), node].join(" > "));
    if (path.includes(node) || done.has(node)) return;
    for (const next of graph.get(node) ?? []) walk(next, [...path, node]);
    done.add(node);
  }
  for (const node of [...graph.keys()].sort()) walk(node, []);
  return [...cycles];
}

type Edge = readonly [from: string, to: string];

function graphOf(edges: readonly Edge[]): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  return graph;
}

/** Which file imports which in a folder. Types count too: who reads one file must know the other. */
function fileEdges(folder: string): readonly Edge[] {
  return filesIn(folder).flatMap(({ path, text }) =>
    importsOf(text)
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ specifier }): Edge => [path, posix.join(posix.dirname(path), specifier)]),
  );
}

/** The same between the folders directly in it; its own files and those outside count each for themselves. */
function folderEdges(folder: string): readonly Edge[] {
  const place = (path: string) => path.match(`^${folder}/[^/]+(?=/)`)?.[0] ?? path;
  return fileEdges(folder)
    .map(([from, to]): Edge => [place(from), place(to)])
    .filter(([from, to]) => from !== to);
}

it("sees a cycle, however long, and none where imports run one way", () => {
  const graph = (...edges: readonly Edge[]) => cyclesIn(graphOf(edges));

  expect(graph(["a", "b"], ["b", "c"], ["a", "c"])).toEqual([]);
  expect(graph(["a", "b"], ["b", "a"])).toEqual(["a > b > a"]);
  expect(graph(["x", "a"], ["a", "b"], ["b", "c"], ["c", "a"])).toEqual(["a > b > c > a"]);
  expect(graph(["a", "a"])).toEqual(["a > a"]);
});

it.each(WITHOUT_CYCLES)("lets imports in %s run one way, between files and between folders, types too", (folder) => {
  expect(cyclesIn(graphOf(fileEdges(folder)))).toEqual([]);
  expect(cyclesIn(graphOf(folderEdges(folder)))).toEqual([]);
});

it("gives the core no clock and no randomness of its own", () => {
  const pattern = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\b|\bglobalThis\b/;

  expect(filesThatMention("lambda/rotation", pattern)).toEqual([]);
});

it("lets the contract import nothing", () => {
  expect(importsOf(readFileSync(join(ROOT, "lambda/contract.ts"), "utf8"))).toEqual([]);
});

it("lets the constructs import the CDK, the bundler, themselves and the contract alone", () => {
  const packages = /^aws-cdk-lib(\/[\w-]+)*$|^constructs$|^(esbuild|valibot)$|^node:(fs|module|path)$/;
  const files = /^lib\/[\w/-]+\.ts$|^lambda\/(contract|inspection|connections)\.ts$/;

  expect(strayImports("lib", (target) => packages.test(target) || files.test(target))).toEqual([]);
});

it("reads the environment in the handler and in what stands in for the SDK's own readers of it", () => {
  expect(
    filesThatMention("lambda", /\bprocess\s*\.\s*env\b|\bprocess\[|\bimport .*\benv\b.* from "node:process"/),
  ).toEqual([
    "lambda/adapters/environment-credentials.ts",
    "lambda/adapters/environment-settings.ts",
    "lambda/handler.ts",
  ]);
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
    "lambda/rotation/authorize.ts",
    "lambda/rotation/client-credentials.ts",
    "lambda/rotation/examine.ts",
    "lambda/rotation/expiry.ts",
    "lambda/rotation/inspect.ts",
    "lambda/rotation/pair-document.ts",
    "lambda/rotation/publish.ts",
    "lambda/rotation/sensitive.ts",
    "lambda/rotation/token-answer.ts",
  ]);
});

it("keeps every file of the function within 250 lines", () => {
  const long = filesIn("lambda").filter(({ text }) => text.trimEnd().split("\n").length > 250);

  expect(long.map(({ path }) => path)).toEqual([]);
});
