import { PutSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { resend } from "../../lambda/adapters/resend.ts";
import { CALM } from "../../lambda/adapters/secret-value.ts";
import type { VersionId } from "../../lambda/rotation/ports.ts";
import type { Sensitive } from "../../lambda/rotation/sensitive.ts";

/** One version to be written. */
export interface NewVersion {
  readonly secretId: string;
  /** Chosen by the caller, 32 to 64 characters: sent again under the same id, the write is the same write. */
  readonly id: VersionId;
  readonly text: Sensitive;
  /** Where it is given, only this label is placed; else AWSCURRENT moves to the version at once. */
  readonly label?: string;
}

/**
 * Writes one version and returns once it is acknowledged.
 *
 * @throws ResourceExistsException where the id holds another value
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export async function putSecretValue(client: SecretsManagerClient, version: NewVersion): Promise<void> {
  const { secretId, id, text, label } = version;
  const command = new PutSecretValueCommand({
    SecretId: secretId,
    ClientRequestToken: id,
    SecretString: text.reveal(),
    ...(label === undefined ? {} : { VersionStages: [label] }),
  });
  await resend(CALM, async (abortSignal) => {
    const { VersionId: acknowledged } = await client.send(command, { abortSignal });
    if (acknowledged !== id) throw new Error("the answer acknowledges nothing");
  });
}
