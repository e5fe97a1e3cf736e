import { type Outcome, type ServingProcess, startServing } from "./serving-process.ts";

/** One invocation of the built bundle. */
export interface Invocation {
  /** Path of the bundle. */
  readonly bundle: string;
  readonly event: unknown;
  /** All that the run finds in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** The time that the process believes it is when it starts, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** What the platform gives the run, in milliseconds. @default two minutes, as deployed */
  readonly remainingMs?: number;
  /** Receives the way to kill the process as soon as there is one. */
  readonly onStart?: (kill: () => void) => void;
}

/** How an invocation ended, with everything that it printed. */
export type Ending = Outcome & { readonly output: string };

const DEPLOYED_TIMEOUT_MS = 120_000;

/** Runs one invocation to its end in a process of its own. */
export async function runBundle(invocation: Invocation): Promise<Ending> {
  const process = startServing(invocation.bundle);
  try {
    const outcome = await runIn(process, "only", invocation);
    return { ...outcome, output: await process.takeOutput() };
  } finally {
    process.kill();
  }
}

/** Runs one invocation in a process. `instance` names the module that it meets: a new name is a cold start. */
export async function runIn(process: ServingProcess, instance: string, invocation: Invocation): Promise<Outcome> {
  const { event, requestId, environment, nowMs, remainingMs = DEPLOYED_TIMEOUT_MS, onStart } = invocation;
  onStart?.(process.kill);
  const reply = await process.ask({ invoke: { instance, event, requestId, environment, nowMs, remainingMs } });
  if (reply.kind === "nothing") throw new Error("the process answered an invocation without its end");
  return reply;
}
