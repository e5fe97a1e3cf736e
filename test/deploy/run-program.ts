import { execFile } from "node:child_process";

export interface ProgramOptions {
  /** @default this process's own */
  readonly cwd?: string;
  /** @default this process's own */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface ProgramRun {
  readonly exit: number;
  /** Both streams, standard output first. */
  readonly output: string;
}

/** A program of this suite that runs for longer than this is stuck. */
const TIMEOUT_MS = 300_000;

/** Runs a program to its end; one that cannot be started ends with 1 and says so. */
export function runProgram(
  program: string,
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramRun> {
  return new Promise((resolve) => {
    const child = execFile(program, words, { ...options, timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) resolve({ exit: 0, output: stdout + stderr });
      else if (typeof error.code === "number") resolve({ exit: error.code, output: stdout + stderr });
      else resolve({ exit: 1, output: `${stdout}${stderr}${error.message}` });
    });
    // Nobody is there to answer a question.
    child.stdin?.end();
  });
}
