import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { answerUnder, type FaultPlan } from "../faults.ts";
import { answerTokenRequest, type Judged } from "./answer-token-request.ts";
import { Grants, type IssuedPair, type Reuse } from "./grants.ts";

const TOKEN_PATH = "/public/uaa/oauth2/token";
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface XtOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly reuse: Reuse;
  /** Milliseconds since the epoch. @default the system's clock */
  readonly now?: () => number;
  /** @default one day, XT's documented default */
  readonly accessLifetimeMs?: number;
  /** @default 180 days, XT's documented default */
  readonly refreshLifetimeMs?: number;
  /** @default nothing goes wrong */
  readonly faults?: FaultPlan;
  /** @default a free one */
  readonly port?: number;
  /** PEM. The certificate must be good for 127.0.0.1. @default plain HTTP */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** One request that reached the token endpoint. */
export interface Exchange {
  /** Its number among all requests that the stand-in received, from 1. */
  readonly index: number;
  /** When it arrived, by the stand-in's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly grantType: string;
  /** The refresh token, or the authorization code; empty where there was none. */
  readonly presented: string;
  /** `untouched`: it took no effect, because a fault came first. */
  readonly verdict: Judged["verdict"] | "untouched";
}

export interface XtStandIn {
  /** The base URL, without a trailing slash. */
  readonly url: string;
  /** Every request for a token so far, oldest first. */
  readonly exchanges: readonly Exchange[];
  /** The refresh token that was issued last, whether or not it is still live. */
  readonly newestRefreshToken: string | undefined;
  /** A person authorises and receives a fresh grant's first pair. */
  grant(): IssuedPair;
  /** A person authorises and receives an authorization code, good for one pair. */
  code(): string;
  /** Says whether presenting this refresh token now would be granted. */
  isLive(refreshToken: string): boolean;
  /** Replaces the fault plan; `undefined` ends all faults. */
  setFaults(faults: FaultPlan | undefined): void;
  setReuse(reuse: Reuse): void;
  /** Stops listening and cuts every connection, stalled ones too. */
  close(): Promise<void>;
}

/** Starts a stand-in for XT's token endpoint on 127.0.0.1. */
export async function startXt(options: XtOptions): Promise<XtStandIn> {
  const now = options.now ?? Date.now;
  const { accessLifetimeMs = DAY_MS, refreshLifetimeMs = 180 * DAY_MS } = options;
  const grants = new Grants({ ...options, now, accessLifetimeMs, refreshLifetimeMs });
  const exchanges: Exchange[] = [];
  let { faults } = options;
  let received = 0;

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    received += 1;
    const [path, ...rest] = (request.url ?? "").split("?");
    if (request.method !== "GET" || path !== TOKEN_PATH) {
      response.writeHead(404).end();
      return;
    }
    const query = new URLSearchParams(rest.join("?"));
    const exchange = {
      index: received,
      at: now(),
      grantType: query.get("grant_type") ?? "",
      presented: query.get("refresh_token") ?? query.get("code") ?? "",
    };
    const nth = exchanges.push({ ...exchange, verdict: "untouched" });
    const fault = faults?.({ index: received, operation: "token", nth, input: Object.fromEntries(query) });
    void answerUnder(fault, request, response, () => {
      const { verdict, answer } = answerTokenRequest(query, options, grants);
      exchanges[nth - 1] = { ...exchange, verdict };
      return answer;
    });
  };

  const server = await listen(options, listener);
  return {
    url: server.url,
    close: server.close,
    exchanges,
    get newestRefreshToken() {
      return grants.newestRefreshToken;
    },
    grant: () => grants.authorize(),
    code: () => grants.newCode(),
    isLive: (refreshToken) => grants.isLive(refreshToken),
    setFaults(plan) {
      faults = plan;
    },
    setReuse(reuse) {
      grants.reuse = reuse;
    },
  };
}

async function listen(
  { tls, port = 0 }: XtOptions,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Pick<XtStandIn, "url" | "close">> {
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  // Counted by hand: `closeAllConnections` does not know a connection that is still in its TLS handshake.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${actualPort}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
