import type { SsmEscrowOptions } from "./adapters/ssm-escrow.ts";
import {
  BASE_URL_EXPECTED,
  baseUrlFault,
  DEFAULT_BASE_URL,
  DEFAULT_UNKNOWN_OUTCOME_POLICY,
  ENVIRONMENT,
  EXCHANGE_TIMEOUT_MS,
  UNKNOWN_OUTCOME_POLICIES,
  type UnknownOutcomePolicy,
} from "./contract.ts";
import { InvalidConfiguration } from "./rotation/errors.ts";

/** The function's settings. */
export interface Config {
  readonly tokenSecretId: string;
  readonly clientSecretId: string;
  /** Secret that workloads read; nothing is published where it is absent. */
  readonly accessTokenSecretId: string | undefined;
  /** Where changes are announced; nowhere where it is absent. */
  readonly eventBusName: string | undefined;
  readonly baseUrl: URL;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  readonly exchangeTimeoutMs: number;
  /** Where pairs go that Secrets Manager does not take; nowhere else where it is absent. */
  readonly escrow: SsmEscrowOptions | undefined;
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
