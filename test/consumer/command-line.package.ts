import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { VERSION } from "../../lambda/contract.ts";
import { type ProgramRun, runProgram } from "../deploy/run-program.ts";
import { PROJECT_ROOT } from "../infra/synthesis.ts";

const project = inject("project");
const prefix = inject("prefix");

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "elsewhere-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Types `npx --no xt-token` and the words; no registry can be reached. */
function type(cwd: string, words: readonly string[], globalPrefix: string): Promise<ProgramRun> {
  return runProgram("npx", ["--no", "xt-token", ...words], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      HOME: emptyDirectory(),
      npm_config_prefix: globalPrefix,
      npm_config_offline: "true",
    },
  });
}

it("answers in a project that installed the package, in its folders too, and in a checkout", async () => {
  // given
  const folder = join(project, "some", "folder");
  mkdirSync(folder, { recursive: true });

  // when
  const runs = await Promise.all([project, folder, PROJECT_ROOT].map((cwd) => type(cwd, ["help"], emptyDirectory())));

  // then
  for (const run of runs) {
    expect(run).toMatchObject({ exit: 0, output: expect.stringContaining("usage: xt-token <command>") });
  }
});

it("answers anywhere once it is installed globally", async () => {
  // given
  const anywhere = emptyDirectory();

  // when
  const [byName, byNpx] = await Promise.all([
    runProgram(join(prefix, "bin", "xt-token"), ["--version"], { cwd: anywhere }),
    type(anywhere, ["help"], prefix),
  ]);

  // then
  expect(byName).toEqual({ exit: 0, output: `${VERSION}\n` });
  expect(byNpx).toMatchObject({ exit: 0, output: expect.stringContaining("usage: xt-token <command>") });
});

it("is installed globally without a warning and without the CDK and the SDK", () => {
  // given
  const packages = join(prefix, "lib", "node_modules", "xt-token-rotation", "node_modules");

  // when
  const installed = readdirSync(packages).filter((name) => !name.startsWith("."));

  // then
  expect(inject("printed")).not.toContain("warn");
  expect(installed).toEqual(["valibot"]);
});

it("fails where the package is not installed, and runs nothing", async () => {
  // given
  const anywhere = emptyDirectory();

  // when
  const run = await type(anywhere, ["status"], emptyDirectory());

  // then
  expect(run.exit).toBe(1);
  expect(run.output).toContain("npm error");
  expect(run.output).toContain("xt-token");
});

it("needs no other package beside it", async () => {
  // given
  const alone = emptyDirectory();
  cpSync(join(project, "node_modules", "xt-token-rotation"), alone, { recursive: true });

  // when
  const runs = await Promise.all(
    [["--help"], ["--version"], ["seed", "--help"], ["nonsense"]].map((words) =>
      runProgram(process.execPath, [join(alone, "dist", "bin", "xt-token.js"), ...words]),
    ),
  );

  // then
  expect(runs.map(({ exit }) => exit)).toEqual([0, 0, 0, 2]);
});
