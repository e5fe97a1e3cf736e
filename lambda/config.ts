import type { ConnectionSecretsOptions } from "./adapters/connection-secrets.ts";
import type { SsmEscrowOptions } from "./adapters/ssm-escrow.ts";
import type { TickOptions } from "./adapters/tick-schedules.ts";
import {
  BASE_URL_EXPECTED,
  baseUrlFault,
  connectionSecretNames,
  DEFAULT_BASE_URL,
  DEFAULT_CONNECTION,
  DEFAULT_UNKNOWN_OUTCOME_POLICY,
  ENVIRONMENT,
  EXCHANGE_TIMEOUT_MS,
  UNKNOWN_OUTCOME_POLICIES,
  type UnknownOutcomePolicy,
} from "./contract.ts";
import { InvalidConfiguration, InvalidEvent } from "./rotation/errors.ts";

/** The function's settings. */
export interface Config {
  readonly tokenSecretId: string;
  readonly clientSecretId: string;
  /** Secret that workloads read; if absent, nothing is published. */
  readonly accessTokenSecretId: string | undefined;
  /** Event bus for announcements; if absent, nothing is announced. */
  readonly eventBusName: string | undefined;
  readonly baseUrl: URL;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  readonly exchangeTimeoutMs: number;
  /** Where pairs go that Secrets Manager does not take; if absent, there is no escrow. */
  readonly escrow: SsmEscrowOptions | undefined;
  /** Where further connections are; if absent, `default` is the only connection. */
  readonly others: OtherConnections | undefined;
}

/** Where the secrets and the schedules of further connections are. Those are all connections but `default`. */
export interface OtherConnections extends ConnectionSecretsOptions {
  /** Settings of their schedules; if absent, the function makes no schedules. */
  readonly ticks: TickOptions | undefined;
}

/** Where one connection keeps what is its own. */
export type Places = Pick<Config, "tokenSecretId" | "accessTokenSecretId" | "escrow">;

/**
 * Where the secrets and the escrow of a connection are.
 *
 * @throws InvalidEvent for a further connection if the function has no settings for further connections
 */
export function placesOf(config: Config, connection: string): Places {
  if (connection === DEFAULT_CONNECTION) return config;
  const { others, escrow } = config;
  if (others === undefined) {
    throw new InvalidEvent([
      `connection must be ${DEFAULT_CONNECTION}, since ${ENVIRONMENT.connectionPrefix} is not set`,
    ]);
  }
  const { pair, accessToken } = connectionSecretNames(others.prefix, connection);
  return {
    tokenSecretId: pair,
    accessTokenSecretId: accessToken,
    escrow: escrow && { ...escrow, prefix: `${escrow.prefix}${connection}/` },
  };
}

/**
 * Reads the environment; nothing else in the function does.
 *
 * @throws InvalidConfiguration naming every problem at once
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];

  function required(name: string): string {
    const value = environment[name];
    if (!value) problems.push(`${name} is missing, set it to the secret's name or ARN`);
    return value ?? "";
  }

  const config = {
    tokenSecretId: required(ENVIRONMENT.tokenSecretId),
    clientSecretId: required(ENVIRONMENT.clientSecretId),
    accessTokenSecretId: environment[ENVIRONMENT.accessTokenSecretId] || undefined,
    eventBusName: environment[ENVIRONMENT.eventBusName] || undefined,
    baseUrl: readBaseUrl(environment[ENVIRONMENT.baseUrl] || DEFAULT_BASE_URL, problems),
    unknownOutcomePolicy: readPolicy(environment[ENVIRONMENT.unknownOutcomePolicy], problems),
    exchangeTimeoutMs: readTimeout(environment[ENVIRONMENT.exchangeTimeoutMs], problems),
    escrow: readEscrow(environment, problems),
    others: readOthers(environment, problems),
  };
  if (problems.length > 0) throw new InvalidConfiguration(problems);
  return config;
}

function readBaseUrl(value: string, problems: string[]): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const fault = baseUrlFault(url, true);
  if (fault !== undefined) {
    problems.push(`${ENVIRONMENT.baseUrl} must be ${BASE_URL_EXPECTED}, or http to a loopback address, got ${fault}`);
  }
  return url ?? new URL(DEFAULT_BASE_URL);
}

function readEscrow(
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): SsmEscrowOptions | undefined {
  const prefix = environment[ENVIRONMENT.escrowParameterPrefix];
  if (!prefix) return undefined;
  if (!/^(\/[\w.-]+)+\/$/.test(prefix)) {
    problems.push(`${ENVIRONMENT.escrowParameterPrefix} must be a path of SSM parameters such as /xt-token-rotation/`);
  }
  return { prefix, keyId: environment[ENVIRONMENT.escrowKeyId] || undefined };
}

function readOthers(
  environment: Readonly<Record<string, string | undefined>>,
  problems: string[],
): OtherConnections | undefined {
  const prefix = environment[ENVIRONMENT.connectionPrefix];
  if (!prefix) return undefined;
  if (!/^([\w+=.@-]+\/)+$/.test(prefix)) {
    problems.push(`${ENVIRONMENT.connectionPrefix} must be the beginning of secrets' names such as xt-token-rotation/`);
  }
  const keyId = environment[ENVIRONMENT.escrowKeyId] || undefined;
  const names = [ENVIRONMENT.scheduleGroupName, ENVIRONMENT.scheduleRoleArn, ENVIRONMENT.tickSchedule];
  const [groupName, roleArn, expression] = names.map((name) => environment[name] || undefined);
  if (groupName && roleArn && expression) return { prefix, keyId, ticks: { groupName, roleArn, expression } };
  if (groupName || roleArn || expression) problems.push(`${names.join(", ")} must be set together, or none of them`);
  return { prefix, keyId, ticks: undefined };
}

function readPolicy(value: string | undefined, problems: string[]): UnknownOutcomePolicy {
  if (!value) return DEFAULT_UNKNOWN_OUTCOME_POLICY;
  const policy = UNKNOWN_OUTCOME_POLICIES.find((known) => known === value);
  if (!policy) problems.push(`${ENVIRONMENT.unknownOutcomePolicy} must be ${UNKNOWN_OUTCOME_POLICIES.join(" or ")}`);
  return policy ?? DEFAULT_UNKNOWN_OUTCOME_POLICY;
}

function readTimeout(value: string | undefined, problems: string[]): number {
  if (!value) return EXCHANGE_TIMEOUT_MS.default;
  const timeoutMs = Number(value);
  const { min, max } = EXCHANGE_TIMEOUT_MS;
  if (!Number.isInteger(timeoutMs) || timeoutMs < min || timeoutMs > max) {
    problems.push(`${ENVIRONMENT.exchangeTimeoutMs} must be a whole number of milliseconds from ${min} to ${max}`);
  }
  return timeoutMs;
}
