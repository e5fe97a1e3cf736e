/**
 * Secrets Manager's quotas. Each is a rule that a rotator can run into, so raising one here hides a failure of
 * production.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 */
export const LIMIT = {
  /** Staging labels across all versions of a secret. */
  labels: 20,
  /** Versions of a secret. Deprecated ones above it are dropped, oldest first. */
  versions: 100,
  /** No version younger than this is dropped, in milliseconds. */
  deprecatedVersionsKeptMs: 24 * 60 * 60 * 1_000,
  /** Bytes of a secret value. */
  valueBytes: 65_536,
  /** Characters of a version's id, which is the ClientRequestToken that it was written under. */
  versionIdLength: { min: 32, max: 64 },
  /** Characters of a staging label. */
  labelLength: 256,
  /** Characters of a secret's name. */
  nameLength: 512,
  /** Characters of a SecretId, of a description and of a key id alike. */
  textLength: 2_048,
  /** Entries on one page of a list. */
  pageEntries: 100,
  /** Tags on a secret, and characters of a tag's key and value. */
  tags: 50,
  tagKeyLength: 128,
  tagValueLength: 256,
  /** Days that a deleted secret can still be recovered. */
  recoveryWindowDays: { min: 7, default: 30, max: 30 },
  /** Requests in a second. Operations in one list share the limit. */
  requests: [
    { operations: ["GetSecretValue"], perSecond: 10_000 },
    { operations: ["DescribeSecret"], perSecond: 40_000 },
    { operations: ["PutSecretValue", "UpdateSecretVersionStage"], perSecond: 50 },
    { operations: ["ListSecrets", "ListSecretVersionIds"], perSecond: 50 },
    { operations: ["CreateSecret"], perSecond: 50 },
    { operations: ["DeleteSecret"], perSecond: 50 },
    { operations: ["RestoreSecret"], perSecond: 50 },
  ],
} as const;
