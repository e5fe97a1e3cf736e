import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { CERTIFICATE_FILE, type SeededPair, type StandIns, type Traffic } from "./stand-ins.ts";

/** One process, from its start to the last of its invocations, and what it looked like from the other side. */
export interface Run {
  /** From before the process existed to the moment when the handler was loaded, and when its first invocation had ended. */
  readonly ready: Cost;
  readonly first: Cost;
  /** Most memory that was resident until the first invocation had ended. */
  readonly peakMiB: number;
  /** Bytes on standard output, by all invocations. */
  readonly printed: number;
  /** What the process had loaded of Node itself, as `process.moduleLoadList` names it; empty for Python. */
  readonly modules: readonly string[];
  readonly traffic: Traffic;
}

/** Wall time, and processor time of all threads in user and system mode. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The life of an access token, after which the next rotation is due. */
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Nothing of this process's own environment, and what Lambda sets that any of them looks at. */
const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "sandbox",
  AWS_SECRET_ACCESS_KEY: "sandbox",
  AWS_LAMBDA_FUNCTION_NAME: "xt-token-rotation",
  AWS_LAMBDA_LOG_LEVEL: "INFO",
  ESCROW_PARAMETER_PREFIX: "/xt-token-rotation/bench/",
  HOME: "/nonexistent",
  NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE,
  AWS_CA_BUNDLE: CERTIFICATE_FILE,
  SSL_CERT_FILE: CERTIFICATE_FILE,
};

/**
 * Runs one process of a handler; see `run-handler.mjs`.
 * @throws Error with what it wrote to standard error, where it does not come to its end
 */
export async function runProcess(
  standIns: StandIns,
  [program, ...parameters]: readonly [program: string, ...parameters: string[]],
  invocations: number,
  pair: SeededPair,
): Promise<Run> {
  const environment = standIns.prepare(pair);
  const told: { readonly cpuMs: number; readonly wallMs: number; readonly peakMiB: number; readonly modules: [] }[] =
    [];
  let printed = 0;
  let complaint = "";
  const beganMs = performance.now();
  const child = spawn(program, [...parameters, String(invocations), String(pair === "due" ? DAY_MS : 0)], {
    env: { ...ENVIRONMENT, ...environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  child.stdout?.on("data", (chunk: Buffer) => {
    printed += chunk.length;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  createInterface({ input: child.stdio[3] as Readable }).on("line", (line) => {
    told.push({ wallMs: performance.now() - beganMs, ...JSON.parse(line) });
  });
  await once(child, "close");
  const [ready, first, end] = told;
  if (ready === undefined || first === undefined || end === undefined) {
    throw new Error(`${parameters.at(-1)} did not come to its end: ${complaint}`);
  }
  const { peakMiB, modules } = end;
  return { ready, first, peakMiB, modules, printed, traffic: standIns.traffic() };
}
