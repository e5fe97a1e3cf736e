import type { IncomingMessage, ServerResponse } from "node:http";

/** One request that a stand-in received, as a fault plan sees it. */
export interface Call {
  /** 1 for the first request that this stand-in received. */
  readonly index: number;
  /** The operation's own name: `PutSecretValue`, `GetSecretValue`, … or `token`. */
  readonly operation: string;
  /** 1 for the first request of this operation. */
  readonly nth: number;
  /** The decoded request: the operation's JSON input, or the query's parameters. */
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * What goes wrong with one request. `before`: it takes no effect. `after`: it took effect and the true answer is withheld.
 * - `reply`: another answer is given instead.
 * - `drop`: the connection is destroyed without an answer.
 * - `reset`: so it is, and the caller meets a reset in place of an end.
 * - `stall`: nothing is ever answered.
 * - `kill`: the caller is killed, so that nobody is left to answer.
 * - `act`: something happens in the world at that moment (a person re-seeds), and the call goes on.
 */
export type Fault =
  | {
      readonly kind: "reply";
      readonly when: "before" | "after";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: "drop"; readonly when: "before" | "after" }
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  | { readonly kind: "stall"; readonly when: "before" | "after" }
  | { readonly kind: "kill"; readonly when: "before" | "after"; readonly kill: () => void }
  | { readonly kind: "act"; readonly when: "before" | "after"; readonly act: () => void | Promise<void> };

/** Asked once for every request; `undefined` lets it through unharmed. */
export type FaultPlan = (call: Call) => Fault | undefined;

/** A true answer, ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Lets one request take effect and answers it, or does the harm that the plan asked for. */
export async function answerUnder(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  takeEffect: () => Answer,
): Promise<void> {
  if (fault?.when === "before") {
    if (await harm(fault, request, response)) return;
  }
  const answer = takeEffect();
  if (fault?.when === "after") {
    if (await harm(fault, request, response)) return;
  }
  response.writeHead(answer.status, answer.headers).end(answer.body);
}

/** Says whether the request has been dealt with and must not be answered any more. */
async function harm(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case "reply":
      response.writeHead(fault.status, fault.headers ?? {}).end(fault.body);
      return true;
    case "drop":
      request.socket.destroy();
      return true;
    case "reset":
      request.socket.resetAndDestroy();
      return true;
    case "stall":
      return true;
    case "kill":
      fault.kill();
      return true;
    case "act":
      await fault.act();
      return false;
  }
}
