import {
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { ClientSecret, StoredValue } from "../rotation/ports.ts";
import { Sensitive } from "../rotation/sensitive.ts";
import { StoreUnavailable } from "../rotation/store-errors.ts";
import { awsErrorName, isRefusal } from "./aws-error.ts";
import { type Persistence, resend } from "./resend.ts";

/** Told every secret value that is read or written. */
export type Watch = (text: Sensitive) => void;

/** For calls at which nothing is at stake that the next tick does not mend. */
export const CALM: Persistence = { forMs: 15_000, maxAttempts: 3, attemptMs: 5_000, isFinal: isRefusal };

/** For calls whose quota the whole account shares: a throttled call is sent again more often. ListSecrets takes 50 calls a second. */
export const PATIENT: Persistence = { ...CALM, maxAttempts: 8 };

/** One attempt while a pair is at stake: short, since the next may meet a healthy host. */
export const URGENT_ATTEMPT_MS = 1_500;

type Which = Pick<GetSecretValueCommandInput, "VersionId" | "VersionStage">;

/** Reads one version's value; `undefined` where there is none. Rejects with `StoreUnavailable`. */
export function createValueReader(
  client: SecretsManagerClient,
  secretId: string,
  watch: Watch,
): (which: Which, persistence?: Persistence) => Promise<StoredValue | undefined> {
  return async (which, persistence = CALM) => {
    try {
      const command = new GetSecretValueCommand({ SecretId: secretId, ...which });
      return await resend(persistence, async (abortSignal) => {
        const {
          VersionId: versionId,
          SecretString: value,
          CreatedDate: created,
        } = await client.send(command, { abortSignal });
        if (versionId === undefined) throw new Error("the answer names no version");
        const text = value === undefined ? undefined : new Sensitive(value);
        if (text) watch(text);
        return { versionId, text, createdAtMs: created?.getTime() ?? 0 };
      });
    } catch (error) {
      // The same error names a secret that does not exist, which is another matter.
      if (error instanceof ResourceNotFoundException && error.message.includes("secret value")) return undefined;
      throw new StoreUnavailable("secretsmanager", "GetSecretValue", secretId, awsErrorName(error));
    }
  };
}

/** The secret with the client credentials. */
export function createClientSecret(client: SecretsManagerClient, id: string, watch: Watch): ClientSecret {
  const read = createValueReader(client, id, watch);
  return { id, read: () => read({}) };
}
