import { type BuildOptions, buildSync, type Metafile } from "esbuild";
import { BUNDLE_OPTIONS } from "../../lib/bundle.ts";

/**
 * The files that a bundle, the function's unless told otherwise, is made from, by their paths from the project's root. The build is told to account for itself here alone:
 * esbuild's account lies beside its output and would be shipped.
 */
export function bundleInputs(options: BuildOptions = BUNDLE_OPTIONS): Metafile {
  return buildSync({ ...options, outdir: "nowhere", write: false, metafile: true }).metafile;
}

/** Those of which something is left in the bundle, however little. */
export function filesInBundle({ outputs }: Metafile): readonly string[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  return [...new Set(files)].sort();
}

/** The package that a file belongs to, as npm names it; `undefined` for the project's own. */
export function packageOf(file: string): string | undefined {
  return /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*\/node_modules\/)/.exec(file)?.[1];
}
