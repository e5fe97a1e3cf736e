import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { LABEL } from "../contract.ts";
import type { AccessTokenStore, VersionId } from "../rotation/ports.ts";
import { StoreUnavailable } from "../rotation/store-errors.ts";
import { awsErrorName, isRefusal } from "./aws-error.ts";
import { CALM, type Watch } from "./secret-value.ts";
import { createSecretVersions } from "./secret-versions.ts";

/**
 * The access-token secret in Secrets Manager. Its value is never read here.
 *
 * @param watch told every value that passes, so that it can be kept out of logs
 */
export function createAccessTokenStore(client: SecretsManagerClient, secretId: string, watch: Watch): AccessTokenStore {
  const { describe, claim, move } = createSecretVersions(client, secretId);

  async function published(): Promise<VersionId | undefined> {
    return (await describe()).holders.get(LABEL.current);
  }

  return {
    published,

    async publish(id, text, from) {
      watch(text);
      // Where the version exists already, this moves no label, and what it holds came from the same pair.
      await claim(id, text, LABEL.current, CALM.forMs);
      if (from === undefined) return;
      try {
        await move(LABEL.current, from, id);
      } catch (error) {
        // The write itself has moved it, or a peer has.
        if (isRefusal(error) && (await published()) === id) return;
        throw new StoreUnavailable("secretsmanager", "UpdateSecretVersionStage", secretId, awsErrorName(error));
      }
    },
  };
}
