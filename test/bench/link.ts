import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A stretch of network before a port of this machine. */
export interface Link {
  readonly port: number;
  /** How many connections have been accepted. */
  readonly accepted: () => number;
  /** Every byte takes half of it from now on, in either direction, and opening a connection a whole one. In milliseconds. */
  setRoundTrip(ms: number): void;
  close(): Promise<void>;
}

/** Starts a link on 127.0.0.1. It carries bytes, so that handshakes of TLS take their round trips without its doing. */
export async function startLink(targetPort: number): Promise<Link> {
  const open = new Set<Socket>();
  let roundTripMs = 0;
  let accepted = 0;
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    accepted += 1;
    const far = connect({ port: targetPort, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    // On loopback a connection stands at once; elsewhere its opener waits a round trip before the first byte can leave.
    const standsAtMs = performance.now() + roundTripMs;
    carry(near, far, () => Math.max(performance.now(), standsAtMs) + roundTripMs / 2);
    carry(far, near, () => performance.now() + roundTripMs / 2);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    accepted: () => accepted,
    setRoundTrip(ms) {
      roundTripMs = ms;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Hands on what one socket reads to the other, each chunk when it is due and in order. */
function carry(from: Socket, to: Socket, dueAtMs: () => number): void {
  const underway: { readonly atMs: number; readonly deliver: () => void }[] = [];
  let isWaiting = false;

  function pump(): void {
    isWaiting = false;
    for (let next = underway[0]; next !== undefined; next = underway[0]) {
      const leftMs = next.atMs - performance.now();
      if (leftMs > 0) {
        isWaiting = true;
        wake(pump, leftMs);
        return;
      }
      underway.shift();
      next.deliver();
    }
  }

  function enqueue(deliver: () => void): void {
    underway.push({ atMs: dueAtMs(), deliver });
    if (!isWaiting) pump();
  }

  from.on("data", (chunk: Buffer) => enqueue(() => to.write(chunk)));
  from.on("end", () => enqueue(() => to.end()));
}

/** Timers are late by up to a millisecond, which would pass for time of the measured process: the last stretch is watched. */
const WATCHED_MS = 1.5;

function wake(act: () => void, inMs: number): void {
  if (inMs > WATCHED_MS) setTimeout(act, Math.floor(inMs - WATCHED_MS));
  else setImmediate(act);
}
