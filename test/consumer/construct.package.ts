import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, inject, it, onTestFinished } from "vitest";
import { buildBundle } from "../../lib/bundle.ts";
import { runProgram } from "../deploy/run-program.ts";
import { PROJECT_ROOT } from "../infra/synthesis.ts";

const project = inject("project");
const TSC = join(PROJECT_ROOT, "node_modules", "typescript", "bin", "tsc");

function templateOf(output: string, stack: string): string {
  return readFileSync(join(project, output, `${stack}.template.json`), "utf8");
}

/** Each file's bytes by its name. */
function filesIn(directory: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), "base64")]),
  );
}

const strict = ["--module", "nodenext", "--target", "es2023", "--strict", "--types", "node"];
let compiled: Awaited<ReturnType<typeof runProgram>>;
let synthesized: Awaited<ReturnType<typeof runProgram>>;

beforeAll(async () => {
  compiled = await runProgram(process.execPath, [TSC, ...strict, "app.ts"], { cwd: project });
  synthesized = await runProgram(process.execPath, ["app.js"], {
    cwd: project,
    env: { PATH: process.env["PATH"], CDK_OUTDIR: join(project, "assembly") },
  });
});

it("has declarations that the strictest compiler takes", () => {
  expect(compiled).toEqual({ exit: 0, output: "" });
});

it("synthesizes in an app of somebody's own", () => {
  // given an app that knows the package alone
  // when
  const types = [...templateOf("assembly", "Own").matchAll(/"Type": "(AWS::[\w:]+)"/g)].map(([, type]) => type);

  // then
  expect(synthesized).toEqual({ exit: 0, output: "" });
  expect(types.filter((type) => type === "AWS::SecretsManager::Secret")).toHaveLength(3);
  // The tick and the census.
  expect(types.filter((type) => type === "AWS::Scheduler::Schedule")).toHaveLength(2);
  // The six of the monitoring, and the app's own.
  expect(types.filter((type) => type === "AWS::CloudWatch::Alarm")).toHaveLength(7);
});

it("deploys the bytes that the sources build", () => {
  // given
  const fresh = mkdtempSync(join(tmpdir(), "bundle-"));
  onTestFinished(() => rmSync(fresh, { recursive: true }));
  buildBundle(fresh);

  // when
  const assets = readdirSync(join(project, "assembly")).filter((name) => name.startsWith("asset."));
  const [deployed = ""] = assets;

  // then
  expect(assets).toHaveLength(1);
  expect(filesIn(join(project, "assembly", deployed))).toEqual(filesIn(fresh));
  expect(Object.keys(filesIn(fresh))).toContain("index.mjs");
});

it("can be required by an app in CommonJS", async () => {
  // given
  writeFileSync(
    join(project, "app.cjs"),
    'const { App } = require("aws-cdk-lib");\n' +
      'const { XtTokenRotationStack } = require("xt-token-rotation");\n' +
      'const app = new App();\nnew XtTokenRotationStack(app, "Required");\napp.synth();\n',
  );

  // when
  const run = await runProgram(process.execPath, ["--no-warnings", "app.cjs"], {
    cwd: project,
    env: { PATH: process.env["PATH"], CDK_OUTDIR: join(project, "required") },
  });

  // then
  expect(run).toEqual({ exit: 0, output: "" });
  expect(templateOf("required", "Required")).toContain("AWS::Scheduler::Schedule");
});
