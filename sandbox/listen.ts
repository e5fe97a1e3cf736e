import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";

/** The connection that a request came on. */
export interface Origin {
  /** 1 for the first connection that the stand-in accepted. */
  readonly connection: number;
  /** Says whether an earlier request came on the same connection. */
  readonly isReused: boolean;
}

/** One request, read to its end. */
export interface WholeRequest {
  readonly method: string | undefined;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** PEM. The certificate must be good for 127.0.0.1. */
export interface Tls {
  readonly key: string;
  readonly cert: string;
}

/** A server that listens on 127.0.0.1. */
export interface Listener {
  /** Without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** How many connections have been accepted. */
  readonly accepted: () => number;
  /** Stops listening and cuts every connection, stalled ones too. */
  readonly close: () => Promise<void>;
}

/** Listens and numbers the connections. Port 0 stands for a free one. Without `tls` it is plain HTTP. */
export async function listen(
  port: number,
  serve: (request: IncomingMessage, response: ServerResponse, origin: Origin) => Promise<void>,
  tls?: Tls,
): Promise<Listener> {
  const open = new Map<Socket, Origin>();
  let accepted = 0;
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    const origin = open.get(socket) ?? { connection: 0, isReused: false };
    open.set(socket, { ...origin, isReused: true });
    void serve(request, response, origin);
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  // Counted by hand: `closeAllConnections` does not know a connection that is still in its TLS handshake.
  server.on("connection", (socket: Socket) => {
    accepted += 1;
    open.set(socket, { connection: accepted, isReused: false });
    socket.once("close", () => open.delete(socket));
  });
  // Idle connections live on: a client that pauses for Node's five seconds would meet a reset that no plan asked for.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${actualPort}`,
    port: actualPort,
    accepted: () => accepted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open.keys()) socket.destroy();
      }),
  };
}

/** Never settles for a request whose client leaves before its end, so that such a request takes no effect. */
export function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}

/** Never settles where `bodyOf` does not. */
export async function readWhole(request: IncomingMessage): Promise<WholeRequest> {
  const { method, headers } = request;
  const { pathname: path, searchParams: query } = urlOf(request);
  return { method, path, query, headers, body: await bodyOf(request) };
}

/** Where a request goes. Not relative to a base: a path of two slashes would be taken for a host. */
export function urlOf({ url = "/" }: IncomingMessage): URL {
  return new URL(`http://stand-in${url}`);
}
