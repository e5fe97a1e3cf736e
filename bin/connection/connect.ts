import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { CommandFailure } from "../command-line/command-failure.ts";

/**
 * A client with the SDK's whole credential chain.
 *
 * @param region `undefined`: from the environment or the profile
 */
export function createClient(region: string | undefined): SecretsManagerClient {
  // Every request is sent again by whoever makes it, as in the function.
  return new SecretsManagerClient({ maxAttempts: 1, ...(region === undefined ? {} : { region }) });
}

/**
 * Looks region and credentials up: what is missing here should be told before a person types a secret, and as itself, not as the
 * failure of some call.
 *
 * @throws CommandFailure
 */
export async function checkCredentials(client: SecretsManagerClient): Promise<void> {
  try {
    await client.config.region();
  } catch {
    throw new CommandFailure("no AWS region is configured, add --region or set AWS_REGION");
  }
  try {
    await client.config.credentials();
  } catch (error) {
    throw new CommandFailure(
      `no AWS credentials were found (${awsErrorName(error)}), sign in (aws sso login) and set AWS_PROFILE, or set ` +
        "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    );
  }
}
