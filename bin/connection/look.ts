import { setTimeout as pause } from "node:timers/promises";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createClientSecret } from "../../lambda/adapters/secret-value.ts";
import { createSecretsManagerStore } from "../../lambda/adapters/secrets-manager-store.ts";
import type { Facts } from "../../lambda/rotation/decide.ts";
import { observe } from "../../lambda/rotation/observe.ts";
import type { ClientSecret, Clock, SecretDescription, StoredValue, TokenStore } from "../../lambda/rotation/ports.ts";
import type { SecretNames } from "../../lambda/rotation/report.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import { CommandFailure } from "../command-line/command-failure.ts";

/** Both secrets, within reach. */
export interface Secrets {
  readonly names: SecretNames;
  readonly client: SecretsManagerClient;
  readonly store: TokenStore;
  readonly clock: Clock;
}

/** What both secrets hold before anything is written. */
export interface Look {
  readonly description: SecretDescription;
  readonly facts: Facts;
  /** The client secret's value; `undefined` where it has none. */
  readonly storedCredentials: StoredValue | undefined;
}

const TORN_LOOKS = 5;
const TORN_PAUSE_MS = 500;
/** There is no logger here whose net would have to know the values. */
export const unwatched = () => undefined;

export function openSecrets(client: SecretsManagerClient, names: SecretNames, clock: Clock): Secrets {
  return { names, client, clock, store: createSecretsManagerStore(client, names.tokenSecretId, clock, unwatched) };
}

/**
 * Makes sure that both secrets exist and may be described, before a person types anything.
 *
 * @throws CommandFailure
 */
export async function reach({ client, names, store, clock }: Secrets): Promise<void> {
  const { tokenSecretId, clientSecretId } = names;
  const clientStore = createSecretsManagerStore(client, clientSecretId, clock, unwatched);
  await onSecret("DescribeSecret", tokenSecretId, () => store.describe());
  await onSecret("DescribeSecret", clientSecretId, () => clientStore.describe());
}

/**
 * Looks at both secrets with the eyes of a tick, so that seeding and rotating cannot differ over what they see.
 *
 * @throws CommandFailure
 */
export async function look({ client, names, store }: Secrets): Promise<Look> {
  const { clientSecretId } = names;
  const clientSecret = createClientSecret(client, clientSecretId, unwatched);
  const storedCredentials = await onSecret("GetSecretValue", clientSecretId, () => clientSecret.read());
  const seenBefore = { id: clientSecretId, read: async () => storedCredentials };
  return { ...(await see(names, store, seenBefore)), storedCredentials };
}

/**
 * Looks until labels and value are of one moment.
 *
 * @throws CommandFailure
 */
export async function see(
  { tokenSecretId }: SecretNames,
  store: TokenStore,
  clientSecret: ClientSecret,
): Promise<Omit<Look, "storedCredentials">> {
  for (let torn = 0; torn < TORN_LOOKS; torn += 1) {
    const seen = await onSecret("GetSecretValue", tokenSecretId, () => observe({ store, clientSecret }, {}));
    if (seen.kind === "seen") return seen;
    await pause(TORN_PAUSE_MS);
  }
  throw new CommandFailure(
    `the labels and the value of ${tokenSecretId} are from two moments, type the same command again in a minute`,
  );
}
