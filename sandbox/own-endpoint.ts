import { randomUUID } from "node:crypto";
import { checkCredentials, createClient } from "../bin/connection/connect.ts";
import { ENVIRONMENT } from "../lambda/contract.ts";
import { type Ending, runBundle } from "./run-bundle.ts";

/** Secrets behind whatever endpoint and credentials the SDK finds. */
export interface OwnSecrets {
  readonly tokenSecretId: string;
  readonly clientSecretId: string;
}

/** Settings of the function that a person may hand through. */
const PASSED_ON = [
  ENVIRONMENT.baseUrl,
  ENVIRONMENT.unknownOutcomePolicy,
  ENVIRONMENT.exchangeTimeoutMs,
  ENVIRONMENT.escrowParameterPrefix,
  ENVIRONMENT.escrowKeyId,
];

/**
 * A tick of the bundle against an endpoint of the caller's own. The bundle knows credentials from the environment only, so they
 * are looked up here.
 *
 * @throws CommandFailure where there is no region or there are no credentials
 */
export async function createOwnTick(bundle: string, secrets: OwnSecrets): Promise<(force: boolean) => Promise<Ending>> {
  const client = createClient(undefined);
  await checkCredentials(client);
  const { config } = client;
  const region = await config.region();
  const settings = [...PASSED_ON, ...Object.keys(process.env).filter((name) => name.startsWith("AWS_ENDPOINT_URL"))];
  const passedOn = settings.flatMap((name) => {
    const value = process.env[name];
    return value ? [[name, value] as const] : [];
  });
  return async (force) => {
    // Looked up for each tick: a session's credentials expire while one watches.
    const { accessKeyId, secretAccessKey, sessionToken } = await config.credentials();
    return runBundle({
      bundle,
      event: { force },
      requestId: randomUUID(),
      nowMs: Date.now(),
      environment: {
        ...Object.fromEntries(passedOn),
        [ENVIRONMENT.tokenSecretId]: secrets.tokenSecretId,
        [ENVIRONMENT.clientSecretId]: secrets.clientSecretId,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...(sessionToken ? { AWS_SESSION_TOKEN: sessionToken } : {}),
      },
    });
  };
}
