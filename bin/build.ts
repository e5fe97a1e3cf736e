import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { buildSync } from "esbuild";
import { buildBundle } from "../lib/bundle.ts";
import { COMMAND_LINE_OPTIONS } from "./command-line-bundle.ts";

// Builds dist/, what the package ships: the construct, compiled, the function's bundle, which the construct finds beside it, and the command
// line. What an earlier build left would be shipped too.
rmSync("dist", { recursive: true, force: true });
execFileSync("tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
buildBundle("dist/function");
buildSync({ ...COMMAND_LINE_OPTIONS, outdir: "dist/bin" });
// In a checkout npx runs the file as it stands here. npm makes it executable in an installation alone.
chmodSync("dist/bin/xt-token.js", 0o755);
