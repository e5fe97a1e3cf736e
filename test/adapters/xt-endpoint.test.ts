import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer as createTcpServer, type Socket } from "node:net";
import { expect, it } from "vitest";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { holdableClock } from "./fixtures/holdable-clock.ts";
import { CREDENTIALS, deadlineAfter, endpointAt, exchange, LOCALHOST, listen, reveal } from "./fixtures/wire-server.ts";

it("asks for a refresh with exactly one request on one connection over TLS", async () => {
  const server = await listen(createTlsServer(LOCALHOST, (_, response) => response.end('{"rc":0}')));

  const answer = await exchange(`https://localhost:${server.port}`, { certificateAuthority: LOCALHOST.cert });

  expect(reveal(answer)).toEqual({ kind: "answered", status: 200, body: '{"rc":0}', complete: true });
  expect(server.connections.length).toBe(1);
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET /public/uaa/oauth2/token" +
      "?client_id=client-1&client_secret=secret-1&grant_type=refresh_token&refresh_token=refresh-1",
  ]);
  expect(server.requests[0]?.headers).toEqual({
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": "xt-token-rotation/0.1.0",
    host: `localhost:${server.port}`,
    connection: "close",
  });
});

it("misses nothing of its connection when it is called straight from the event loop", async () => {
  const server = await listen(createTlsServer(LOCALHOST, (_, response) => response.end("{}")));
  const options = { certificateAuthority: LOCALHOST.cert, timeoutMs: 2_000 };

  const answer = await new Promise((resolve) => {
    setImmediate(() => exchange(`https://localhost:${server.port}`, options).then(resolve));
  });

  expect(answer).toMatchObject({ kind: "answered", status: 200, complete: true });
});

it("opens a connection of its own for every exchange", async () => {
  const server = await listen(createServer((_, response) => response.end("{}")));
  const endpoint = `http://127.0.0.1:${server.port}`;

  await exchange(endpoint);
  await exchange(endpoint);

  expect([server.connections.length, server.requests.length]).toEqual([2, 2]);
});

it("sends odd characters so that the server reads them unchanged, below the base URL's own path", async () => {
  const server = await listen(createServer((_, response) => response.end("{}")));
  const credentials = { clientId: new Sensitive("a&b=c"), clientSecret: new Sensitive("p+q r%2F#") };

  await endpointAt(`http://127.0.0.1:${server.port}/gate/`).exchange(credentials, {
    refreshToken: new Sensitive("x/y=?é漢"),
  });

  const url = new URL(server.requests[0]?.url ?? "", "http://127.0.0.1");
  expect(url.pathname).toBe("/gate/public/uaa/oauth2/token");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: "a&b=c",
    client_secret: "p+q r%2F#",
    grant_type: "refresh_token",
    refresh_token: "x/y=?é漢",
  });
});

it("asks for the first pair of a grant with the authorization code alone", async () => {
  const server = await listen(createServer((_, response) => response.end("{}")));
  const grant = { authorizationCode: new Sensitive("code/1+2") };

  await endpointAt(`http://127.0.0.1:${server.port}`).exchange(CREDENTIALS, grant);

  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "GET /public/uaa/oauth2/token" +
      "?client_id=client-1&client_secret=secret-1&grant_type=authorization_code&code=code%2F1%2B2",
  ]);
});

it("probes with exactly one request that holds no credential", async () => {
  const server = await listen(createServer((_, response) => response.writeHead(400).end("no client_id")));

  const answer = await endpointAt(`http://127.0.0.1:${server.port}`).probe();

  expect(reveal(answer)).toEqual({ kind: "answered", status: 400, body: "no client_id", complete: true });
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(["GET /public/uaa/oauth2/token?"]);
});

it("reports a probe that nobody answers, and does not reject", async () => {
  const server = createTcpServer();
  const { port } = await listen(server);
  await new Promise((resolve) => server.close(resolve));

  const answer = await endpointAt(`http://127.0.0.1:${port}`).probe();

  expect(answer).toEqual({ kind: "unsent", code: "ECONNREFUSED" });
});

it.each([
  ["Mon, 23 Nov 2026 12:00:00 GMT", 1_795_435_200_000],
  ["yesterday", undefined],
])("tells XT's clock by the answer's date: %s", async (date, dateMs) => {
  const server = await listen(createServer((_, response) => response.writeHead(200, { date }).end("{}")));

  const answer = await exchange(`http://127.0.0.1:${server.port}`);

  expect(answer).toMatchObject({ kind: "answered", dateMs });
});

it("reports a host that has no address as unsent", async () => {
  const answer = await exchange("https://xt.invalid");

  // Some resolvers say "no such name", others that they can't be asked.
  expect([
    { kind: "unsent", code: "ENOTFOUND" },
    { kind: "unsent", code: "EAI_AGAIN" },
  ]).toContainEqual(answer);
});

