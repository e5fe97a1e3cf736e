import { randomUUID } from "node:crypto";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { resend } from "../../lambda/adapters/resend.ts";
import { CALM } from "../../lambda/adapters/secret-value.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import type { Secrets } from "./look.ts";

/** Refusals of the request itself, which come once it is found permitted. */
const PERMITTED: ReadonlySet<string> = new Set(["InvalidRequestException", "InvalidParameterException"]);

/**
 * Proves, as far as it can be without writing, that the token secret may be written to: asks for a write without a value, which
 * Secrets Manager must refuse. A fence would prove more, its key too, and would itself become AWSCURRENT of a secret without a value.
 *
 * @throws CommandFailure
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export async function provePermitted({ client, names }: Pick<Secrets, "client" | "names">): Promise<void> {
  const { tokenSecretId: SecretId } = names;
  const command = new PutSecretValueCommand({ SecretId, ClientRequestToken: randomUUID() });
  await onSecret("PutSecretValue", SecretId, async () => {
    try {
      await resend(CALM, (abortSignal) => client.send(command, { abortSignal }));
    } catch (error) {
      if (!PERMITTED.has(awsErrorName(error))) throw error;
    }
  });
}
