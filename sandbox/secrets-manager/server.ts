import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { answerUnder, type Call, type FaultPlan } from "../faults.ts";
import { type Acts, createActs } from "./acts.ts";
import { answerRequest, decodeRequest } from "./answer-request.ts";
import { Secrets } from "./secrets.ts";
import { type StaleMoment, StaleReads } from "./stale-reads.ts";

export interface SecretsManagerOptions {
  /** Milliseconds since the epoch. @default the system's clock */
  readonly now?: () => number;
  /** @default nothing goes wrong */
  readonly faults?: FaultPlan;
  /** @default a free one */
  readonly port?: number;
}

/** One request, and the connection that it came on. `input` holds secrets: never print it. */
export interface SecretsManagerCall extends Call {
  /** When it arrived, by the stand-in's clock, in milliseconds since the epoch. */
  readonly at: number;
  /** 1 for the first connection that the stand-in accepted. */
  readonly connection: number;
  /** Says whether an earlier request came on the same connection. */
  readonly isReused: boolean;
}

export interface SecretsManagerStandIn extends Acts {
  /** The endpoint, for `AWS_ENDPOINT_URL`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Every request so far, in the order in which they arrived. Holds secrets: never print it. */
  readonly calls: readonly SecretsManagerCall[];
  /** How many connections have been accepted. */
  readonly connections: number;
  /** Replaces the fault plan; `undefined` ends all faults. */
  setFaults(faults: FaultPlan | undefined): void;
  /** Lets reads of one secret be answered from an earlier moment. Writes always act on the true state. */
  answerReadsAsOf(secretName: string, moment: StaleMoment): void;
  /** Lets every read of the secret be true again. */
  answerReadsTruly(secretName: string): void;
  /** Stops listening and cuts every connection, stalled ones too. */
  close(): Promise<void>;
}

/**
 * Starts a strict stand-in for Secrets Manager on 127.0.0.1, over plain HTTP. It refuses what AWS refuses, since a
 * rotator that passes only where a rule is missing would lose a token on AWS.
 */
export async function startSecretsManager(options: SecretsManagerOptions = {}): Promise<SecretsManagerStandIn> {
  const { now = Date.now, port = 0 } = options;
  const secrets = new Secrets();
  const staleReads = new StaleReads();
  const calls: SecretsManagerCall[] = [];
  const served = new Map<string, number>();
  let { faults } = options;

  async function serve(request: IncomingMessage, response: ServerResponse, origin: Origin): Promise<void> {
    const decoded = decodeRequest(request, await bodyOf(request));
    const { operation } = decoded;
    const nth = (served.get(operation) ?? 0) + 1;
    served.set(operation, nth);
    const input = decoded.kind === "understood" ? decoded.input : {};
    const call = { index: calls.length + 1, operation, nth, input, at: now(), ...origin };
    calls.push(call);
    await answerUnder(faults?.(call), request, response, () =>
      answerRequest(decoded, { secrets, staleReads, nowMs: now() }, randomUUID()),
    );
  }

  const listener = await listen(port, serve);
  return {
    ...createActs(() => ({ secrets, staleReads, nowMs: now() })),
    url: `http://127.0.0.1:${listener.port}`,
    port: listener.port,
    calls,
    get connections() {
      return listener.accepted();
    },
    setFaults(plan) {
      faults = plan;
    },
    answerReadsAsOf: (name, moment) => staleReads.answerAsOf(secrets.find(name), moment),
    answerReadsTruly: (name) => staleReads.end(secrets.find(name)),
    close: listener.close,
  };
}

type Origin = Pick<SecretsManagerCall, "connection" | "isReused">;

interface Listener {
  readonly port: number;
  readonly accepted: () => number;
  readonly close: () => Promise<void>;
}

async function listen(
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
function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
}
