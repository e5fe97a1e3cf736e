import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  type ListSecretsCommandOutput,
  RestoreSecretCommand,
  type SecretListEntry,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { connectionSecretNames, DEFAULT_CONNECTION, isConnectionName, LABEL } from "../contract.ts";
import type { ConnectionSecrets, ListedConnection } from "../rotation/fleet-ports.ts";
import { StoreUnavailable } from "../rotation/store-errors.ts";
import { awsErrorName, isRefusal } from "./aws-error.ts";
import { type Persistence, resend } from "./resend.ts";
import { CALM, PATIENT } from "./secret-value.ts";
import { createSecretVersions, describedBy } from "./secret-versions.ts";

export interface ConnectionSecretsOptions {
  /** Beginning of the secrets' names, with its closing slash. */
  readonly prefix: string;
  /** KMS key of the secrets. @default the account's `aws/secretsmanager` key */
  readonly keyId: string | undefined;
}

/** Security Hub's SecretsManager.5 wants every secret to carry a tag. */
const TAGS = [{ Key: "application", Value: "xt-token-rotation" }];

/** The most that one call takes. */
const PAGE = 100;

/** Another host of AWS may not know a new secret for a moment. So ResourceNotFoundException does not end the attempts. */
const UNTIL_KNOWN: Persistence = { ...CALM, maxAttempts: Number.POSITIVE_INFINITY, isFinal: isOtherRefusal };

function isOtherRefusal(error: unknown): boolean {
  return isRefusal(error) && awsErrorName(error) !== "ResourceNotFoundException";
}

/**
 * The secrets of further connections, in Secrets Manager.
 *
 * @param client with `maxAttempts: 1`: this adapter sends requests again by itself
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export function createConnectionSecrets(
  client: SecretsManagerClient,
  { prefix, keyId }: ConnectionSecretsOptions,
): ConnectionSecrets {
  /** Returns whether a secret of this name is scheduled for deletion; then it stays so. */
  async function make(name: string, description: string): Promise<boolean> {
    const command = new CreateSecretCommand({ Name: name, Description: description, KmsKeyId: keyId, Tags: TAGS });
    try {
      await resend(CALM, (abortSignal) => client.send(command, { abortSignal }));
    } catch (error) {
      const code = awsErrorName(error);
      if (code === "InvalidRequestException") return true;
      // The secret exists. This call's own first attempt may have made it, so other hosts of AWS may not know it yet.
      if (code !== "ResourceExistsException") throw new StoreUnavailable("secretsmanager", "CreateSecret", name, code);
    }
    await untilKnown(name);
    return false;
  }

  async function makeOrRestore(name: string, description: string): Promise<boolean> {
    const wasDeleted = await make(name, description);
    if (wasDeleted) {
      await restore(name);
      await untilKnown(name);
    }
    return wasDeleted;
  }

  /** Keeps ticks from renewing the pair that a restored secret holds. Whatever the new code brings takes its place. */
  async function park(name: string): Promise<void> {
    const { describe, move } = createSecretVersions(client, name);
    const { holders } = await describe();
    const current = holders.get(LABEL.current);
    const parked = holders.get(LABEL.parked);
    if (current === undefined || current === parked) return;
    try {
      await move(LABEL.parked, parked, current);
    } catch (error) {
      throw new StoreUnavailable("secretsmanager", "UpdateSecretVersionStage", name, awsErrorName(error));
    }
  }

  async function ask<Answer>(
    persistence: Persistence,
    operation: string,
    name: string,
    send: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await resend(persistence, send);
    } catch (error) {
      throw new StoreUnavailable("secretsmanager", operation, name, awsErrorName(error));
    }
  }

  async function restore(name: string): Promise<void> {
    const command = new RestoreSecretCommand({ SecretId: name });
    await ask(CALM, "RestoreSecret", name, (abortSignal) => client.send(command, { abortSignal }));
  }

  async function untilKnown(name: string): Promise<void> {
    const command = new DescribeSecretCommand({ SecretId: name });
    await ask(UNTIL_KNOWN, "DescribeSecret", name, async (abortSignal) => {
      const { DeletedDate: deleted } = await client.send(command, { abortSignal });
      if (deleted !== undefined) throw new Error("the secret is still scheduled for deletion");
    });
  }

  async function pageAfter(token: string | undefined, size: number): Promise<ListSecretsCommandOutput> {
    const command = new ListSecretsCommand({
      Filters: [{ Key: "name", Values: [prefix] }],
      MaxResults: size,
      NextToken: token,
    });
    return ask(PATIENT, "ListSecrets", `${prefix}*`, (abortSignal) => client.send(command, { abortSignal }));
  }

  return {
    async provide(connection) {
      const { pair, accessToken } = connectionSecretNames(prefix, connection);
      const [wasDeleted] = await Promise.all([
        makeOrRestore(pair, `XT.COM token pair of ${connection}; only the rotation reads it`),
        makeOrRestore(accessToken, describeAccessToken(connection)),
      ]);
      if (wasDeleted) await park(pair);
    },

    async complete(connection) {
      await make(connectionSecretNames(prefix, connection).accessToken, describeAccessToken(connection));
    },

    async exist() {
      let token: string | undefined;
      do {
        const { SecretList: found = [], NextToken: next } = await pageAfter(token, 1);
        if (found.some((entry) => belonging(entry, prefix) !== undefined)) return true;
        token = next;
      } while (token !== undefined);
      return false;
    },

    async list() {
      const listed = new Map<string, ListedConnection>();
      let token: string | undefined;
      do {
        const page = await pageAfter(token, PAGE);
        for (const entry of page.SecretList ?? []) {
          const { connection, ...secret } = belonging(entry, prefix) ?? {};
          if (connection !== undefined) listed.set(connection, { ...listed.get(connection), connection, ...secret });
        }
        token = page.NextToken;
      } while (token !== undefined);
      return [...listed.values()];
    },
  };
}

function describeAccessToken(connection: string): string {
  return `XT.COM access token of ${connection}; workloads read it, only the rotation writes it`;
}

/** Which secret of which connection an entry is; `undefined` for any other secret below the prefix. */
function belonging(entry: SecretListEntry, prefix: string): ListedConnection | undefined {
  const { ARN: arn = "", Name: name = "", CreatedDate: created, SecretVersionsToStages: stages } = entry;
  const [, connection = "", kind] = /^(.*)\/(pair|access-token)$/.exec(name.slice(prefix.length)) ?? [];
  if (!name.startsWith(prefix) || !isConnectionName(connection) || connection === DEFAULT_CONNECTION) return undefined;
  const description = describedBy(arn, created, stages);
  return kind === "pair" ? { connection, token: description } : { connection, accessToken: description };
}
