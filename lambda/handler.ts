import { randomUUID } from "node:crypto";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { createAccessTokenStore } from "./adapters/access-token-store.ts";
import { createEventBridgeAnnouncer, noAnnouncer } from "./adapters/event-bridge.ts";
import { createLogger } from "./adapters/logger.ts";
import { noEscrow } from "./adapters/no-escrow.ts";
import { createRedactor } from "./adapters/redactor.ts";
import { createClientSecret, type Watch } from "./adapters/secret-value.ts";
import { createSecretsManagerStore } from "./adapters/secrets-manager-store.ts";
import { createSsmEscrow } from "./adapters/ssm-escrow.ts";
import { createTelemetry, type Measurable, measure } from "./adapters/telemetry.ts";
import { createXtEndpoint } from "./adapters/xt-endpoint.ts";
import { type Config, placesOf, readConfig } from "./config.ts";
import type { Census, ConnectionNames, ConnectionStates } from "./connections.ts";
import {
  DEFAULT_CONNECTION,
  EVENT_TYPE,
  namingConnection,
  type RotationResult,
  type Severity,
  type Verdict,
} from "./contract.ts";
import { type AskedOfAll, type AskedOfOne, readEvent } from "./event.ts";
import type { Inspection } from "./inspection.ts";
import { afterAnswer, type Congestion, NO_CONGESTION } from "./rotation/congestion.ts";
import { conceal, RotationError } from "./rotation/errors.ts";
import { type Facts, isBlank, receivedAndUnusedSinceMs } from "./rotation/facts.ts";
import type { Ports } from "./rotation/ports.ts";
import { rotate } from "./rotation/rotate.ts";

const redactor = createRedactor();
const logger = createLogger(redactor);
const clock = { now: () => Date.now() };

/** For events about all connections. They log nothing that they read, and the redactor would search each line for thousands of secrets. */
const UNWATCHED: Watch = () => {};

/** One client and its connections for the life of the process, so that the staging write finds an open one. */
let client: SecretsManagerClient | undefined;

/** What the function answers; it depends on the event. */
export type Answer = RotationResult | Inspection | ConnectionNames | ConnectionStates | Census;

/**
 * Serves one event. Input: `FunctionEvent`. Its members say which answer belongs to which event.
 *
 * @throws RotationError always, so that `Errors` counts every failure and none shows a secret
 */
export async function handler(event: unknown, context: Context): Promise<Answer> {
  // One process serves many events in turn, and each may be about another connection.
  redactor.forget();
  logger.resetKeys();
  logger.addContext(context);
  let connection = DEFAULT_CONNECTION;
  let announce: (() => Promise<void>) | undefined;
  try {
    const config = readConfig(process.env);
    const asked = readEvent(event);
    if (!("connection" in asked)) return await serveAll(config, asked, context);
    connection = asked.connection;
    logger.appendKeys({ connection });
    const ports = createPorts(config, connection);
    const answer =
      asked.kind === "tick"
        ? await tick(ports, config, asked, context, (afterwards) => {
            announce = afterwards;
          })
        : await serve(ports, config, asked, context);
    return namingConnection(answer, connection);
  } catch (error) {
    const failure = error instanceof RotationError ? error : conceal(error);
    failure.message = namingConnection(failure.message, connection);
    logger.error(failure.message, { severity: failure.severity, failure: { ...failure } });
    throw failure;
  } finally {
    // Last of all: an event bus that hangs may outlast the run, so the failure must be in the log before.
    await announce?.();
  }
}

function secretsManager(): SecretsManagerClient {
  // Every request is sent again by the store, which knows when to stop; the SDK's retries would only hide its attempts.
  client ??= new SecretsManagerClient({ maxAttempts: 1 });
  return client;
}

