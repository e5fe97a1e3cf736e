import { EventEmitter, once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { Worker } from "node:worker_threads";
import { expect, it, onTestFinished } from "vitest";
import { deadlineAfter, exchange, listen, reveal, type WireServer } from "./fixtures/wire-server.ts";

const BODY = '{"rc":0,"mc":"SUCCESS","ma":[],"result":{"refresh_token":"refresh-2"}}';

async function serve(listener: RequestListener): Promise<WireServer & { readonly url: string }> {
  const server = await listen(createServer(listener));
  return { ...server, url: `http://127.0.0.1:${server.port}` };
}

it("returns a head whose body never came as an incomplete answer", async () => {
  const head = new EventEmitter();
  const { url } = await serve((_, response) => {
    response.writeHead(200).flushHeaders();
    head.emit("written");
  });

  const answer = await deadlineAfter(once(head, "written"), () => exchange(url));

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: "", complete: false });
});

it("returns what arrived of a body that stalls", async () => {
  const body = new EventEmitter();
  const { url } = await serve((_, response) => {
    response.writeHead(200, { "content-length": 1_000 }).write(BODY, () => body.emit("written"));
  });

  const answer = await deadlineAfter(once(body, "written"), () => exchange(url));

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: BODY, complete: false });
});

it("returns what arrived of a body that is shorter than announced", async () => {
  const { url } = await serve((_, response) => {
    response.writeHead(200, { "content-length": 1_000 }).write('{"rc":0,"resu', () => response.destroy());
  });

  const answer = await exchange(url);

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: '{"rc":0,"resu', complete: false });
});

it("returns what arrived of a body whose framing breaks", async () => {
  const broken = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nno chunk\r\n";
  const server = await listen(createTcpServer((socket) => socket.on("data", () => socket.write(broken))));

  const answer = await exchange(`http://127.0.0.1:${server.port}`);

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: "hello", complete: false });
});

it.each([262_145, 5_000_000])("cuts an answer of %i bytes off at its size limit", async (length) => {
  const { url } = await serve((_, response) => response.end("x".repeat(length)));

  const answer = await exchange(url);

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: "x".repeat(262_144), complete: false });
});

it("returns an answer of exactly the size limit whole", async () => {
  const { url } = await serve((_, response) => response.end("x".repeat(262_144)));

  const answer = await exchange(url);

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: "x".repeat(262_144), complete: true });
});

it("reads an answer below a head of fifty kilobytes", async () => {
  const { url } = await serve((_, response) => response.setHeader("set-cookie", "x".repeat(50_000)).end(BODY));

  const answer = await exchange(url);

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: BODY, complete: true });
});

it.each([301, 302, 303, 307, 308])("returns a %i and never asks where it points", async (status) => {
  const server = await serve((_, response) => response.writeHead(status, { location: `${server.url}/other` }).end());

  const answer = await exchange(server.url);

  expect(reveal(answer)).toEqual({ kind: "answered", status, body: "", complete: true });
  expect(server.requests.length).toBe(1);
});

it.each([401, 408, 421, 425, 429, 500, 503])("sends nothing again after a %i", async (status) => {
  const server = await serve((_, response) => response.writeHead(status, { "retry-after": "0" }).end("no"));

  const answer = await exchange(server.url);

  expect(reveal(answer)).toEqual({ kind: "answered", status, body: "no", complete: true });
  expect([server.connections.length, server.requests.length]).toEqual([1, 1]);
});

it("returns a 204 as a complete and empty answer", async () => {
  const { url } = await serve((_, response) => response.writeHead(204).end());

  const answer = await exchange(url);

  expect(reveal(answer)).toEqual({ kind: "answered", status: 204, body: "", complete: true });
});

it("waits for the true answer behind an interim one", async () => {
  const { url } = await serve((_, response) => {
    response.writeProcessing();
    response.end(BODY);
  });

  const answer = await exchange(url);

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: BODY, complete: true });
});

it("keeps the answer when the connection is reset behind it", async () => {
  const { url, connections } = await serve((_, response) => {
    response.writeHead(200, { "content-length": BODY.length, connection: "keep-alive" }).write(BODY);
  });

  const answer = await exchange(url);
  connections[0]?.resetAndDestroy();

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: BODY, complete: true });
});

it("reads an answer that had arrived in time, although the process was held up past its deadline", async () => {
  const progress = new Int32Array(new SharedArrayBuffer(4));
  const source = `
    const { parentPort, workerData: progress } = require("node:worker_threads");
    const advance = (to) => { Atomics.store(progress, 0, to); Atomics.notify(progress, 0); };
    const server = require("node:http").createServer((_, response) => {
      advance(1);
      response.end("in time", () => advance(2));
    });
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(source, { eval: true, workerData: progress });
  onTestFinished(async () => void (await worker.terminate()));
  const port = await new Promise<number>((resolve) => worker.once("message", resolve));

  const pending = exchange(`http://127.0.0.1:${port}`, { timeoutMs: 1_000 });
  while (Atomics.load(progress, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(progress, 0, 1);
  Atomics.wait(progress, 0, 2, 1_000);
  const answer = await pending;

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: "in time", complete: true });
});
