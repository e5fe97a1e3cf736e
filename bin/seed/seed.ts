import { createHash, randomUUID } from "node:crypto";
import { ResourceExistsException } from "@aws-sdk/client-secrets-manager";
import { LABEL } from "../../lambda/contract.ts";
import { isRecord } from "../../lambda/rotation/json.ts";
import { writePair } from "../../lambda/rotation/pair-document.ts";
import { parsePasted } from "../../lambda/rotation/pasted.ts";
import type { ClientCredentials, VersionId } from "../../lambda/rotation/ports.ts";
import { promote } from "../../lambda/rotation/promote.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { type Look, look, type Secrets } from "../connection/look.ts";
import { againstCredentials, findObstacles, holdsSameToken } from "../connection/obstacles.ts";
import { putSecretValue } from "../connection/put-secret-value.ts";
import type { Seed } from "./seed-document.ts";

/** What became of one secret. */
export type Written =
  | { readonly kind: "unchanged"; readonly versionId: VersionId }
  /** `replaced` is now AWSPREVIOUS; `undefined` where the secret had no value. */
  | { readonly kind: "written"; readonly versionId: VersionId; readonly replaced: VersionId | undefined };

/** Nothing is written. */
interface Refusal {
  readonly kind: "refused";
  readonly obstacles: readonly string[];
}

export type Seeding = { readonly kind: "seeded"; readonly pair: Written } | Refusal;

export type CredentialsSeeding = { readonly kind: "seeded"; readonly credentials: Written } | Refusal;

/**
 * Look, judge, write; the pair last, so that whatever fails on the way leaves nothing half live.
 *
 * ```
 *   a │ credentials  PutSecretValue                      dies here: a known client or none, and the old pair
 *   b │ pair         PutSecretValue XT_SEED              dies here: the old pair lives, the next seeding takes the label along
 *   c │ current      UpdateSecretVersionStage, from the version that was looked at
 * ```
 *
 * A secret without a value has nothing to compare with, and takes the pair as AWSCURRENT in one write.
 *
 * @param onCredentials told as soon as the client secret is in order, since what follows may fail
 * @throws CommandFailure
 */
export async function seedConnection(
  secrets: Secrets,
  seed: Seed,
  overwrite: boolean,
  onCredentials: (written: Written) => void,
): Promise<Seeding> {
  const seen = await look(secrets);
  const obstacles = findObstacles(secrets.names, seen, seed, secrets.clock.now());
  if (obstacles.length > 0 && !overwrite) return { kind: "refused", obstacles };
  onCredentials(await writeCredentials(secrets, seen, seed.credentials));
  return { kind: "seeded", pair: await writeSeededPair(secrets, seen, seed) };
}

/**
 * The client credentials alone; the pair stays as it is.
 *
 * @throws CommandFailure
 */
export async function seedCredentials(
  secrets: Secrets,
  credentials: ClientCredentials,
  overwrite: boolean,
): Promise<CredentialsSeeding> {
  const seen = await look(secrets);
  const obstacles = againstCredentials(secrets.names.clientSecretId, seen, credentials);
  if (obstacles.length > 0 && !overwrite) return { kind: "refused", obstacles };
  return { kind: "seeded", credentials: await writeCredentials(secrets, seen, credentials) };
}

async function writeCredentials(
  { client, names }: Secrets,
  seen: Look,
  credentials: ClientCredentials,
): Promise<Written> {
  const { clientSecretId: secretId } = names;
  const { storedCredentials: stored, facts } = seen;
  const { clientId, clientSecret } = credentials;
  const held = facts.clientCredentials.kind === "credentials" ? facts.clientCredentials.credentials : undefined;
  if (stored && held?.clientId.equals(clientId) && held.clientSecret.equals(clientSecret)) {
    return { kind: "unchanged", versionId: stored.versionId };
  }
  // Fields that somebody put beside the credentials are theirs; a value that holds no credentials is replaced as a whole.
  const document = held && stored?.text ? parsePasted(stored.text.reveal()) : undefined;
  const beside = isRecord(document) ? document : {};
  const text = new Sensitive(
    JSON.stringify({ ...beside, client_id: clientId.reveal(), client_secret: clientSecret.reveal() }),
  );
  const id = randomUUID();
  await onSecret("PutSecretValue", secretId, () => putSecretValue(client, { secretId, id, text }));
  return { kind: "written", versionId: id, replaced: stored?.versionId };
}

async function writeSeededPair(secrets: Secrets, { facts, description }: Look, seed: Seed): Promise<Written> {
  const { current } = facts;
  const text = writePair(seed.pair);
  if (current.kind === "absent") return writeFirstPair(secrets, description.arn, text);
  if (holdsSameToken(facts, seed)) return { kind: "unchanged", versionId: current.versionId };
  return replacePair(secrets, current.versionId, text);
}

/**
 * The first value's id is the same for everybody, so that of two people who seed an empty secret one is told, as is whoever took a
 * seeded secret for empty through a stale read.
 */
async function writeFirstPair({ client, names }: Secrets, arn: string, text: Sensitive): Promise<Written> {
  const { tokenSecretId: secretId } = names;
  const id = createHash("sha256")
    .update(JSON.stringify([arn, "seed"]))
    .digest("hex");
  await onSecret("PutSecretValue", secretId, async () => {
    try {
      await putSecretValue(client, { secretId, id, text });
    } catch (error) {
      if (error instanceof ResourceExistsException) throw overtaken(secretId, id);
      throw error;
    }
  });
  return { kind: "written", versionId: id, replaced: undefined };
}

/**
 * XT_SEED is left on its version. Beside AWSCURRENT it says nothing more, the next seeding takes it along, and removing it would be
 * one more call to fail after all is done. After a lost race it keeps the pair that a person brought from being deleted.
 */
async function replacePair({ client, names, store }: Secrets, from: VersionId, text: Sensitive): Promise<Written> {
  const { tokenSecretId: secretId } = names;
  const id = randomUUID();
  await onSecret("PutSecretValue", secretId, () => putSecretValue(client, { secretId, id, text, label: LABEL.seed }));
  const promotion = await onSecret("UpdateSecretVersionStage", secretId, () => promote(store, from, id));
  if (promotion.kind === "superseded") throw overtaken(secretId, promotion.by, id);
  return { kind: "written", versionId: id, replaced: from };
}

function overtaken(secretId: string, by: VersionId | undefined, left?: VersionId): CommandFailure {
  const kept = left === undefined ? "" : `, your pair is not in use and stays in version ${left} under ${LABEL.seed}`;
  return new CommandFailure(
    `AWSCURRENT of ${secretId} was moved to version ${by} by a rotation or by somebody else meanwhile${kept}, type the same command ` +
      "again to look afresh",
  );
}
