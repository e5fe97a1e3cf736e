import { EventEmitter } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { whileAtStake } from "../../../bin/command-line/while-at-stake.ts";
import { startConnection } from "../fixtures/connection.ts";

it.each(["SIGINT", "SIGTERM", "SIGHUP"])("goes on when %s arrives, and says why", async (signal) => {
  const { surroundings, complaints } = await startConnection();
  const signals = new EventEmitter();

  const working = whileAtStake(signals, surroundings.io, turn("kept"));
  const isHeard = signals.emit(signal);

  expect(isHeard).toBe(true);
  expect(await working).toBe("kept");
  expect(complaints).toEqual(["a pair may be on its way and must be kept, this ends by itself within two minutes"]);
});

it("lets signals through again when the work has failed", async () => {
  const { surroundings } = await startConnection();
  const signals = new EventEmitter();

  await whileAtStake(signals, surroundings.io, Promise.reject(new Error("broke"))).catch(() => undefined);

  expect(signals.eventNames()).toEqual([]);
});
