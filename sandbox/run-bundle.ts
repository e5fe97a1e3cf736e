import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { RotationResult } from "../lambda/contract.ts";

/** One invocation of the built bundle, in a process of its own. */
export interface Invocation {
  /** Path of the bundle. */
  readonly bundle: string;
  readonly event: unknown;
  readonly environment: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** The time that the process believes it is when it starts, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** What the platform gives the run, in milliseconds. @default two minutes, as deployed */
  readonly remainingMs?: number;
  /** Handed at once to whoever means to kill the process. */
  readonly onStart?: (kill: () => void) => void;
}

type Outcome =
  | { readonly kind: "returned"; readonly result: RotationResult }
  | { readonly kind: "threw"; readonly name: string; readonly code: string; readonly message: string }
  | { readonly kind: "died" };

/** How an invocation ended, with everything that it printed. */
export type Ending = Outcome & { readonly output: string };

const INVOKE = join(import.meta.dirname, "invoke.mjs");
const DEPLOYED_TIMEOUT_MS = 120_000;

/** Runs one invocation to its end. Its environment is what is given, and nothing of this process's own. */
export async function runBundle(invocation: Invocation): Promise<Ending> {
  const { bundle, event, environment, requestId, nowMs, remainingMs = DEPLOYED_TIMEOUT_MS } = invocation;
  const child = fork(INVOKE, [bundle, JSON.stringify({ event, requestId, nowMs, remainingMs })], {
    env: environment,
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  invocation.onStart?.(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  let outcome: Outcome = { kind: "died" };
  child.on("message", (message: Outcome) => {
    outcome = message;
  });
  await once(child, "close");
  return { ...outcome, output };
}
