import { randomUUID } from "node:crypto";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import { createLogger } from "./adapters/logger.ts";
import { noEscrow } from "./adapters/no-escrow.ts";
import { createRedactor } from "./adapters/redactor.ts";
import { createClientSecret } from "./adapters/secret-value.ts";
import { createSecretsManagerStore } from "./adapters/secrets-manager-store.ts";
import { createSsmEscrow } from "./adapters/ssm-escrow.ts";
import { createTelemetry, type Telemetry } from "./adapters/telemetry.ts";
import { createXtEndpoint } from "./adapters/xt-endpoint.ts";
import { type Config, readConfig } from "./config.ts";
import type { RotationResult } from "./contract.ts";
import { readEvent } from "./event.ts";
import { RotationError, UnexpectedFailure } from "./rotation/errors.ts";
import { rotate } from "./rotation/rotate.ts";

const redactor = createRedactor();
const logger = createLogger(redactor);
const clock = { now: () => Date.now() };

/** One client and its connections for the life of the process, so that the staging write finds an open one. */
let client: SecretsManagerClient | undefined;

/**
 * Runs one tick. Input and output: `RotationEvent` and `RotationResult`.
 *
 * @throws RotationError always, so that `Errors` counts every failure and none shows a secret
 */
export async function handler(event: unknown, context: Context): Promise<RotationResult> {
  logger.addContext(context);
  let telemetry: Telemetry | undefined;
  let ending: RotationResult | RotationError;
  try {
    const config = readConfig(process.env);
    const { secretId: tokenSecretId = config.tokenSecretId, force = false } = readEvent(event);
    telemetry = createTelemetry(tokenSecretId, clock);
    ending = await tick({ ...config, tokenSecretId }, force, context, telemetry);
  } catch (error) {
    ending = error instanceof RotationError ? error : concealed(error);
  }
  telemetry?.conclude(ending);
  if (ending instanceof RotationError) {
    logger.error(ending.message, { failure: { ...ending } });
    throw ending;
  }
  const { reason, ...ended } = ending;
  logger[ending.outcome === "halted" ? "warn" : "info"](reason, ended);
  return ending;
}

function tick(config: Config, force: boolean, context: Context, telemetry: Telemetry): Promise<RotationResult> {
  const { tokenSecretId, clientSecretId, unknownOutcomePolicy, exchangeTimeoutMs } = config;
  // Every request is sent again by the store, which knows when to stop; the SDK's retries would only hide its attempts.
  client ??= new SecretsManagerClient({ maxAttempts: 1 });
  const ports = telemetry.watch({
    clock,
    store: createSecretsManagerStore(client, tokenSecretId, clock, redactor.watch),
    escrow: config.escrow ? createSsmEscrow(config.escrow, clock, redactor.watch) : noEscrow,
    clientSecret: createClientSecret(client, clientSecretId, redactor.watch),
    endpoint: createXtEndpoint({ baseUrl: config.baseUrl, timeoutMs: exchangeTimeoutMs }),
    log: logger,
  });
  const deadlineAtMs = clock.now() + context.getRemainingTimeInMillis();
  return rotate(ports, {
    names: { tokenSecretId, clientSecretId },
    run: { id: context.awsRequestId, nonce: randomUUID(), deadlineAtMs, exchangeTimeoutMs },
    force,
    unknownOutcomePolicy,
  });
}

/** An unforeseen error's text and fields may hold a secret; its class and the places it passed cannot. */
function concealed(error: unknown): UnexpectedFailure {
  if (!(error instanceof Error)) return new UnexpectedFailure(typeof error, []);
  const trace = (error.stack ?? "").replace(error.message, "");
  const frames = trace.split("\n").filter((line) => /^\s+at \S+ \(?[\w:/.@ -]+:\d+:\d+\)?$/.test(line));
  return new UnexpectedFailure(error.constructor.name, frames.slice(0, 5));
}
