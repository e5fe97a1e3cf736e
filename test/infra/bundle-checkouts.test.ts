import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { bundleInputs } from "./bundle-inputs.ts";
import { PROJECT_ROOT } from "./synthesis.ts";

/** Everything that the build reads. Copied and not linked: esbuild follows links back to where they lead. */
const sources = [
  "lib/bundle.ts",
  "package.json",
  "tsconfig.json",
  ...Object.keys(bundleInputs().inputs).flatMap((file) => [file, ...packageFile(file)]),
];

function packageFile(file: string): readonly string[] {
  const [, folder] = /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
  return folder === undefined ? [] : [join(folder, "package.json")];
}

/** Copies the sources to another place. */
function checkOut(checkout: string): void {
  for (const file of new Set(sources)) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    cpSync(join(PROJECT_ROOT, file), join(checkout, file));
  }
  symlinkSync(join(PROJECT_ROOT, "node_modules/esbuild"), join(checkout, "node_modules/esbuild"));
}

/** What a checkout's own build writes: each file's name, with the digest of its bytes. */
async function build(checkout: string, output: string) {
  const { buildBundle } = await import(/* @vite-ignore */ join(checkout, "lib/bundle.ts"));
  buildBundle(output);
  const files = readdirSync(output).map((name) => ({ name, bytes: readFileSync(join(output, name)) }));
  return {
    digests: files.map(({ name, bytes }) => `${name} ${createHash("sha256").update(bytes).digest("hex")}`),
    tellingWhere: files.filter(({ bytes }) => bytes.includes(checkout)).map(({ name }) => name),
  };
}

it("builds the same bytes from two checkouts, and none that tell where they are", async () => {
  // given
  const directory = mkdtempSync(join(tmpdir(), "checkouts-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const elsewhere = join(directory, "some", "where", "else");
  checkOut(elsewhere);

  // when
  const here = await build(PROJECT_ROOT, join(directory, "output-here"));
  const there = await build(elsewhere, join(directory, "output-there"));

  // then
  expect(here.digests.map((digest) => digest.split(" ")[0])).toContain("index.mjs");
  expect(there.digests).toEqual(here.digests);
  expect([here.tellingWhere, there.tellingWhere]).toEqual([[], []]);
});
