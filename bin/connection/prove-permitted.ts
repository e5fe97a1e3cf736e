import { randomUUID } from "node:crypto";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { resend } from "../../lambda/adapters/resend.ts";
import { CALM } from "../../lambda/adapters/secret-value.ts";
import { type Operation, onSecret } from "../command-line/aws-failure.ts";
import type { Secrets } from "./look.ts";

/**
 * Sends a request that Secrets Manager must refuse for itself, which it does once it has found it permitted.
 *
 * @param refusals the names of what it is then refused with
 * @throws CommandFailure for any other refusal
 */
export async function provePermitted(
  operation: Operation,
  secretId: string,
  refusals: readonly string[],
  send: (abortSignal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  await onSecret(operation, secretId, async () => {
    try {
      await resend(CALM, send);
    } catch (error) {
      if (!refusals.includes(awsErrorName(error))) throw error;
    }
  });
}

/**
 * Proves, as far as it can be without writing, that the token secret may be written to: asks for a write without a value. A fence
 * would prove more, its key too, and would itself become AWSCURRENT of a secret without a value.
 *
 * @throws CommandFailure
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export async function proveWritable({ client, names }: Pick<Secrets, "client" | "names">): Promise<void> {
  const { tokenSecretId: SecretId } = names;
  const command = new PutSecretValueCommand({ SecretId, ClientRequestToken: randomUUID() });
  const refusals = ["InvalidRequestException", "InvalidParameterException"];
  await provePermitted("PutSecretValue", SecretId, refusals, (abortSignal) => client.send(command, { abortSignal }));
}
