import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { buildBundle } from "../lib/bundle.ts";

// Builds dist/, what the package ships: the construct and the command line, compiled, and the function's bundle, which the construct finds
// beside them. What an earlier build left would be shipped too.
rmSync("dist", { recursive: true, force: true });
execFileSync("tsc", ["--project", "tsconfig.build.json"], { stdio: "inherit" });
// In a checkout npx runs the file as it stands here. npm makes it executable in an installation alone.
chmodSync("dist/bin/xt-token.js", 0o755);
buildBundle("dist/function");
