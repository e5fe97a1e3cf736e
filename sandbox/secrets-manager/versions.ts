import { Refusal } from "../aws-json/refusal.ts";
import { LIMIT } from "./limits.ts";
import { isSame, type Version } from "./version.ts";

/**
 * The versions of one secret at one moment, oldest first, and the one version that each staging label is on. Keeping
 * the labels as a map from label to version makes a second holder impossible.
 */
export interface Versions {
  readonly byId: ReadonlyMap<string, Version>;
  readonly holders: ReadonlyMap<string, string>;
}

export const NO_VERSIONS: Versions = { byId: new Map(), holders: new Map() };

const CURRENT = "AWSCURRENT";
const PREVIOUS = "AWSPREVIOUS";

/** The labels on a version; none means deprecated. */
export function labelsOf({ holders }: Versions, versionId: string): readonly string[] {
  return [...holders].filter(([, holder]) => holder === versionId).map(([label]) => label);
}

/**
 * Adds a version. Without labels it becomes AWSCURRENT; with labels it gets those alone, taken from their holders.
 * The first version of a secret becomes AWSCURRENT in any case. A known id with the same value changes nothing, not
 * even the labels; the very same object is returned then.
 *
 * Throws `ResourceExistsException` for a known id with another value, `LimitExceededException` beyond a quota.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function addVersion(versions: Versions, version: Version, labels: readonly string[] = [CURRENT]): Versions {
  const known = versions.byId.get(version.id);
  if (known !== undefined) {
    if (isSame(known.value, version.value)) return versions;
    throw new Refusal(
      "ResourceExistsException",
      `You can't use ClientRequestToken ${version.id} because it is already in use for a version of this secret.`,
    );
  }
  const attached = versions.byId.size === 0 ? new Set([...labels, CURRENT]) : new Set(labels);
  const byId = new Map(versions.byId).set(version.id, version);
  // AWSCURRENT last: AWSPREVIOUS follows it, whatever else the request says about AWSPREVIOUS.
  const ordered = [...attached].sort((a, b) => Number(a === CURRENT) - Number(b === CURRENT));
  const holders = ordered.reduce((held, label) => attach(held, label, version.id), versions.holders);
  return withoutSurplus(withinLabelLimit({ byId, holders }), version.createdAtMs);
}

/** A move of one label. `from` is the holder that the caller believes in; without `to` the label is taken off. */
export interface LabelMove {
  readonly label: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * Moves, attaches or removes a label by compare-and-swap: `from` has to name the holder exactly where there is one, and
 * must be absent where there is none. A move onto the holder itself changes nothing, and the same object is returned.
 *
 * Throws `ResourceNotFoundException` for an unknown target and `InvalidParameterException` for a lost comparison.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
 */
export function moveLabel(versions: Versions, { label, from, to }: LabelMove): Versions {
  if (from === undefined && to === undefined) {
    throw new Refusal(
      "InvalidParameterException",
      "You must specify MoveToVersionId, RemoveFromVersionId, or both of them.",
    );
  }
  if (to !== undefined && !versions.byId.has(to)) throw unknownVersion(to);
  compareHolder(versions.holders.get(label), label, from);
  if (to === undefined) {
    if (label === CURRENT) {
      throw new Refusal(
        "InvalidParameterException",
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
      );
    }
    const holders = new Map(versions.holders);
    holders.delete(label);
    return { ...versions, holders };
  }
  if (to === from) return versions;
  return withinLabelLimit({ ...versions, holders: attach(versions.holders, label, to) });
}

/** Names a version by its id, by a label, or by both; AWSCURRENT where neither is given. */
export interface Which {
  readonly versionId?: string | undefined;
  readonly label?: string | undefined;
}

/**
 * Finds one version, deprecated ones included.
 * Throws `ResourceNotFoundException`, or `InvalidRequestException` where id and label disagree.
 */
export function findVersion({ byId, holders }: Versions, { versionId, label }: Which): Version {
  if (versionId === undefined) {
    const sought = label ?? CURRENT;
    const held = byId.get(holders.get(sought) ?? "");
    if (held !== undefined) return held;
    throw new Refusal(
      "ResourceNotFoundException",
      `Secrets Manager can't find the specified secret value for staging label: ${sought}`,
    );
  }
  const found = byId.get(versionId);
  if (found === undefined) throw unknownVersion(versionId);
  if (label !== undefined && holders.get(label) !== versionId) {
    throw new Refusal(
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    );
  }
  return found;
}

function compareHolder(holder: string | undefined, label: string, from: string | undefined): void {
  if (holder === from) return;
  const sentences =
    holder !== undefined && from === undefined
      ? [
          "The parameter RemoveFromVersionId can't be empty.",
          `Staging label ${label} is currently attached to version ${holder},`,
          "so you must explicitly reference that version in RemoveFromVersionId.",
        ]
      : [
          `When you move staging label ${label}, if you specify RemoveFromVersionId,`,
          `it must be set to the version that currently has the staging label ${label}.`,
        ];
  throw new Refusal("InvalidParameterException", sentences.join(" "));
}

/** Puts a label on a version and takes it off its holder. AWSPREVIOUS goes to the version that loses AWSCURRENT. */
function attach(holders: Versions["holders"], label: string, to: string): Versions["holders"] {
  const from = holders.get(label);
  const attached = new Map(holders).set(label, to);
  return label === CURRENT && from !== undefined ? attached.set(PREVIOUS, from) : attached;
}

function withinLabelLimit(versions: Versions): Versions {
  if (versions.holders.size <= LIMIT.labels) return versions;
  throw new Refusal(
    "LimitExceededException",
    `A secret can't have more than ${LIMIT.labels} staging labels across all of its versions.`,
  );
}

/** Drops the oldest deprecated versions above the quota, as far as they are old enough. */
function withoutSurplus({ byId, holders }: Versions, nowMs: number): Versions {
  const labelled = new Set(holders.values());
  const droppable = [...byId.values()].filter(
    ({ id, createdAtMs }) => !labelled.has(id) && nowMs - createdAtMs > LIMIT.deprecatedVersionsKeptMs,
  );
  const kept = new Map(byId);
  for (const { id } of droppable.slice(0, Math.max(0, byId.size - LIMIT.versions))) kept.delete(id);
  if (kept.size <= LIMIT.versions) return { byId: kept, holders };
  throw new Refusal(
    "LimitExceededException",
    `A secret can't have more than ${LIMIT.versions} versions, and those created in the last 24 hours are all kept.`,
  );
}

function unknownVersion(versionId: string): Refusal {
  return new Refusal(
    "ResourceNotFoundException",
    `Secrets Manager can't find the specified secret value for VersionId: ${versionId}`,
  );
}
