import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { LABEL } from "../contract.ts";
import { PairNotStored, StoreUnavailable } from "../rotation/errors.ts";
import type { Clock, SecretDescription, TokenStore, VersionId } from "../rotation/ports.ts";
import { Sensitive } from "../rotation/sensitive.ts";
import { awsErrorName, isRefusal } from "./aws-error.ts";
import { type Persistence, resend } from "./resend.ts";
import { CALM, createValueReader, type Watch } from "./secret-value.ts";
import { versionIdOf } from "./version-id.ts";

/** While the pair is at stake attempts are short, since the next may meet a healthy host, and nothing but success ends them early. */
const URGENT = {
  attemptMs: 1_500,
  maxAttempts: Number.POSITIVE_INFINITY,
  isFinal: (error: unknown) => error instanceof ResourceExistsException,
};

/** An answer without the id that was asked for acknowledges nothing, as when a proxy answers 200 with an empty body. */
class Unacknowledged extends Error {
  override readonly name = "Unacknowledged";
}

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

  async function put(id: VersionId, text: Sensitive, label: string, persistence: Persistence): Promise<void> {
    const command = {
      SecretId: secretId,
      ClientRequestToken: id,
      SecretString: text.reveal(),
      VersionStages: [label],
    };
    await resend(persistence, async (abortSignal) => {
      const { VersionId: acknowledged } = await client.send(new PutSecretValueCommand(command), { abortSignal });
      if (acknowledged !== id) throw new Unacknowledged();
    });
  }

  async function move(label: string, from: VersionId | undefined, to: VersionId): Promise<void> {
    const command = { SecretId: secretId, VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from };
    await resend(CALM, (abortSignal) => client.send(new UpdateSecretVersionStageCommand(command), { abortSignal }));
  }

  async function describe(): Promise<SecretDescription> {
    try {
      const command = new DescribeSecretCommand({ SecretId: secretId });
      return await resend(CALM, async (abortSignal) => {
        const { ARN: arn, VersionIdsToStages: stages = {} } = await client.send(command, { abortSignal });
        if (arn === undefined) throw new Unacknowledged();
        const held = Object.entries(stages).flatMap(([id, labels]) => labels.map((label) => [label, id] as const));
        return { arn, holders: new Map(held) };
      });
    } catch (error) {
      throw new StoreUnavailable("DescribeSecret", secretId, awsErrorName(error));
    }
  }

  return {
    versionId: versionIdOf,
    describe,
    readCurrent: () => read({ VersionStage: LABEL.current }),
    readVersion: (id) => read({ VersionId: id }),

    async fence(id, record, untilMs) {
      try {
        await put(id, new Sensitive(record), LABEL.attempt, { ...CALM, forMs: untilMs - clock.now() });
        return "held";
      } catch (error) {
        if (error instanceof ResourceExistsException) return "collided";
        throw new StoreUnavailable("PutSecretValue", secretId, awsErrorName(error));
      }
    },

    async stage(id, pair, untilMs) {
      try {
        await put(id, pair, LABEL.issued, { ...URGENT, forMs: untilMs - clock.now() });
      } catch (error) {
        const stored = error instanceof ResourceExistsException ? await read({ VersionId: id }) : undefined;
        if (!pair.equals(stored?.text)) throw new PairNotStored(awsErrorName(error));
      } finally {
        watch(pair);
      }
    },

    async markUnspent(id, holder) {
      try {
        await move(LABEL.unspent, holder, id);
        return "marked";
      } catch (error) {
        return isRefusal(error) && (await describe()).holders.get(LABEL.unspent) === id ? "marked" : "unmarked";
      }
    },

    async moveCurrent(from, to) {
      try {
        await move(LABEL.current, from, to);
        return { kind: "moved" };
      } catch (error) {
        if (isRefusal(error)) return { kind: "refused", code: awsErrorName(error) };
        throw new StoreUnavailable("UpdateSecretVersionStage", secretId, awsErrorName(error));
      }
    },
  };
}
