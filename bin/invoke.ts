import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { ConnectionNames, ConnectionState, ConnectionStates } from "../lambda/connections.ts";
import { DEFAULT_CONNECTION, type FunctionEvent, type RotationResult } from "../lambda/contract.ts";
import type { Inspection } from "../lambda/inspection.ts";
import { isRecord } from "../lambda/rotation/json.ts";
import { awsFailure, errorCode, mayBeDone, type Target } from "./aws.ts";
import { CommandFailure } from "./failure.ts";

/** What came of an invocation that was let in. */
export type Reply =
  | { readonly kind: "answered"; readonly answer: unknown }
  /** The function ended with an error. */
  | { readonly kind: "failed"; readonly errorType: string; readonly errorMessage: string }
  /** No answer came, and the function may be at work. */
  | { readonly kind: "lost"; readonly code: string };

export type Acted = { readonly kind: "result"; readonly result: RotationResult } | Exclude<Reply, { kind: "answered" }>;

/** One sentence that says why the function gave no usable answer. */
interface Blind {
  readonly kind: "blind";
  readonly why: string;
}

/** What the function answered to an event that changes nothing. */
export type Told<T> = { readonly kind: "told"; readonly answer: T } | Blind;

export type Seen = { readonly kind: "inspected"; readonly inspection: Inspection } | Blind;

/** Longer than the function may run by its start and the way back, in milliseconds. */
const PATIENCE_MS = 30_000;

/** One client for all invocations: each new client looks up the credentials again, and a long list takes a hundred invocations. */
let client: LambdaClient | undefined;

/**
 * Invokes the function and waits for its answer. It is sent once: a second event could spend what the first one bought.
 *
 * @throws CommandFailure where the function was certainly not invoked
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
async function invoke(target: Target, event: FunctionEvent): Promise<Reply> {
  const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  const { functionName, region, timeoutMs, connection } = target;
  client ??= new LambdaClient({ region, maxAttempts: 1 });
  const named = connection === DEFAULT_CONNECTION ? event : { connection, ...event };
  const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(named) });
  try {
    const abortSignal = AbortSignal.timeout(timeoutMs + PATIENCE_MS);
    const { FunctionError: failure, Payload: payload } = await client.send(command, { abortSignal });
    const answer: unknown = JSON.parse(payload?.transformToString() ?? "");
    return failure === undefined ? { kind: "answered", answer } : { kind: "failed", ...readError(answer) };
  } catch (error) {
    if (!mayBeDone(error)) throw awsFailure("lambda:InvokeFunction", functionName, region, errorCode(error));
    return { kind: "lost", code: errorCode(error) };
  }
}

/** Lets the function act. @throws CommandFailure where it was certainly not invoked, or answers something else than a result */
export async function act(target: Target, event: FunctionEvent): Promise<Acted> {
  const reply = await invoke(target, event);
  if (reply.kind !== "answered") return reply;
  if (isResult(reply.answer)) return { kind: "result", result: reply.answer };
  throw new CommandFailure(UNFAMILIAR);
}

/** Asks the function how everything stands. Never rejects. */
export async function inspect(target: Target): Promise<Seen> {
  const told = await ask(target, { inspect: true }, isInspection);
  return told.kind === "blind" ? told : { kind: "inspected", inspection: told.answer };
}

/** Asks for the names of connections that come after `after`. Never rejects. */
export function listNames(target: Target, after: string | undefined): Promise<Told<ConnectionNames>> {
  return ask(target, { connections: after === undefined ? {} : { after } }, isNames);
}

/** Asks how these connections stand. Never rejects. */
export async function readStates(target: Target, names: readonly string[]): Promise<Told<readonly ConnectionState[]>> {
  const told = await ask(target, { connections: names }, isStates);
  return told.kind === "blind" ? told : { kind: "told", answer: told.answer.states };
}

/** Sends an event that changes nothing. It never rejects, because the commands have more to show when the function cannot answer. */
async function ask<T>(
  target: Target,
  event: FunctionEvent,
  isFamiliar: (answer: unknown) => answer is T,
): Promise<Told<T>> {
  try {
    const reply = await invoke(target, event);
    switch (reply.kind) {
      case "failed":
        // This program checked the names before. So the function refuses the event because it is too old to know it.
        if (reply.errorType === "InvalidEvent" && "connections" in event) return { kind: "blind", why: OLDER };
        return { kind: "blind", why: `the function failed with ${reply.errorType}: ${reply.errorMessage}` };
      case "lost":
        return { kind: "blind", why: `the function gave no answer (${reply.code})` };
      case "answered":
        if (isFamiliar(reply.answer)) return { kind: "told", answer: reply.answer };
        return { kind: "blind", why: UNFAMILIAR };
    }
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { kind: "blind", why: error.message };
  }
}

const UNFAMILIAR =
  "the function and this program have different versions, deploy the stack from this checkout or use the checkout that deployed it";

const OLDER =
  "the function is of an older version and cannot list connections, deploy the stack from the checkout of this program";

/** Lambda's own failures, such as a timeout, may come without a type. */
function readError(answer: unknown): { readonly errorType: string; readonly errorMessage: string } {
  const { errorType = "an error", errorMessage = "without a message" } = isRecord(answer) ? answer : {};
  return { errorType: String(errorType), errorMessage: String(errorMessage) };
}

/** The function is ours: what names itself right is believed. */
function isInspection(answer: unknown): answer is Inspection {
  return isRecord(answer) && answer["schema"] === 1 && isRecord(answer["verdict"]);
}

function isNames(answer: unknown): answer is ConnectionNames {
  return isRecord(answer) && answer["schema"] === 1 && Array.isArray(answer["connections"]);
}

function isStates(answer: unknown): answer is ConnectionStates {
  return isRecord(answer) && answer["schema"] === 1 && Array.isArray(answer["states"]);
}

function isResult(answer: unknown): answer is RotationResult {
  return isRecord(answer) && typeof answer["outcome"] === "string";
}
