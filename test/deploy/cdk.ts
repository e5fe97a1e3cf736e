import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { PROJECT_ROOT } from "../infra/synthesis.ts";
import { type ProgramRun, runProgram } from "./run-program.ts";

const CLI = join(PROJECT_ROOT, "node_modules", "aws-cdk", "bin", "cdk");

/** The CDK CLI of this project, as a person types it. */
export interface Cdk {
  /** Synthesizes into a directory of its own: what ran without bundling must not be deployed. @returns the directory */
  synth(name: string, words: readonly string[]): Promise<string>;
  /** @throws Error with what it printed, where it fails */
  run(...words: readonly string[]): Promise<ProgramRun>;
  /** Says with its exit code whether an assembly differs from what is deployed. */
  diff(assembly: string): Promise<ProgramRun>;
}

/** @param scratch a directory for whatever the CLI writes */
export async function createCdk(
  environment: Readonly<Record<string, string | undefined>>,
  scratch: string,
): Promise<Cdk> {
  const env = {
    ...environment,
    CDK_HOME: join(scratch, "cdk"),
    CDK_DISABLE_VERSION_CHECK: "1",
    CDK_DISABLE_CLI_TELEMETRY: "true",
  };
  const elsewhere = join(scratch, "elsewhere");
  await mkdir(elsewhere);

  const cli = (cwd: string, words: readonly string[]) =>
    runProgram(process.execPath, [CLI, ...words, "--no-notices", "--no-color"], { cwd, env });

  function checked(words: readonly string[], run: ProgramRun): ProgramRun {
    if (run.exit === 0) return run;
    throw new Error(`cdk ${words.join(" ")} ended with ${run.exit}:\n${run.output}`);
  }

  return {
    async synth(name, words) {
      const output = join(scratch, name);
      const all = ["synth", "--quiet", "--output", output, ...words];
      checked(all, await cli(PROJECT_ROOT, all));
      return output;
    },
    // Outside the project, or every command would begin with a synthesis.
    run: async (...words) => checked(words, await cli(elsewhere, words)),
    // From the template alone: moto cannot make the change set that the CLI would look into.
    diff: (assembly) => cli(elsewhere, ["diff", "--app", assembly, "--method=template", "--fail"]),
  };
}
