import type { EventEmitter } from "node:events";
import type { Io } from "./command.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Keeps signals from ending the process while it may hold the only copy of a pair; the person is told. The work must end by itself.
 *
 * @param signals where they are heard, `process` but for tests
 */
export async function whileAtStake<T>(signals: EventEmitter, io: Io, work: Promise<T>): Promise<T> {
  const hold = () => io.complain("a pair may be on its way and must be kept, this ends by itself within two minutes");
  for (const signal of SIGNALS) signals.on(signal, hold);
  try {
    return await work;
  } finally {
    for (const signal of SIGNALS) signals.off(signal, hold);
  }
}
