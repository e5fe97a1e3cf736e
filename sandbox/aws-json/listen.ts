import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** The connection that a request came on. */
export interface Origin {
  /** 1 for the first connection that the stand-in accepted. */
  readonly connection: number;
  /** Says whether an earlier request came on the same connection. */
  readonly isReused: boolean;
}

/** A server that listens on 127.0.0.1. */
export interface Listener {
  readonly port: number;
  /** How many connections have been accepted. */
  readonly accepted: () => number;
  /** Stops listening and cuts every connection, stalled ones too. */
  readonly close: () => Promise<void>;
}

/** Listens over plain HTTP and numbers the connections. Port 0 stands for a free one. */
export async function listen(
  port: number,
  serve: (request: IncomingMessage, response: ServerResponse, origin: Origin) => Promise<void>,
): Promise<Listener> {
  const open = new Map<Socket, Origin>();
  let accepted = 0;
  const server = createServer((request, response) => {
    const { socket } = request;
    const origin = open.get(socket) ?? { connection: 0, isReused: false };
    open.set(socket, { ...origin, isReused: true });
    void serve(request, response, origin);
  });
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
  return {
    port: (server.address() as AddressInfo).port,
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
