import {
  PutSecretValueCommand,
  ResourceExistsException,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { LABEL } from "../contract.ts";
import type { AttemptMark, Clock, Proof, TokenStore, VersionId } from "../rotation/ports.ts";
import { Sensitive } from "../rotation/sensitive.ts";
import { ID_TAKEN, PairNotStored, StoreUnavailable } from "../rotation/store-errors.ts";
import { awsErrorName, isRefusal } from "./aws-error.ts";
import { resend } from "./resend.ts";
import { CALM, createValueReader, URGENT_ATTEMPT_MS, type Watch } from "./secret-value.ts";
import { createSecretVersions } from "./secret-versions.ts";
import { versionIdOf } from "./version-id.ts";

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
  const { describe, put, claim, move, list } = createSecretVersions(client, secretId);

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

  return {
    versionId: versionIdOf,
    describe,
    readCurrent: () => read({ VersionStage: LABEL.current }),
    readVersion: (id) => read({ VersionId: id }),

    async fence(id, record, untilMs) {
      return (await claim(id, new Sensitive(record), LABEL.attempt, untilMs - clock.now())) ? "held" : "collided";
    },

    async voidIssued(id, record) {
      return (await claim(id, new Sensitive(record), LABEL.void, CALM.forMs)) ? "void" : "taken";
    },

    async stage(id, pair, untilMs, onTrouble) {
      let failures = 0;
      try {
        await resend({ ...URGENT, forMs: untilMs - clock.now() }, async (abortSignal) => {
          if (failures === TROUBLE_FAILURES) onTrouble?.();
          failures += 1;
          try {
            await put(id, pair, LABEL.issued, abortSignal);
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

    list,

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