it.each(["http", "https"])("reports a refused connection over %s as unsent", async (scheme) => {
  const server = createTcpServer();
  const { port } = await listen(server);
  await new Promise((resolve) => server.close(resolve));

  const answer = await exchange(`${scheme}://127.0.0.1:${port}`);

  expect(answer).toEqual({ kind: "unsent", code: "ECONNREFUSED" });
});

it("reports a request that Node refuses to make as unsent", async () => {
  const answer = await exchange("ftp://127.0.0.1");

  expect(answer).toEqual({ kind: "unsent", code: "ERR_INVALID_PROTOCOL" });
});

it("sends nothing to a server whose certificate it doesn't trust", async () => {
  const server = await listen(createTlsServer(LOCALHOST, (_, response) => response.end("{}")));

  const answer = await exchange(`https://localhost:${server.port}`);

  expect(answer).toEqual({ kind: "unsent", code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  expect(server.connections.length).toBe(1);
  expect(server.requests).toEqual([]);
});

it("sends nothing to a server that speaks plain HTTP where TLS is due", async () => {
  const server = await listen(createServer((_, response) => response.end("{}")));

  const answer = await exchange(`https://127.0.0.1:${server.port}`);

  expect(answer).toEqual({ kind: "unsent", code: expect.stringMatching(/^(EPROTO|ERR_SSL_[A-Z_]+)$/) });
  expect(server.connections.length).toBe(1);
  expect(server.requests).toEqual([]);
});

it("reports a connection that is reset before its TLS handshake as unsent", async () => {
  const server = await listen(createTcpServer((socket) => socket.resetAndDestroy()));

  const answer = await exchange(`https://127.0.0.1:${server.port}`);

  expect(answer).toEqual({ kind: "unsent", code: "ECONNRESET" });
  expect(server.connections.length).toBe(1);
});

it("reports a TLS handshake that is never answered as unsent", async () => {
  const tcp = createTcpServer();
  const server = await listen(tcp);

  const answer = await deadlineAfter(once(tcp, "connection"), () => exchange(`https://127.0.0.1:${server.port}`));

  expect(answer).toEqual({ kind: "unsent", code: "DEADLINE_EXCEEDED" });
  expect(server.connections.length).toBe(1);
});

it("sends nothing when the process was held up past its deadline while the connection was being made", async () => {
  const clock = holdableClock();
  const secure = createTlsServer(LOCALHOST, (_, response) => response.end("{}"));
  const server = await listen(secure);

  secure.on("connection", () => clock.holdUp(60_000));
  const answer = await exchange(`https://localhost:${server.port}`, { certificateAuthority: LOCALHOST.cert });

  expect(answer).toEqual({ kind: "unsent", code: "DEADLINE_EXCEEDED" });
  expect(server.requests).toEqual([]);
});

it("reports a connection that is reset right after its TLS handshake as lost", async () => {
  const secure = createTlsServer(LOCALHOST);
  const server = await listen(secure);
  secure.on("secureConnection", () => server.connections[0]?.resetAndDestroy());

  const answer = await exchange(`https://localhost:${server.port}`, { certificateAuthority: LOCALHOST.cert });

  expect(answer).toEqual({ kind: "lost", code: "ECONNRESET" });
});

it.each([
  ["resets", (socket: Socket | undefined) => socket?.resetAndDestroy()],
  ["ends", (socket: Socket | undefined) => socket?.end()],
])("reports a connection that the server %s after it read the request as lost", async (_, hangUp) => {
  const secure = createTlsServer(LOCALHOST);
  const server = await listen(secure);
  secure.on("request", () => hangUp(server.connections[0]));

  const answer = await exchange(`https://localhost:${server.port}`, { certificateAuthority: LOCALHOST.cert });

  expect(answer).toEqual({ kind: "lost", code: "ECONNRESET" });
  expect(server.requests.length).toBe(1);
});

it("reports a request that is never answered as lost", async () => {
  const http = createServer(() => {});
  const server = await listen(http);

  const answer = await deadlineAfter(once(http, "request"), () => exchange(`http://127.0.0.1:${server.port}`));

  expect(answer).toEqual({ kind: "lost", code: "DEADLINE_EXCEEDED" });
  expect(server.requests.length).toBe(1);
});

it("reports an answer that isn't HTTP as lost", async () => {
  const server = await listen(createTcpServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n")));

  const answer = await exchange(`http://127.0.0.1:${server.port}`);

  expect(answer).toEqual({ kind: "lost", code: "HPE_INVALID_CONSTANT" });
});

it("reports a change of protocol that nobody asked for as lost", async () => {
  const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: odd\r\n\r\n";
  const server = await listen(createTcpServer((socket) => socket.on("data", () => socket.write(switching))));

  const answer = await exchange(`http://127.0.0.1:${server.port}`);

  expect(answer).toEqual({ kind: "lost", code: "CLOSED_WITHOUT_ANSWER" });
});
