import type { BuildOptions } from "esbuild";

/**
 * How the package's command line is built: with the parts of the SDK that it uses, so that an operator's machine needs no other package
 * and starts in half the time. A service's client is a file of its own, which is loaded by the commands that call it.
 */
export const COMMAND_LINE_OPTIONS: BuildOptions = {
  entryPoints: ["bin/xt-token.ts"],
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  mainFields: ["module", "main"],
  // Names of classes stay: an unforeseen error is told by its class.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  logLevel: "warning",
};
