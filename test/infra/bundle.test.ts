import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { buildBundle } from "../../lib/bundle.ts";
import { bundleInputs, filesInBundle, packageOf } from "./bundle-inputs.ts";

const directory = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(directory, { recursive: true }));
buildBundle(directory);

interface BundledFile {
  readonly text: string;
  readonly imports: readonly string[];
  readonly lazyImports: readonly string[];
}

function read(file: string): BundledFile {
  const text = readFileSync(join(directory, file), "utf8");
  const specifiers = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, specifier = ""]) => specifier);
  return {
    text,
    imports: specifiers(/\b(?:from|import)\s*"([^"]+)"/g),
    lazyImports: specifiers(/\bimport\("([^"]+)"\)/g),
  };
}

function nameOf(specifier: string): string {
  return specifier.replace("./", "");
}

/** What a start loads: the main file and whatever it imports other than lazily. */
function loadedAtStart(file = "index.mjs", seen = new Set<string>()): ReadonlySet<string> {
  seen.add(file);
  for (const specifier of read(file).imports) {
    const next = nameOf(specifier);
    if (specifier.startsWith("./") && !seen.has(next)) loadedAtStart(next, seen);
  }
  return seen;
}

const files = readdirSync(directory);
const bundle = [...loadedAtStart()].map((file) => read(file).text).join("\n");

it("loads the escrow's client lazily, from a file of its own", () => {
  // given a built bundle
  // when
  const holding = files.filter((file) => read(file).text.includes("AmazonSSM"));

  // then
  expect(holding).toHaveLength(1);
  expect([...loadedAtStart()]).not.toContain(holding[0]);
  expect(read("index.mjs").lazyImports).toContain(`./${holding[0]}`);
});

it("keeps everything but the escrow's client within 215,000 bytes, 72,000 when each file is packed", () => {
  // given a built bundle
  // when
  const contents = files
    .filter((file) => !read(file).text.includes("AmazonSSM"))
    .map((file) => readFileSync(join(directory, file)));
  const bytes = contents.reduce((sum, { length }) => sum + length, 0);
  const packed = contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);

  // then
  expect(bytes).toBeLessThanOrEqual(215_000);
  expect(packed).toBeLessThanOrEqual(72_000);
});

it("ships nothing that no run can load", () => {
  // given a built bundle
  // when
  const reached = new Set([...loadedAtStart()].flatMap((file) => [file, ...read(file).lazyImports.map(nameOf)]));
  const [unreached, loadedLazily] = [
    files.filter((file) => !reached.has(file)),
    files.filter((file) => !loadedAtStart().has(file)),
  ];

  // then
  expect(unreached).toEqual([]);
  // What the SDK imports for uses that the function has none of is a file without a byte.
  expect(loadedLazily.map((file) => read(file).text.slice(0, 6)).sort()).toEqual(["", "import", "import", "import"]);
});

it("exports the handler", async () => {
  // given
  const url = pathToFileURL(join(directory, "index.mjs")).href;

  // when
  const loaded = await import(/* @vite-ignore */ url);

  // then
  expect(typeof loaded.handler).toBe("function");
});

it("leaves the SDK's own credential chain out", () => {
  // given a built bundle
  // when
  const chain = ["fromInstanceMetadata", "AWS_CONTAINER_CREDENTIALS", "credential_process", "sso_session"];
  const traces = chain.filter((trace) => bundle.includes(trace));

  // then
  expect(traces).toEqual([]);
});

it("holds no package that provides credentials, since the environment does", () => {
  // given
  const packages = filesInBundle(bundleInputs()).map(packageOf);

  // when
  const providers = packages.filter((name) => name?.includes("credential") || name === "@aws-sdk/nested-clients");

  // then
  expect(packages).toContain("@aws-sdk/client-secrets-manager");
  expect(providers).toEqual([]);
});

it("needs no package beside it", () => {
  // given a built bundle
  // when
  const imported = files.flatMap((file) => [...read(file).imports, ...read(file).lazyImports]);

  // then
  expect(imported).toContain("node:https");
  // The SDK names it in the text of an error.
  const named = "@aws-sdk/signature-v4-crt";
  expect(imported.filter((specifier) => !/^node:|^\.\//.test(specifier) && specifier !== named)).toEqual([]);
});
