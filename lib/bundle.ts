import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";

const PROJECT_ROOT = join(import.meta.dirname, "..");

/** The built bundle as the published package holds it; a checkout has no such folder. */
export const PREBUILT_DIRECTORY = join(PROJECT_ROOT, "function");

/** The function's sources: what a checkout makes the bundle from. */
export const LAMBDA_DIRECTORY = join(PROJECT_ROOT, "lambda");

const adapter = (name: string) => join(LAMBDA_DIRECTORY, "adapters", `${name}.ts`);

/** The bundle's main file; the handler `index.handler` names it. */
export const BUNDLE_FILE = "index.mjs";

/** What the build is told, but for where to write. */
export const BUNDLE_OPTIONS: BuildOptions = {
  absWorkingDir: PROJECT_ROOT,
  entryPoints: [join(LAMBDA_DIRECTORY, "handler.ts")],
  entryNames: "index",
  outExtension: { ".js": ".mjs" },
  // What is imported dynamically becomes a file of its own, so that a start does not read the escrow's client.
  splitting: true,
  bundle: true,
  platform: "node",
  format: "esm",
  // The runtime is Node 24; the same file also runs at a desk, where the project promises Node 20.
  target: "node20",
  // ES modules first: a third smaller, and free of the `require` that an ES module does not have.
  mainFields: ["module", "main"],
  // What is left out of the SDK, by its share of the processor time of a start, paired on Node 24: the credential chain 5 %, the settings
  // from files together with web streams 6 %. Where the SDK renames an export the build fails; where it needs another one at run
  // time, the tests of the bundle fail.
  alias: {
    "@aws-sdk/credential-provider-node": adapter("environment-credentials"),
    "@smithy/core/config": adapter("environment-settings"),
  },
  // Asking Node for the class loads the whole of web streams; no body is one.
  define: { ReadableStream: "undefined" },
  // The SDK names it in code for browsers, which the build drops: esbuild would write 34 KB that nothing loads.
  external: ["bowser"],
  // Names of classes and functions go too, 15 KB of them: errors carry theirs as text.
  minify: true,
  legalComments: "none",
  // A map beside the bundle would be shipped with it, and reading it costs 12 ms of every cold start. `npm run explain` makes its own.
  sourcemap: false,
  logLevel: "silent",
};

/**
 * Writes the function's files, `index.mjs` and what it loads, into a directory: the only build there is, so that a run on a desk and the
 * deployed function execute the same bytes. The same sources give the same bytes wherever the project is checked out.
 * @throws Error that names file and line where the sources do not build. A warning is an error too: nobody reads a
 *   bundler's warnings inside a deployment.
 * @see https://esbuild.github.io/api/#build
 */
export function buildBundle(outputDirectory: string): void {
  // Loaded here, since the published package holds the built bundle and has no esbuild beside it.
  const { buildSync, formatMessagesSync }: typeof import("esbuild") = createRequire(import.meta.url)("esbuild");
  const { warnings } = buildSync({ ...BUNDLE_OPTIONS, outdir: resolve(outputDirectory) });
  if (warnings.length > 0) {
    throw new Error(
      `the bundle has warnings, mend them:\n${formatMessagesSync(warnings, { kind: "warning" }).join("\n")}`,
    );
  }
}
