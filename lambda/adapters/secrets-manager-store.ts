import {
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  type ListSecretVersionIdsCommandOutput,
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { LABEL } from "../contract.ts";
import { PairNotStored, StoreUnavailable } from "../rotation/errors.ts";
import type {
  AttemptMark,
  Clock,
  ListedVersion,
  Proof,
  SecretDescription,
  TokenStore,
  VersionId,
} from "../rotation/ports.ts";
import { Sensitive } from "../rotation/sensitive.ts";
import { ID_TAKEN } from "../rotation/stage.ts";
import { awsErrorName, isRefusal } from "./aws-error.ts";
import { resend } from "./resend.ts";
import { CALM, createValueReader, URGENT_ATTEMPT_MS, type Watch } from "./secret-value.ts";
import { versionIdOf } from "./version-id.ts";

/** An answer without the id that was asked for acknowledges nothing, as when a proxy answers 200 with an empty body. */
class Unacknowledged extends Error {
  override readonly name = "Unacknowledged";
}

/** The version holds another value, which no further attempt changes. */
class IdTaken extends Error {
  override readonly name = ID_TAKEN;
}

/** One failure is everyday and over by the next attempt; after this many the other store is worth its loading. */
const TROUBLE_FAILURES = 3;

/**
 * While the pair is at stake no attempt waits long for the one before it, since it may meet a healthy host; each may take its time all
 * the same, since a service that is only slow must be heard; and nothing but success ends them early.
 */
const URGENT = {
  attemptMs: 5_000,
  patienceMs: 800,
  maxAttempts: Number.POSITIVE_INFINITY,
  isFinal: (error: unknown) => error instanceof IdTaken,
};

/** A look in the middle of staging, which must not hold it up. */
const ONE_LOOK = { ...CALM, maxAttempts: 1, attemptMs: URGENT_ATTEMPT_MS };

/**
 * The token secret in Secrets Manager.
 *
 * @param client with `maxAttempts: 1`, since every request is sent again here
 * @param watch told every value that passes, so that it can be kept out of logs
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function createSecretsManagerStore(
  client: SecretsManagerClient,
  secretId: string,
  clock: Clock,
  watch: Watch,
): TokenStore {
  const read = createValueReader(client, secretId, watch);

  async function putOnce(id: VersionId, text: Sensitive, label: string, abortSignal: AbortSignal): Promise<void> {
    const command = new PutSecretValueCommand({
      SecretId: secretId,
      ClientRequestToken: id,
      SecretString: text.reveal(),
      VersionStages: [label],
    });
    const { VersionId: acknowledged } = await client.send(command, { abortSignal });
    if (acknowledged !== id) throw new Unacknowledged();
  }

  /** Whether `id` holds the record now; not where it held something else before. */
  async function claim(id: VersionId, record: string, label: string, forMs: number): Promise<boolean> {
    try {
      const text = new Sensitive(record);
      await resend({ ...CALM, forMs }, (abortSignal) => putOnce(id, text, label, abortSignal));
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
    try {
      const command = new DescribeSecretCommand({ SecretId: secretId });
      return await resend(CALM, async (abortSignal) => {
        const answer = await client.send(command, { abortSignal });
        const { ARN: arn, VersionIdsToStages: stages = {}, CreatedDate: created } = answer;
        if (arn === undefined) throw new Unacknowledged();
        const held = Object.entries(stages).flatMap(([id, labels]) => labels.map((label) => [label, id] as const));
        return { arn, createdAtMs: created?.getTime() ?? 0, holders: new Map(held) };
      });
    } catch (error) {
      throw new StoreUnavailable("secretsmanager", "DescribeSecret", secretId, awsErrorName(error));
    }
  }

  /** After a first try that was refused for a holder of long ago, or whose answer got lost. */
  async function markByFreshLabels(label: AttemptMark, id: VersionId): Promise<"marked" | "unmarked"> {
    try {
      const holder = (await describe()).holders.get(label);
      if (holder !== id) await move(label, holder, id);
      return "marked";
    } catch {
      return "unmarked";
    }
  }

  async function askForPage(command: ListSecretVersionIdsCommand): Promise<ListSecretVersionIdsCommandOutput> {
    try {
      return await resend(CALM, (abortSignal) => client.send(command, { abortSignal }));
    } catch (error) {
      throw new StoreUnavailable("secretsmanager", "ListSecretVersionIds", secretId, awsErrorName(error));
    }
  }

  return {
    versionId: versionIdOf,
    describe,
    readCurrent: () => read({ VersionStage: LABEL.current }),
    readVersion: (id) => read({ VersionId: id }),

    async fence(id, record, untilMs) {
      return (await claim(id, record, LABEL.attempt, untilMs - clock.now())) ? "held" : "collided";
    },

    async voidIssued(id, record) {
      return (await claim(id, record, LABEL.void, CALM.forMs)) ? "void" : "taken";
    },

    async stage(id, pair, untilMs, onTrouble) {
      let failures = 0;
      try {
        await resend({ ...URGENT, forMs: untilMs - clock.now() }, async (abortSignal) => {
          if (failures === TROUBLE_FAILURES) onTrouble?.();
          failures += 1;
          try {
            await putOnce(id, pair, LABEL.issued, abortSignal);
          } catch (error) {
            if (!(error instanceof ResourceExistsException)) throw error;
            const stored = await read({ VersionId: id }, ONE_LOOK);
            // Not seen yet is not another's: reads lag.
            if (stored === undefined) throw error;
            if (!pair.equals(stored.text)) throw new IdTaken();
          }
        });
      } catch (error) {
        throw new PairNotStored(awsErrorName(error));
      } finally {
        watch(pair);
      }
    },

    async mark(label, id, holder) {
      try {
        await move(label, holder, id);
        return "marked";
      } catch {
        return markByFreshLabels(label, id);
      }
    },

    async moveCurrent(from, to) {
      try {
        await move(LABEL.current, from, to);
        return { kind: "moved" };
      } catch (error) {
        if (isRefusal(error)) return { kind: "refused", code: awsErrorName(error) };
        throw new StoreUnavailable("secretsmanager", "UpdateSecretVersionStage", secretId, awsErrorName(error));
      }
    },

    async list() {
      const listed: ListedVersion[] = [];
      let page: ListSecretVersionIdsCommandOutput | undefined;
      do {
        const input = { SecretId: secretId, IncludeDeprecated: true, NextToken: page?.NextToken };
        page = await askForPage(new ListSecretVersionIdsCommand(input));
        for (const { VersionId: versionId = "", VersionStages: labels = [], CreatedDate: created } of page.Versions ??
          [])
          listed.push({ versionId, labels, createdAtMs: created?.getTime() ?? 0 });
      } while (page.NextToken !== undefined);
      return listed;
    },

    async proveWrites() {
      const put = new PutSecretValueCommand({ SecretId: secretId, ClientRequestToken: NOBODYS_ID });
      const absent = { VersionStage: LABEL.seed, MoveToVersionId: NOBODYS_ID };
      const move = new UpdateSecretVersionStageCommand({ SecretId: secretId, ...absent });
      return Promise.all([
        prove("PutSecretValue", (abortSignal) => client.send(put, { abortSignal })),
        prove("UpdateSecretVersionStage", (abortSignal) => client.send(move, { abortSignal })),
      ]);
    },
  };
}

/** No version has this id. */
const NOBODYS_ID = "0".repeat(64);

/** What Secrets Manager answers a request that is permitted and cannot be carried out. */
const UNABLE = ["InvalidRequestException", "InvalidParameterException", "ResourceNotFoundException"];

/** Sends a request that cannot be carried out. Secrets Manager refuses it for that only once it has found it permitted. */
async function prove(operation: string, send: (abortSignal: AbortSignal) => Promise<unknown>): Promise<Proof> {
  try {
    await resend(CALM, send);
  } catch (error) {
    const code = awsErrorName(error);
    if (!UNABLE.includes(code)) return { operation, code };
  }
  return { operation, code: undefined };
}
