import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  type SecretsManagerOptions,
  type SecretsManagerStandIn,
  startSecretsManager,
} from "../../../sandbox/secrets-manager/server.ts";
import { clientOf } from "../client-of.ts";

export const NOW_MS = Date.parse("2026-11-23T12:00:00Z");

/** A stand-in and the real client that talks to it. Both end with the test. */
export async function start(
  options: SecretsManagerOptions = {},
): Promise<{ readonly standIn: SecretsManagerStandIn; readonly client: SecretsManagerClient }> {
  const standIn = await startSecretsManager({ now: () => NOW_MS, ...options });
  return { standIn, client: clientOf(standIn, SecretsManagerClient) };
}
