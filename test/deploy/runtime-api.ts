import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** How an invocation ended. */
export interface Ending {
  /** `init`: the function did not come up. */
  readonly kind: "response" | "error" | "init" | "died";
  /** What Lambda's `Invoke` answers. */
  readonly body: unknown;
}

/** What a function polls inside Lambda, for one execution environment. */
export interface RuntimeApi {
  /** As `AWS_LAMBDA_RUNTIME_API` takes it. */
  readonly address: string;
  /** Runs one invocation at a time. */
  invoke(event: string, invocation: Invocation): Promise<Ending>;
  /** Tells that the function's process has died, which ends every invocation in Lambda's words. */
  die(): void;
  stop(): void;
}

export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  /** Milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  let given = deferred<{ readonly event: string; readonly invocation: Invocation }>();
  let ended = deferred<Ending>();
  const died = deferred<Ending>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith("/invocation/next")) {
      const { event, invocation } = await given.promise;
      given = deferred();
      response.setHeader("Lambda-Runtime-Aws-Request-Id", invocation.requestId);
      response.setHeader("Lambda-Runtime-Invoked-Function-Arn", invocation.functionArn);
      response.setHeader("Lambda-Runtime-Deadline-Ms", String(invocation.deadlineMs));
      response.setHeader("Content-Type", "application/json").end(event);
      return;
    }
    const [, kind] = /\/(init|response|error)(?:\/error)?$/.exec(request.url ?? "") ?? [];
    ended.resolve({ kind: kind === "init" || kind === "response" ? kind : "error", body: await json(request) });
    response.writeHead(202).end();
  }

  const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    async invoke(event, invocation) {
      given.resolve({ event, invocation });
      const ending = await Promise.race([ended.promise, died.promise]);
      ended = deferred();
      return ending;
    },
    die() {
      const errorMessage = "the process of the function ended during the invocation";
      died.resolve({ kind: "died", body: { errorType: "Runtime.ExitError", errorMessage } });
    },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What `Promise.withResolvers` gives, which Node 20 lacks. */
function deferred<T>(): { readonly promise: Promise<T>; resolve(value: T): void } {
  let settle: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}
