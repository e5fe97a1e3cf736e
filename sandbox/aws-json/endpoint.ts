import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answerUnder, type Call, type FaultPlan } from "../faults.ts";
import { listen, type Origin, readWhole, type Tls } from "../listen.ts";
import { answerRequest, type Service } from "./service.ts";

export interface EndpointOptions {
  /** Milliseconds since the epoch. @default the system's clock */
  readonly now?: () => number;
  /** @default nothing goes wrong */
  readonly faults?: FaultPlan;
  /** @default a free one */
  readonly port?: number;
  /** @default plain HTTP */
  readonly tls?: Tls;
}

/** One request, and the connection that it came on. `input` holds secrets: never print it. */
export interface EndpointCall extends Call, Origin {
  /** When it arrived, by the stand-in's clock, in milliseconds since the epoch. */
  readonly at: number;
}

/** What every stand-in for an AWS service offers, whatever the service. */
export interface Endpoint {
  /** The endpoint, for `AWS_ENDPOINT_URL`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Every request so far, in the order in which they arrived. Holds secrets: never print it. */
  readonly calls: readonly EndpointCall[];
  /** How many connections have been accepted. */
  readonly connections: number;
  /** Replaces the fault plan; `undefined` ends all faults. */
  setFaults(faults: FaultPlan | undefined): void;
  /** Stops listening and cuts every connection, stalled ones too. */
  close(): Promise<void>;
}

/**
 * Starts an AWS service on 127.0.0.1.
 * @param world asked anew for every request at the moment it takes effect, since it carries the time
 */
export async function startEndpoint<World>(
  service: Service<World>,
  world: () => World,
  options: EndpointOptions,
): Promise<Endpoint> {
  const { now = Date.now, port = 0 } = options;
  const calls: EndpointCall[] = [];
  const served = new Map<string, number>();
  let { faults } = options;

  async function serve(request: IncomingMessage, response: ServerResponse, origin: Origin): Promise<void> {
    const decoded = service.decode(await readWhole(request));
    const { operation } = decoded;
    const nth = (served.get(operation) ?? 0) + 1;
    served.set(operation, nth);
    const input = decoded.kind === "understood" ? decoded.input : {};
    const call = { index: calls.length + 1, operation, nth, input, at: now(), ...origin };
    calls.push(call);
    await answerUnder(faults?.(call), request, response, () => {
      const { headers, ...answer } = answerRequest(service, decoded, world());
      // As AWS's clock, which clients compare with theirs; Node would tell the system's.
      const date = new Date(now()).toUTCString();
      return { ...answer, headers: { ...headers, "x-amzn-requestid": randomUUID(), date } };
    });
  }

  const listener = await listen(port, serve, options.tls);
  return {
    url: listener.url,
    port: listener.port,
    calls,
    get connections() {
      return listener.accepted();
    },
    setFaults(plan) {
      faults = plan;
    },
    close: listener.close,
  };
}
