import dns from "node:dns";
import { createServer } from "node:https";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { expect, it, onTestFinished, vi } from "vitest";
import { exchange, LOCALHOST, listen, reveal } from "./fixtures/wire-server.ts";

const ANSWERED = { kind: "answered", status: 200, body: "{}", complete: true };

/** Lets `localhost` have these addresses, and calls back when one exchange has begun to connect to them. */
function resolveTo(addresses: readonly string[], whenConnecting = (): void => {}): void {
  const found = addresses.map((address) => ({ address, family: 4 }));
  const lookup = vi.spyOn(dns, "lookup").mockImplementation(((
    _host: string,
    _options: unknown,
    callback: (error: null, addresses: readonly { readonly address: string }[]) => void,
  ) => {
    setImmediate(() => {
      callback(null, found);
      setImmediate(whenConnecting);
    });
  }) as typeof dns.lookup);
  onTestFinished(() => lookup.mockRestore());
}

/**
 * A server on 127.0.0.1 that answers no TCP handshake until it is released: its queue of connections is full and its
 * thread sleeps. Linux sends an unanswered handshake again after one second, then after two more.
 */
async function startUnresponsive(): Promise<{ readonly port: number; readonly release: () => void }> {
  const released = new Int32Array(new SharedArrayBuffer(4));
  const source = `
    const { parentPort, workerData } = require("node:worker_threads");
    const { released, tls } = workerData;
    const server = require("node:https").createServer(tls, (_, response) => response.end("{}"));
    server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(released, 0, 0);
    });`;
  const worker = new Worker(source, { eval: true, workerData: { released, tls: LOCALHOST } });
  const fillers: Socket[] = [];
  const release = () => {
    Atomics.store(released, 0, 1);
    Atomics.notify(released, 0);
    for (const filler of fillers) filler.destroy();
  };
  onTestFinished(async () => {
    release();
    await worker.terminate();
  });
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));
  // A queue for one holds two.
  for (let filler = 0; filler < 2; filler += 1) {
    fillers.push(
      await new Promise<Socket>((resolve) => {
        const socket: Socket = connect(port, "127.0.0.1", () => resolve(socket));
        socket.on("error", () => {});
      }),
    );
  }
  return { port, release };
}

it("waits for an address that is slow to connect while another one refuses", async () => {
  const { port, release } = await startUnresponsive();
  resolveTo(["127.0.0.1", "127.0.0.2"], release);

  const answer = await exchange(`https://localhost:${port}`, {
    certificateAuthority: LOCALHOST.cert,
    timeoutMs: 60_000,
  });

  expect(reveal(answer)).toEqual(ANSWERED);
});

it("goes on to the next address while there is time where one never answers", async () => {
  const { port } = await startUnresponsive();
  const server = await listen(
    createServer(LOCALHOST, (_, response) => response.end("{}")),
    port,
    "127.0.0.2",
  );
  resolveTo(["127.0.0.1", "127.0.0.2"]);

  const answer = await exchange(`https://localhost:${port}`, {
    certificateAuthority: LOCALHOST.cert,
    timeoutMs: 8_000,
  });

  expect(reveal(answer)).toEqual(ANSWERED);
  expect(server.requests.length).toBe(1);
});

it("goes on to the next address where one refuses", async () => {
  const server = await listen(createServer(LOCALHOST, (_, response) => response.end("{}")));
  resolveTo(["127.0.0.2", "127.0.0.1"]);

  const answer = await exchange(`https://localhost:${server.port}`, {
    certificateAuthority: LOCALHOST.cert,
    timeoutMs: 59_999,
  });

  expect(reveal(answer)).toEqual(ANSWERED);
});

it("reports a host of which every address refuses as unsent", async () => {
  const server = await listen(createServer(LOCALHOST));
  resolveTo(["127.0.0.2", "127.0.0.3"]);

  const answer = await exchange(`https://localhost:${server.port}`, { certificateAuthority: LOCALHOST.cert });

  expect(answer).toEqual({ kind: "unsent", code: "ECONNREFUSED" });
});
