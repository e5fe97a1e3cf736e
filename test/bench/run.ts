import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Implementation } from "./implementations.ts";
import { CERTIFICATE_FILE, type Scene } from "./stand-ins.ts";
import type { Question } from "./stand-ins-process.ts";
import type { Traffic } from "./traffic.ts";

/** One process of one implementation, from its start to the last of its invocations. */
export interface Run {
  /** From before the process existed to the moment when the handler was loaded, and when its first invocation had ended. */
  readonly ready: Cost;
  readonly first: Cost;
  /** Most memory that was resident until the first invocation had ended. */
  readonly peakMiB: number;
  /** Each invocation after the first. */
  readonly warm: readonly Cost[];
  /** Bytes on standard output, by all invocations. */
  readonly printed: number;
  /** What the process had loaded of Node itself, as `process.moduleLoadList` names it; empty for Python. */
  readonly modules: readonly string[];
}

/** A run, and what it looked like from the other side. */
export interface ObservedRun extends Run {
  readonly traffic: Traffic;
}

/** Wall time, and processor time of all threads in user and system mode. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The stand-ins in a process of their own, so that what they take is nobody's. */
export interface StandInsProcess {
  run(implementation: Implementation, scene: Scene, invocations: number): Promise<ObservedRun>;
  close(): void;
}

export async function startStandInsProcess(): Promise<StandInsProcess> {
  const child = fork(join(import.meta.dirname, "stand-ins-process.ts"), { execArgv: ["--import", "tsx"] });
  await once(child, "message");
  return {
    async run(implementation, scene, invocations) {
      const environment = await ask<Readonly<Record<string, string>>>(child, { kind: "prepare", scene });
      const run = await runProcess(implementation, environment, invocations, scene);
      return { ...run, traffic: await ask<Traffic>(child, { kind: "traffic" }) };
    },
    close: () => child.disconnect(),
  };
}

async function ask<Answer>(child: ChildProcess, question: Question): Promise<Answer> {
  const answered = once(child, "message");
  child.send(question);
  const [answer] = await answered;
  return answer;
}

/** The life of an access token, after which the next rotation is due. */
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What `run-handler` tells, with the moment when it was told. */
interface Told {
  readonly moment: "ready" | "first" | "end";
  readonly atMs: number;
  readonly cpuMs: number;
  readonly peakMiB?: number;
  readonly warm?: readonly Cost[];
  readonly modules?: readonly string[];
}

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
 * Runs one process against stand-ins that were prepared for it.
 * @throws Error with what it wrote to standard error, where it does not come to its end
 */
export async function runProcess(
  { name, command: [program, ...parameters] }: Pick<Implementation, "name" | "command">,
  environment: Readonly<Record<string, string>>,
  invocations: number,
  { pair }: Pick<Scene, "pair">,
): Promise<Run> {
  const leapMs = pair === "due" ? DAY_MS : 0;
  const told: Told[] = [];
  let printed = 0;
  let complaint = "";
  const beganMs = performance.now();
  const child = spawn(program, [...parameters, String(invocations), String(leapMs)], {
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
    told.push({ atMs: performance.now() - beganMs, ...JSON.parse(line) });
  });
  await once(child, "close");
  const [ready, first, end] = told;
  if (ready === undefined || first === undefined || end?.peakMiB === undefined) {
    throw new Error(`${name} did not come to its end: ${complaint}`);
  }
  return {
    ready: { wallMs: ready.atMs, cpuMs: ready.cpuMs },
    first: { wallMs: first.atMs, cpuMs: first.cpuMs },
    peakMiB: end.peakMiB,
    warm: end.warm ?? [],
    printed,
    modules: end.modules ?? [],
  };
}
