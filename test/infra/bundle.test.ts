import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, it } from "vitest";
import { buildBundle } from "../../lib/bundle.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

const directory = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(directory, { recursive: true }));
buildBundle(directory);
const bundle = readFileSync(join(directory, "index.mjs"), "utf8");

it("writes one file and nothing beside it", () => {
  // given a built bundle
  // when
  const files = readdirSync(directory);

  // then
  expect(files).toEqual(["index.mjs"]);
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
  const elsewhere = join(directory, "again");

  // when
  buildBundle(elsewhere);

  // then
  expect(readFileSync(join(elsewhere, "index.mjs"), "utf8")).toBe(bundle);
  expect(bundle).not.toContain(PROJECT_ROOT);
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
  const imported = [...bundle.matchAll(/\b(?:from|import\(?|require\()\s*"([^"]+)"/g)].map(
    ([, specifier]) => specifier,
  );

  // then
  expect(imported).not.toHaveLength(0);
  expect(imported.filter((specifier) => !specifier?.startsWith("node:"))).toEqual([]);
});
