import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  ListSecretVersionIdsCommand,
  type ListSecretVersionIdsCommandOutput,
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { ListedVersion, SecretDescription, VersionId } from "../rotation/ports.ts";
import type { Sensitive } from "../rotation/sensitive.ts";
import { StoreUnavailable } from "../rotation/store-errors.ts";
import { awsErrorName } from "./aws-error.ts";
import { resend } from "./resend.ts";
import { CALM } from "./secret-value.ts";

/** An answer without the id that was asked for acknowledges nothing, as when a proxy answers 200 with an empty body. */
class Unacknowledged extends Error {
  override readonly name = "Unacknowledged";
}

/** What is done with the versions of any secret. All but `put` send a request again where that may help. */
export interface SecretVersions {
  /** Rejects with `StoreUnavailable`. */
  describe(): Promise<SecretDescription>;
  /** One attempt at writing a version. Rejects with the service's error. */
  put(id: VersionId, text: Sensitive, label: string, abortSignal: AbortSignal): Promise<void>;
  /** Whether `id` holds the text now; not where it held something else before. Rejects with `StoreUnavailable`. */
  claim(id: VersionId, text: Sensitive, label: string, forMs: number): Promise<boolean>;
  /** Moves a label by compare-and-swap. Rejects with the service's error. */
  move(label: string, from: VersionId | undefined, to: VersionId): Promise<void>;
  /** Rejects with `StoreUnavailable`. */
  list(): Promise<readonly ListedVersion[]>;
}

/**
 * @param client with `maxAttempts: 1`, since every request is sent again here
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function createSecretVersions(client: SecretsManagerClient, secretId: string): SecretVersions {
  async function put(id: VersionId, text: Sensitive, label: string, abortSignal: AbortSignal): Promise<void> {
    const command = new PutSecretValueCommand({
      SecretId: secretId,
      ClientRequestToken: id,
      SecretString: text.reveal(),
      VersionStages: [label],
    });
    const { VersionId: acknowledged } = await client.send(command, { abortSignal });
    if (acknowledged !== id) throw new Unacknowledged();
  }

  async function claim(id: VersionId, text: Sensitive, label: string, forMs: number): Promise<boolean> {
    try {
      await resend({ ...CALM, forMs }, (abortSignal) => put(id, text, label, abortSignal));
      return true;
    } catch (error) {
      if (error instanceof ResourceExistsException) return false;
      throw new StoreUnavailable("secretsmanager", "PutSecretValue", secretId, awsErrorName(error));
    }
  }

  async function move(label: string, from: VersionId | undefined, to: VersionId): Promise<void> {
    const command = { SecretId: secretId, VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from };
    await resend(CALM, async (abortSignal) => {
      const { ARN: arn } = await client.send(new UpdateSecretVersionStageCommand(command), { abortSignal });
      if (arn === undefined) throw new Unacknowledged();
    });
  }

  async function describe(): Promise<SecretDescription> {
    const {
      ARN: arn,
      VersionIdsToStages: stages = {},
      CreatedDate: created,
      DeletedDate: deleted,
    } = await askForLabels();
    // DescribeSecret answers for a secret that is scheduled for deletion, and nobody can read its value.
    if (deleted !== undefined) {
      throw new StoreUnavailable("secretsmanager", "DescribeSecret", secretId, "InvalidRequestException");
    }
    return describedBy(arn, created, stages);
  }

  async function askForLabels(): Promise<DescribeSecretCommandOutput & { readonly ARN: string }> {
    try {
      const command = new DescribeSecretCommand({ SecretId: secretId });
      return await resend(CALM, async (abortSignal) => {
        const { ARN, ...rest } = await client.send(command, { abortSignal });
        if (ARN === undefined) throw new Unacknowledged();
        return { ARN, ...rest };
      });
    } catch (error) {
      throw new StoreUnavailable("secretsmanager", "DescribeSecret", secretId, awsErrorName(error));
    }
  }

  async function askForPage(command: ListSecretVersionIdsCommand): Promise<ListSecretVersionIdsCommandOutput> {
    try {
      return await resend(CALM, (abortSignal) => client.send(command, { abortSignal }));
    } catch (error) {
      throw new StoreUnavailable("secretsmanager", "ListSecretVersionIds", secretId, awsErrorName(error));
    }
  }

  async function list(): Promise<readonly ListedVersion[]> {
    const listed: ListedVersion[] = [];
    let page: ListSecretVersionIdsCommandOutput | undefined;
    do {
      const input = { SecretId: secretId, IncludeDeprecated: true, NextToken: page?.NextToken };
      page = await askForPage(new ListSecretVersionIdsCommand(input));
      for (const { VersionId: versionId = "", VersionStages: labels = [], CreatedDate: created } of page.Versions ?? [])
        listed.push({ versionId, labels, createdAtMs: created?.getTime() ?? 0 });
    } while (page.NextToken);
    return listed;
  }

  return { describe, put, claim, move, list };
}

/** A secret's labels, from an answer of DescribeSecret or ListSecrets. */
export function describedBy(
  arn: string,
  created: Date | undefined,
  stages: Readonly<Record<string, readonly string[]>> = {},
): SecretDescription {
  const held = Object.entries(stages).flatMap(([id, labels]) => labels.map((label) => [label, id] as const));
  return { arn, createdAtMs: created?.getTime() ?? 0, holders: new Map(held) };
}
