import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "..");

interface Exit {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `npm start -- …` without npm. */
function start(...words: readonly string[]): Promise<Exit> {
  const program = ["--import", "tsx", "sandbox/start.ts", ...words];
  return new Promise((resolve) => {
    execFile(process.execPath, program, { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

it.concurrent("lists the scenarios where none is named", async () => {
  const { code, stdout, stderr } = await start("--scenario");

  expect(stdout).toContain("answer-lost-healed");
  expect(stderr).toBe("");
  expect(code).toBe(0);
});

it.concurrent("says so, and lists what there is, where the name is not known", async () => {
  const { code, stdout, stderr } = await start("--scenario", "no-such-thing");

  expect(stderr).toMatch(/^there is no scenario of that name, these are known:\nlife /);
  expect(stdout).toBe("");
  expect(code).toBe(2);
});

it.concurrent("ends with 0 where a story of a loss went as it should", async () => {
  const { code, stdout } = await start("--scenario", "answer-cut-off");

  expect(stdout).toContain("ALARM     PersonNeeded");
  expect(code).toBe(0);
});

it.concurrent("refuses two programs at once", async () => {
  const { code, stderr } = await start("--scenario", "held", "--serve");

  expect(stderr).toBe("--scenario and --serve exclude each other, see npm start -- --help\n");
  expect(code).toBe(2);
});

it.concurrent("plays the life of one connection where nothing is asked for", async () => {
  const { code, stdout } = await start();

  expect(stdout).toContain("killed    the process is gone, and what it had in memory with it");
  expect(stdout).toContain("✓ the newest refresh token that XT issued is in AWSCURRENT");
  expect(code).toBe(0);
});