function createPorts(config: Config, connection: string, watch: Watch = redactor.watch): Ports {
  const { clientSecretId, eventBusName, baseUrl } = config;
  const { tokenSecretId, accessTokenSecretId, escrow } = placesOf(config, connection);
  const client = secretsManager();
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
  { connection, force }: Extract<AskedOfOne, { kind: "tick" }>,
  context: Context,
  onChange: (announce: () => Promise<void>) => void,
): Promise<RotationResult> {
  let facts: Facts | undefined;
  let verdict: Pick<Verdict, "severity" | "code" | "message"> | undefined;
  try {
    const { unknownOutcomePolicy } = config;
    const { result, ...ended } = await rotate(ports, {
      connection,
      run: runOf(config, context),
      force,
      unknownOutcomePolicy,
      restUntilMs: congestion.untilMs,
      onOutcome(kind, attempt) {
        congestion = afterAnswer(congestion, { connection, kind, attempt, nowMs: clock.now() });
      },
      onFacts(seen) {
        facts = seen;
      },
    });
    const { reason, ...rest } = namingConnection(result, connection);
    const { severity } = (await unused(config, connection, facts)) ?? ended;
    const [code = ""] = reason.split(":");
    verdict = { severity, code, message: reason };
    logger[severity === 4 ? "warn" : "info"](reason, { ...rest, severity });
    return result;
  } catch (error) {
    if (error instanceof RotationError) {
      const { severity, code, message } = error;
      verdict = { severity, code, message: namingConnection(message, connection) };
    }
    throw error;
  } finally {
    const severity = verdict?.severity ?? 4;
    createTelemetry(context.functionName).conclude(measure(measurable(severity, facts, clock.now())));
    const told = verdict;
    if (told) onChange(() => announceChange(ports, connection, told));
  }
}

/** What XT's answers to one connection mean for the others. A new process knows nothing about earlier answers. */
let congestion: Congestion = NO_CONGESTION;

/** The verdict on a `default` without a pair if further connections exist; otherwise `undefined`. */
async function unused({ others }: Config, connection: string, facts: Facts | undefined): Promise<Verdict | undefined> {
  if (others === undefined || connection !== DEFAULT_CONNECTION || !facts || !isBlank(facts)) return undefined;
  try {
    const { judgeUnseeded } = await import("./answer-fleet.ts");
    return await judgeUnseeded(secretsManager(), others);
  } catch {
    // Nobody knows whether there are further connections. Then the verdict stays that of an unseeded `default`.
    return undefined;
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
  asked: Exclude<AskedOfOne, { kind: "tick" }>,
  context: Context,
): Promise<RotationResult | Inspection> {
  const { answerPerson } = await import("./answer-person.ts");
  const answer = await answerPerson(ports, config, asked, { run: runOf(config, context), ...invoked(config, context) });
  if ("outcome" in answer) {
    const { reason, ...rest } = namingConnection(answer, asked.connection);
    logger.info(`${asked.kind}: ${reason}`, rest);
  }
  return answer;
}

async function serveAll(config: Config, asked: AskedOfAll, context: Context): Promise<Answer> {
  const { answerFleet } = await import("./answer-fleet.ts");
  const answer = await answerFleet(invoked(config, context), config, asked);
  if ("unattendedCount" in answer) {
    const { connections, unattendedCount } = answer;
    createTelemetry(context.functionName).conclude({ connections, connectionsUnattended: unattendedCount });
    logger.info("census", { connections, unattended: unattendedCount, mended: answer.mended.length });
  }
  return answer;
}

function invoked(config: Config, context: Context) {
  return {
    client: secretsManager(),
    functionArn: context.invokedFunctionArn,
    deadlineAtMs: deadlineOf(context),
    portsOf: (connection: string) => createPorts(config, connection, UNWATCHED),
  };
}

function runOf({ exchangeTimeoutMs }: Config, context: Context) {
  return { id: context.awsRequestId, nonce: randomUUID(), deadlineAtMs: deadlineOf(context), exchangeTimeoutMs };
}

function deadlineOf(context: Context): number {
  return clock.now() + context.getRemainingTimeInMillis();
}
