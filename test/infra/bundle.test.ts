import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { BUNDLE_OPTIONS, buildBundle } from "../../lib/bundle.ts";
import { bundleInputs, filesInBundle, packageOf } from "./bundle-inputs.ts";
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

function nameOf(specifier: string): string {
  return specifier.replace("./", "");
}

/** What a file loads other than lazily, itself included. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  seen.add(file);
  for (const specifier of read(file).imports) {
    const next = nameOf(specifier);
    if (specifier.startsWith("./") && !seen.has(next)) loadedBy(next, seen);
  }
  return seen;
}

const files = readdirSync(directory);
const atStart = [...loadedBy("index.mjs")];
const bundle = atStart.map((file) => read(file).text).join("\n");

it.each(["answer-person", "answer-fleet", "ssm-client"])("loads %s lazily, from a file of its own", (name) => {
  // given a built bundle
  // when
  const files = [...new Set(read("index.mjs").lazyImports)].filter((specifier) => specifier.startsWith(`./${name}-`));

  // then
  expect(files).toHaveLength(1);
  expect(atStart).not.toContain(nameOf(files[0] ?? ""));
});

it("keeps what a start loads within 255,000 bytes, 90,000 when each file is packed", () => {
  // given a built bundle
  // when
  const contents = atStart.map((file) => readFileSync(join(directory, file)));
  const bytes = contents.reduce((sum, { length }) => sum + length, 0);
  const packed = contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0);

  // then
  expect(bytes).toBeLessThanOrEqual(255_000);
  expect(packed).toBeLessThanOrEqual(90_000);
});

it("ships nothing that no run can load", () => {
  // given
  const reached = new Set<string>();
  const pending = ["index.mjs"];

  // when
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    const { imports, lazyImports } = read(file);
    pending.push(...[...imports, ...lazyImports].filter((specifier) => specifier.startsWith("./")).map(nameOf));
  }

  // then
  expect(files.filter((file) => !reached.has(file))).toEqual([]);
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

it("replaces every part of the SDK that it means to replace", () => {
  // given
  const replacements = Object.values(BUNDLE_OPTIONS.alias ?? {}).map((file) => relative(PROJECT_ROOT, file));

  // when
  const { inputs } = bundleInputs();

  // then
  expect(replacements).toContain("lambda/adapters/environment-credentials.ts");
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(replacements));
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
