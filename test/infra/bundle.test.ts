import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { buildBundle } from "../../lib/bundle.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

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

/** What a start loads: the main file and whatever it imports other than lazily. */
function loadedAtStart(file = "index.mjs", seen = new Set<string>()): ReadonlySet<string> {
  seen.add(file);
  for (const specifier of read(file).imports) {
    const next = specifier.replace("./", "");
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

it("keeps what a start loads under 215 KiB, 72 KiB when it is packed", () => {
  // given a built bundle
  // when
  const packed = gzipSync(bundle, { level: 9 });

  // then
  expect(bundle.length).toBeLessThan(215 * 1024);
  expect(packed.length).toBeLessThan(72 * 1024);
});

it("exports the handler", async () => {
  // given
  const url = pathToFileURL(join(directory, "index.mjs")).href;

  // when
  const loaded = await import(/* @vite-ignore */ url);

  // then
  expect(typeof loaded.handler).toBe("function");
});

it("builds the same bytes again, and none that tell where", () => {
  // given
  const elsewhere = mkdtempSync(join(tmpdir(), "bundle-"));

  // when
  buildBundle(elsewhere);

  // then
  const again = readdirSync(elsewhere).map((file) => [file, readFileSync(join(elsewhere, file), "utf8")]);
  expect(again).toEqual(files.map((file) => [file, read(file).text]));
  expect(again.filter(([, text]) => text?.includes(PROJECT_ROOT))).toEqual([]);
  rmSync(elsewhere, { recursive: true });
});

it("leaves the SDK's own credential chain out", () => {
  // given a built bundle
  // when
  const chain = ["fromInstanceMetadata", "AWS_CONTAINER_CREDENTIALS", "credential_process", "sso_session"];
  const traces = chain.filter((trace) => bundle.includes(trace));

  // then
  expect(traces).toEqual([]);
});

it("needs no package beside it", () => {
  // given a built bundle
  // when
  const imported = files.flatMap((file) => [...read(file).imports, ...read(file).lazyImports]);

  // then
  expect(imported).toContain("node:https");
  expect(imported.filter((specifier) => !/^node:|^\.\//.test(specifier))).toEqual([]);
});
