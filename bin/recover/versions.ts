import { ListSecretVersionIdsCommand, type SecretVersionsListEntry } from "@aws-sdk/client-secrets-manager";
import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { resend } from "../../lambda/adapters/resend.ts";
import { CALM } from "../../lambda/adapters/secret-value.ts";
import { type AttemptRecord, readAttemptRecord } from "../../lambda/rotation/attempt-record.ts";
import { StoreUnavailable } from "../../lambda/rotation/errors.ts";
import { isRecord, parseJson } from "../../lambda/rotation/json.ts";
import { readPair } from "../../lambda/rotation/pair-document.ts";
import type { StoredValue, VersionId } from "../../lambda/rotation/ports.ts";
import type { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import type { Secrets } from "../connection/look.ts";

/** What a value turned out to be. */
export type Content =
  | { readonly kind: "pair"; readonly pair: TokenPair; readonly text: Sensitive }
  | { readonly kind: "attempt"; readonly record: AttemptRecord }
  | { readonly kind: "other"; readonly problem: string };

/** One version of the token secret, or one entry of the escrow that is meant for it. */
export interface Version {
  readonly versionId: VersionId;
  readonly place: "token secret" | "escrow";
  /** None on a deprecated version, and on none of the escrow's. */
  readonly labels: readonly string[];
  readonly createdAtMs: number;
  readonly content: Content;
}

/** Versions read at the same time. More would meet the limits that the function's own reads share. */
const READS_AT_ONCE = 8;

/**
 * Every version of the token secret, deprecated ones included, each read by its id.
 *
 * @throws CommandFailure
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html
 */
export async function listVersions(secrets: Secrets): Promise<readonly Version[]> {
  const { names, store } = secrets;
  return await onSecret("GetSecretValue", names.tokenSecretId, async () => {
    const listed = await listIds(secrets);
    const versions: Version[] = [];
    for (let start = 0; start < listed.length; start += READS_AT_ONCE) {
      const some = listed.slice(start, start + READS_AT_ONCE).map(async (entry): Promise<Version> => {
        const { VersionId: versionId = "", VersionStages: labels = [], CreatedDate: created } = entry;
        const stored = await store.readVersion(versionId);
        const createdAtMs = created?.getTime() ?? stored?.createdAtMs ?? 0;
        return { versionId, place: "token secret", labels, createdAtMs, content: readContent(stored) };
      });
      versions.push(...(await Promise.all(some)));
    }
    return versions;
  });
}

async function listIds({ client, names }: Secrets): Promise<readonly SecretVersionsListEntry[]> {
  const { tokenSecretId: SecretId } = names;
  const listed: SecretVersionsListEntry[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const command = new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true, NextToken });
      const page = await resend(CALM, (abortSignal) => client.send(command, { abortSignal }));
      listed.push(...(page.Versions ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    throw new StoreUnavailable("ListSecretVersionIds", SecretId, awsErrorName(error));
  }
  return listed;
}

/** @param stored `undefined` where a version is listed and its value is not served any more */
export function readContent(stored: StoredValue | undefined): Content {
  if (stored === undefined) return { kind: "other", problem: "its value is not served any more" };
  const attempt = readAttemptRecord(stored);
  if (attempt !== undefined) return { kind: "attempt", record: attempt.record };
  if (isVoidRecord(stored)) return { kind: "other", problem: "it stands where a dead attempt's pair never came" };
  const reading = readPair(stored);
  return reading.kind === "pair" && stored.text !== undefined
    ? { kind: "pair", pair: reading.pair, text: stored.text }
    : { kind: "other", problem: reading.kind === "malformed" ? reading.problem : "the value must be text" };
}

/** Whether a version stands in the place of a pair that never came. */
function isVoidRecord({ text }: StoredValue): boolean {
  const document = text === undefined ? undefined : parseJson(text.reveal());
  return isRecord(document) && document["kind"] === "void";
}
