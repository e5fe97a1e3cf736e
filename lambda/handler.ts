import { randomUUID } from "node:crypto";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { createLogger } from "./adapters/logger.ts";
import { noEscrow } from "./adapters/no-escrow.ts";
import { createRedactor } from "./adapters/redactor.ts";
import { createClientSecret } from "./adapters/secret-value.ts";
import { createSecretsManagerStore } from "./adapters/secrets-manager-store.ts";
import { createSsmEscrow } from "./adapters/ssm-escrow.ts";
import { createTelemetry, type Measurable, measure } from "./adapters/telemetry.ts";
import { createXtEndpoint } from "./adapters/xt-endpoint.ts";
import { type Config, readConfig } from "./config.ts";
import type { Inspection, RotationResult, Severity } from "./contract.ts";
import { type Asked, readEvent } from "./event.ts";
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
  try {
    const config = readConfig(process.env);
    const asked = readEvent(event);
    const ports = createPorts(config);
    return asked.kind === "tick"
      ? await tick(ports, config, asked, context)
      : await serve(ports, config, asked, context);
  } catch (error) {
    const failure = error instanceof RotationError ? error : concealed(error);
    logger.error(failure.message, { failure: { ...failure } });
    throw failure;
  }
}

function createPorts({ tokenSecretId, clientSecretId, escrow, baseUrl, exchangeTimeoutMs }: Config): Ports {
  // Every request is sent again by the store, which knows when to stop; the SDK's retries would only hide its attempts.
  client ??= new SecretsManagerClient({ maxAttempts: 1 });
  return {
    clock,
    store: createSecretsManagerStore(client, tokenSecretId, clock, redactor.watch),
    escrow: escrow ? createSsmEscrow(escrow, clock, redactor.watch) : noEscrow,
    clientSecret: createClientSecret(client, clientSecretId, redactor.watch),
    endpoint: createXtEndpoint({ baseUrl, timeoutMs: exchangeTimeoutMs }),
    log: logger,
  };
}

async function tick(
  ports: Ports,
  config: Config,
  { connection, force }: Extract<Asked, { kind: "tick" }>,
  context: Context,
): Promise<RotationResult> {
  let facts: Facts | undefined;
  let severity: Severity = 4;
  try {
    const onFacts = (seen: Facts) => {
      facts = seen;
    };
    const { unknownOutcomePolicy } = config;
    const ended = await rotate(ports, {
      connection,
      run: runOf(config, context),
      force,
      unknownOutcomePolicy,
      onFacts,
    });
    severity = ended.severity;
    const { reason, ...result } = ended.result;
    logger[severity === 4 ? "warn" : "info"](reason, result);
    return ended.result;
  } catch (error) {
    if (error instanceof RotationError) severity = error.severity;
    throw error;
  } finally {
    createTelemetry(context.functionName).conclude(measure(measurable(severity, facts, clock.now())));
  }
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
  return answerPerson(ports, config, asked, runOf(config, context));
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
