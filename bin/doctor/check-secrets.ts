import { DescribeSecretCommand, UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import { resend } from "../../lambda/adapters/resend.ts";
import { CALM, createClientSecret, createValueReader } from "../../lambda/adapters/secret-value.ts";
import { readClientCredentials } from "../../lambda/rotation/client-credentials.ts";
import { readPair } from "../../lambda/rotation/pair-document.ts";
import type { StoredValue } from "../../lambda/rotation/ports.ts";
import { logCommandLine } from "../command-line/aws-command-line.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import { credentialsCommandLine, nextCommand } from "../command-line/next-command.ts";
import { unwatched } from "../connection/look.ts";
import { provePermitted, proveWritable } from "../connection/prove-permitted.ts";
import { bad, type Check, type Examination, good, type Remark, warning } from "./checks.ts";

/** What Secrets Manager says of a secret beside its versions. */
export interface SecretFacts {
  readonly keyId: string | undefined;
  readonly isRotatedNatively: boolean;
}

/** @throws CommandFailure */
export function describeSecret({ client }: Examination, secretId: string): Promise<SecretFacts> {
  return onSecret("DescribeSecret", secretId, () =>
    resend(CALM, async (abortSignal) => {
      const answer = await client.send(new DescribeSecretCommand({ SecretId: secretId }), { abortSignal });
      return { keyId: answer.KmsKeyId, isRotatedNatively: answer.RotationEnabled === true };
    }),
  );
}

/** Both secrets exist, may be read, and hold what they should. */
export function secretChecks(examination: Examination): readonly Check[] {
  const { tokenSecretId, clientSecretId } = examination.target.config;
  return [
    { title: "token secret", examine: () => examineTokenSecret(examination, tokenSecretId) },
    { title: "client secret", examine: () => examineClientSecret(examination, clientSecretId) },
    { title: "writing", examine: () => examineWriting(examination, tokenSecretId) },
  ];
}

async function examineTokenSecret(examination: Examination, secretId: string): Promise<Remark> {
  const { client, target } = examination;
  const facts = await describeSecret(examination, secretId);
  const read = createValueReader(client, secretId, unwatched);
  const stored = await onSecret("GetSecretValue", secretId, () => read({}));
  if (stored === undefined) {
    return bad(`${secretId} can be read and has no value, nobody has seeded it`, nextCommand(target, "seed"));
  }
  const reading = readPair(stored);
  if (reading.kind === "malformed") {
    return bad(`${secretId} holds no token pair, ${reading.problem}`, nextCommand(target, "recover"));
  }
  if (facts.isRotatedNatively) {
    const next = `aws secretsmanager cancel-rotate-secret --secret-id ${secretId}`;
    return warning(
      `${secretId} has a rotation of Secrets Manager's own, which would spend the refresh token too`,
      next,
    );
  }
  return good(`${secretId} can be described and read, and holds a token pair`);
}

async function examineClientSecret(examination: Examination, secretId: string): Promise<Remark> {
  const { client, target } = examination;
  await describeSecret(examination, secretId);
  const [stored, pair] = await Promise.all([
    onSecret("GetSecretValue", secretId, () => createClientSecret(client, secretId, unwatched).read()),
    readPairQuietly(examination),
  ]);
  const reading = readClientCredentials(stored);
  const next = credentialsCommandLine(target);
  if (reading.kind === "unusable") {
    // Whatever is then written there may overwrite the pair.
    return pair?.kind === "malformed"
      ? bad(
          `${secretId} ${reading.problem}, and the token secret holds no pair: they may be exchanged, check both names`,
        )
      : bad(`${secretId} ${reading.problem}`, next);
  }
  const grantedTo = pair?.kind === "pair" ? pair.pair.clientId : undefined;
  if (grantedTo !== undefined && grantedTo !== reading.credentials.clientId.reveal()) {
    const sentence = `${secretId} holds another client than the one that the token pair was issued to`;
    return bad(`${sentence}: one of the two secrets may belong to another connection, check both names`);
  }
  return good(
    `${secretId} can be described and read, and holds client credentials; only XT knows whether it accepts them`,
  );
}

/** The pair for comparison; what is wrong with it is told by the check of its own secret. */
async function readPairQuietly({ client, target }: Examination) {
  const read = createValueReader(client, target.config.tokenSecretId, unwatched);
  const stored: StoredValue | undefined = await read({}).catch(() => undefined);
  return stored && readPair(stored);
}

/** For checks that need a description which another check has found missing. */
export const UNDESCRIBED: Remark = { kind: "unchecked", sentence: "not checked, since a secret cannot be described" };

/** A label and a version that nobody has, so that the request cannot take effect whatever Secrets Manager thinks of it. */
const NOWHERE = { VersionStage: "XT_DOCTOR", RemoveFromVersionId: "0".repeat(64) } as const;

async function examineWriting(examination: Examination, secretId: string): Promise<Remark> {
  const { client, target } = examination;
  // Where the secret is missing, the request would be refused for that and not for its nowhere.
  const isThere = await describeSecret(examination, secretId).then(
    () => true,
    () => false,
  );
  if (!isThere) return UNDESCRIBED;
  const command = new UpdateSecretVersionStageCommand({ SecretId: secretId, ...NOWHERE });
  const refusals = ["ResourceNotFoundException", "InvalidParameterException", "InvalidRequestException"];
  try {
    await provePermitted("UpdateSecretVersionStage", secretId, refusals, (abortSignal) =>
      client.send(command, { abortSignal }),
    );
    await proveWritable({ client, names: target.config });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The function writes with a role of its own; only rotating, seeding and recovering from here need this.
    return warning(`you cannot write from here: ${error.message}`);
  }
  const log = logCommandLine(target);
  const functions =
    log === undefined
      ? "the function's own rights show in its log"
      : `the function's own rights show in its log: ${log}`;
  return good(`you may write versions and move labels, as far as it can be tried without doing so; ${functions}`);
}
