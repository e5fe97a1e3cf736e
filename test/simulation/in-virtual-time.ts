import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";
// The very module that the escrow imports when it is needed: loaded beforehand, since loading takes real time.
import { SSMClient } from "../../lambda/adapters/ssm-client.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

/** One signal for each length of attempt, since none of them is ever raised: requests are given up by the simulation. */
const signals = new Map<number, AbortSignal>();
const timeouts = new WeakMap<AbortSignal, number>();

/** After how many milliseconds the adapters give one attempt up. */
export function attemptMs(signal: AbortSignal | undefined): number {
  return (signal && timeouts.get(signal)) ?? Number.POSITIVE_INFINITY;
}

/**
 * Runs the real adapters with their time and randomness taken from a simulation: what they wait for, how long an attempt
 * may take, the jitter, and the one client that they make themselves. Everything is given back afterwards. No two at once.
 */
export async function inVirtualTime<Result>(
  time: VirtualTime,
  random: Random,
  sendToParameterStore: SSMClient["send"],
  act: () => Promise<Result>,
): Promise<Result> {
  const restore = [
    replace(performance, "now", () => time.nowMs),
    replace(Math, "random", random.next),
    replace(timers, "setTimeout", (ms: number, value: unknown) => {
      return new Promise((resolve) => time.after(ms, "a pause", () => resolve(value)));
    }),
    replace(AbortSignal, "timeout", signalFor),
    replace(SSMClient.prototype, "send", sendToParameterStore),
  ];
  syncBuiltinESMExports();
  try {
    return await act();
  } finally {
    for (const giveBack of restore) giveBack();
    syncBuiltinESMExports();
  }
}

function signalFor(ms: number): AbortSignal {
  const signal = signals.get(ms) ?? new AbortController().signal;
  signals.set(ms, signal);
  timeouts.set(signal, ms);
  return signal;
}

/** Replaces a property. @returns gives the original back */
export function replace(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(target, name, own);
    else Reflect.deleteProperty(target, name);
  };
}
