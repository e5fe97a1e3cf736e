import { randomUUID } from "node:crypto";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { createAccessTokenStore } from "./adapters/access-token-store.ts";
import { createEventBridgeAnnouncer, noAnnouncer } from "./adapters/event-bridge.ts";
import { createLogger } from "./adapters/logger.ts";
import { noEscrow } from "./adapters/no-escrow.ts";
import { createRedactor } from "./adapters/redactor.ts";
import { createClientSecret } from "./adapters/secret-value.ts";
import { createSecretsManagerStore } from "./adapters/secrets-manager-store.ts";
import { createSsmEscrow } from "./adapters/ssm-escrow.ts";
import { createTelemetry, type Measurable, measure } from "./adapters/telemetry.ts";
import { createXtEndpoint } from "./adapters/xt-endpoint.ts";
import { type Config, readConfig } from "./config.ts";
import { EVENT_TYPE, type RotationResult, type Severity, type Verdict } from "./contract.ts";
import { type Asked, readEvent } from "./event.ts";
import type { Inspection } from "./inspection.ts";
import { RotationError, UnexpectedFailure } from "./rotation/errors.ts";
import { type Facts, receivedAndUnusedSinceMs } from "./rotation/facts.ts";
import type { Ports } from "./rotation/ports.ts";
import { rotate } from "./rotation/rotate.ts";

const redactor = createRedactor();
const logger = createLogger(redactor);
const clock = { now: () => Date.now() };

/** One client and its connections for the life of the process, so that the staging write finds an open one. */
let client: SecretsManagerClient | undefined;

/**
 * Serves one event. Input: `FunctionEvent`. Output: `RotationResult`, or `Inspection` for an inspection.
 *
 * @throws RotationError always, so that `Errors` counts every failure and none shows a secret
 */
export async function handler(event: unknown, context: Context): Promise<RotationResult | Inspection> {
  logger.addContext(context);
  let announce: (() => Promise<void>) | undefined;
  try {
    const config = readConfig(process.env);
    const asked = readEvent(event);
    const ports = createPorts(config);
    return asked.kind === "tick"
      ? await tick(ports, config, asked, context, (afterwards) => {
          announce = afterwards;
        })
      : await serve(ports, config, asked, context);
  } catch (error) {
    const failure = error instanceof RotationError ? error : concealed(error);
    logger.error(failure.message, { failure: { ...failure } });
    throw failure;
  } finally {
    // Last of all: an event bus that hangs may outlast the run, and a failure must have been told by then.
    await announce?.();
  }
}

function createPorts(config: Config): Ports {
  const { tokenSecretId, clientSecretId, accessTokenSecretId, eventBusName, escrow, baseUrl } = config;
  // Every request is sent again by the store, which knows when to stop; the SDK's retries would only hide its attempts.
  client ??= new SecretsManagerClient({ maxAttempts: 1 });
  const { watch } = redactor;
  return {
    clock,
    store: createSecretsManagerStore(client, tokenSecretId, clock, watch),
    escrow: escrow ? createSsmEscrow(escrow, clock, watch) : noEscrow,
    accessTokens: accessTokenSecretId ? createAccessTokenStore(client, accessTokenSecretId, watch) : undefined,
    announcer: eventBusName ? createEventBridgeAnnouncer(eventBusName, logger) : noAnnouncer,
    clientSecret: createClientSecret(client, clientSecretId, watch),
    endpoint: createXtEndpoint({ baseUrl, timeoutMs: config.exchangeTimeoutMs }),
    log: logger,
  };
}

async function tick(
  ports: Ports,
  config: Config,
  { connection, force }: Extract<Asked, { kind: "tick" }>,
  context: Context,
  onChange: (announce: () => Promise<void>) => void,
): Promise<RotationResult> {
  let facts: Facts | undefined;
  let verdict: Pick<Verdict, "severity" | "code" | "message"> | undefined;
  try {
    const onFacts = (seen: Facts) => {
      facts = seen;
    };
    const { unknownOutcomePolicy } = config;
    const run = runOf(config, context);
    const { result, severity } = await rotate(ports, { connection, run, force, unknownOutcomePolicy, onFacts });
    const { reason, ...rest } = result;
    const [code = ""] = reason.split(":");
    verdict = { severity, code, message: reason };
    logger[severity === 4 ? "warn" : "info"](reason, rest);
    return result;
  } catch (error) {
    if (error instanceof RotationError) {
      const { severity, code, message } = error;
      verdict = { severity, code, message };
    }
    throw error;
  } finally {
    const severity = verdict?.severity ?? 4;
    createTelemetry(context.functionName).conclude(measure(measurable(severity, facts, clock.now())));
    const told = verdict;
    if (told) onChange(() => announceChange(ports, connection, told));
  }
}

/** Connections that needed a person when this process looked last; a new process does not know. */
const inNeed = new Set<string>();

/** Tells when a person is needed, and when no longer. A new process tells again. */
async function announceChange(
  { announcer }: Ports,
  connection: string,
  verdict: Pick<Verdict, "severity" | "code" | "message">,
): Promise<void> {
  const isNeeded = verdict.severity === 4;
  if (isNeeded === inNeed.has(connection)) return;
  if (isNeeded) inNeed.add(connection);
  else inNeed.delete(connection);
  await announcer.announce(EVENT_TYPE.changed, { schema: 1, connection, verdict });
}

function measurable(severity: Severity, facts: Facts | undefined, nowMs: number): Measurable {
  if (facts === undefined) return { severity, nowMs };
  const { current, secretCreatedAtMs } = facts;
  if (current.kind === "absent") return { severity, nowMs, unseededSinceMs: secretCreatedAtMs };
  const outOfPlaceSinceMs = receivedAndUnusedSinceMs(facts);
  if (current.kind === "malformed") return { severity, nowMs, outOfPlaceSinceMs };
  const { expiresAtMs, refreshExpiresAtMs, origin } = current.pair;
  const issuedAtMs = origin?.issuedAtMs ?? current.createdAtMs;
  return { severity, nowMs, outOfPlaceSinceMs, current: { issuedAtMs, expiresAtMs, refreshExpiresAtMs } };
}

/** What people ask for. Loaded apart, so that a tick starts as fast as it can. */
async function serve(
  ports: Ports,
  config: Config,
  asked: Exclude<Asked, { kind: "tick" }>,
  context: Context,
): Promise<RotationResult | Inspection> {
  const { answerPerson } = await import("./answer-person.ts");
  const answer = await answerPerson(ports, config, asked, runOf(config, context));
  if ("outcome" in answer) {
    const { reason, ...rest } = answer;
    logger.info(`${asked.kind}: ${reason}`, rest);
  }
  return answer;
}

function runOf({ exchangeTimeoutMs }: Config, context: Context) {
  const deadlineAtMs = clock.now() + context.getRemainingTimeInMillis();
  return { id: context.awsRequestId, nonce: randomUUID(), deadlineAtMs, exchangeTimeoutMs };
}

/** An unforeseen error's text and fields may hold a secret; its class and the places it passed cannot. */
function concealed(error: unknown): UnexpectedFailure {
  if (!(error instanceof Error)) return new UnexpectedFailure(typeof error, []);
  const trace = (error.stack ?? "").replace(error.message, "");
  const frames = trace
    .split("\n")
    .filter((line) => /^\s+at (?:(?:async |new )?[\w.<>$#]+ )?\(?[\w:/.@ -]+:\d+:\d+\)?$/.test(line));
  return new UnexpectedFailure(error.constructor.name, frames.slice(0, 5));
}
