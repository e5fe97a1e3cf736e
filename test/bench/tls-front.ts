import { type AddressInfo, connect } from "node:net";
import { createServer, type TLSSocket } from "node:tls";

/** What speaks TLS before a stand-in that does not. */
export interface TlsFront {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Starts a front on 127.0.0.1: one connection to it is one connection to the stand-in behind it. Over plain HTTP a measurement would
 * mislead, since the SDK then loads `node:http`, and with it the whole of `fetch`.
 */
export async function startTlsFront(
  targetPort: number,
  certificate: { readonly key: string; readonly cert: string },
): Promise<TlsFront> {
  const open = new Set<TLSSocket>();
  const server = createServer({ ...certificate, noDelay: true }, (outside) => {
    const inside = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    open.add(outside);
    outside.pipe(inside).pipe(outside);
    outside.on("error", () => {});
    inside.on("error", () => {});
    outside.on("close", () => {
      open.delete(outside);
      inside.destroy();
    });
    inside.on("close", () => outside.destroy());
  });
  // A client that leaves in the middle of a handshake is none of this program's business.
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
