import { page } from "../aws-json/page.ts";
import type { Operation } from "../aws-json/service.ts";
import { LIMIT } from "./limits.ts";
import { SecretFields } from "./secret-fields.ts";
import { refuseDeleted, type Secret, type SecretState, type Secrets, stateOf } from "./secrets.ts";
import type { StaleReads } from "./stale-reads.ts";
import type { SecretValue } from "./version.ts";
import { findVersion, labelsOf, type Versions } from "./versions.ts";

/** What an operation acts on. */
export interface World {
  readonly secrets: Secrets;
  readonly staleReads: StaleReads;
  /** When the request takes effect, in milliseconds since the epoch. */
  readonly nowMs: number;
}

const PAGING = {
  largest: LIMIT.pageEntries,
  oddSize: "InvalidParameterException",
  oddToken: "InvalidNextTokenException",
} as const;

/** The reads. DescribeSecret and the lists answer for a deleted secret too, as AWS's do. */
export const READ_OPERATIONS: Readonly<Record<string, Operation<World>>> = {
  DescribeSecret(input, { secrets, staleReads }) {
    const fields = new SecretFields("DescribeSecret", input, ["SecretId"]);
    const secret = secrets.find(fields.text("SecretId", LIMIT.textLength));
    const state = staleReads.seenBy("describe", secret);
    return { ...metadataOf(secret, state), VersionIdsToStages: stagesByVersion(state.versions) };
  },

  GetSecretValue(input, { secrets, staleReads }) {
    const fields = new SecretFields("GetSecretValue", input, ["SecretId", "VersionId", "VersionStage"]);
    const versionId = fields.optionalVersionId("VersionId");
    const label = fields.optionalText("VersionStage", LIMIT.labelLength);
    const secret = secrets.find(fields.text("SecretId", LIMIT.textLength));
    const state = staleReads.seenBy(versionId === undefined ? "value-by-label" : "value-by-version", secret);
    refuseDeleted(state);
    const version = findVersion(state.versions, { versionId, label });
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      ...valueFields(version.value),
      VersionStages: labelsOf(state.versions, version.id),
      CreatedDate: seconds(version.createdAtMs),
    };
  },

  ListSecretVersionIds(input, { secrets }) {
    const known = ["SecretId", "IncludeDeprecated", "MaxResults", "NextToken"] as const;
    const fields = new SecretFields("ListSecretVersionIds", input, known);
    const secret = secrets.find(fields.text("SecretId", LIMIT.textLength));
    const isComplete = fields.optionalFlag("IncludeDeprecated") === true;
    const { versions } = stateOf(secret);
    const listed = [...versions.byId.values()]
      .map(({ id, createdAtMs }, index) => ({ id, createdAtMs, index, labels: labelsOf(versions, id) }))
      .filter(({ labels }) => isComplete || labels.length > 0);
    const { entries, next } = page(listed, ({ index }) => index, fields, PAGING);
    return {
      ARN: secret.arn,
      Name: secret.name,
      Versions: entries.map(({ id, createdAtMs, labels }) => {
        return { VersionId: id, VersionStages: labels, CreatedDate: seconds(createdAtMs) };
      }),
      NextToken: next,
    };
  },

  ListSecrets(input, { secrets, staleReads }) {
    const known = ["Filters", "IncludePlannedDeletion", "MaxResults", "NextToken"] as const;
    const fields = new SecretFields("ListSecrets", input, known);
    const isComplete = fields.optionalFlag("IncludePlannedDeletion") === true;
    const prefix = fields.optionalNameFilter("Filters") ?? "";
    const listed = secrets.all.filter((secret) => {
      if (!secret.name.startsWith(prefix)) return false;
      const state = staleReads.listed(secret);
      return state !== undefined && (isComplete || state.deletion === undefined);
    });
    const { entries, next } = page(listed, ({ nth }) => nth, fields, PAGING);
    const SecretList = entries.map((secret) => {
      const state = staleReads.listed(secret) ?? stateOf(secret);
      return { ...metadataOf(secret, state), SecretVersionsToStages: stagesByVersion(state.versions) };
    });
    return { SecretList, NextToken: next };
  },
};

/** Times travel as seconds since the epoch, with a fraction. */
export function seconds(ms: number): number {
  return ms / 1_000;
}

/** JSON leaves absent values out, so nothing here needs to. */
function metadataOf(secret: Secret, { changedAtMs, deletion }: SecretState): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    Tags: secret.tags.map(({ key, value }) => ({ Key: key, Value: value })),
    CreatedDate: seconds(secret.createdAtMs),
    LastChangedDate: seconds(changedAtMs),
    DeletedDate: deletion === undefined ? undefined : seconds(deletion.requestedAtMs),
  };
}

/** Labelled versions only. Absent for a secret without any, as on AWS. */
function stagesByVersion(versions: Versions): Readonly<Record<string, readonly string[]>> | undefined {
  if (versions.holders.size === 0) return undefined;
  return Object.fromEntries([...new Set(versions.holders.values())].map((id) => [id, labelsOf(versions, id)]));
}

function valueFields(value: SecretValue): object {
  return value.kind === "text" ? { SecretString: value.text } : { SecretBinary: value.base64 };
}
