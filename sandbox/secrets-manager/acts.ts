import type { World } from "./read-operations.ts";
import { stateOf } from "./secrets.ts";
import { newVersion, type SecretValue, type Version } from "./version.ts";
import { addVersion, labelsOf, moveLabel, type Versions } from "./versions.ts";

/** How a person's write differs from the plainest one. */
export interface PutOptions {
  /** @default the next of a row of readable ids */
  readonly versionId?: string;
  /** @default AWSCURRENT */
  readonly labels?: readonly string[];
}

/** A version as a test looks at it. */
export interface VersionRecord {
  readonly versionId: string;
  readonly createdAtMs: number;
  /** None on a deprecated version. */
  readonly labels: readonly string[];
}

/**
 * What a person does or sees, without HTTP, faults or stale reads. The rules are those of the wire: a refused act
 * throws `Refusal` and changes nothing.
 */
export interface Acts {
  /** Creates a secret, without a version where no value is given. */
  createSecret(name: string, value?: string): { readonly arn: string; readonly versionId: string | undefined };
  /** Writes a new version and returns its id. */
  put(name: string, value: string, options?: PutOptions): string;
  /** Moves a label from whoever holds it; without a target the label is taken off. */
  moveLabel(name: string, label: string, toVersionId?: string): void;
  /** Schedules a secret for deletion. */
  deleteSecret(name: string): void;
  /** The version that each label is on. */
  labels(name: string): Readonly<Record<string, string>>;
  /** A version's value; `undefined` where there is none. Of a binary value the base64. @default AWSCURRENT */
  value(name: string, versionIdOrLabel?: string): string | undefined;
  /** Every version, oldest first, deprecated ones included. */
  versions(name: string): readonly VersionRecord[];
}

/** @param world asked anew for every act, since it carries the time */
export function createActs(world: () => World): Acts {
  let drawn = 0;
  /** Looks like a UUID, says in which order it was drawn, and is the same in every run. */
  function nextVersionId(): string {
    drawn += 1;
    return `00000000-0000-4000-8000-${String(drawn).padStart(12, "0")}`;
  }
  function version(text: string, nowMs: number, id = nextVersionId()): Version {
    return newVersion(id, { kind: "text", text }, nowMs);
  }
  function versionsOf(name: string): Versions {
    return stateOf(world().secrets.find(name)).versions;
  }

  return {
    createSecret(name, value) {
      const { secrets, nowMs } = world();
      const first = value === undefined ? undefined : version(value, nowMs);
      const { arn } = secrets.create({ name, version: first }, nowMs);
      return { arn, versionId: first?.id };
    },
    put(name, value, { versionId, labels } = {}) {
      const { secrets, nowMs } = world();
      const added = version(value, nowMs, versionId);
      secrets.change(name, nowMs, (versions) => addVersion(versions, added, labels));
      return added.id;
    },
    moveLabel(name, label, to) {
      const { secrets, nowMs } = world();
      secrets.change(name, nowMs, (versions) => moveLabel(versions, { label, from: versions.holders.get(label), to }));
    },
    deleteSecret(name) {
      const { secrets, nowMs } = world();
      secrets.scheduleDeletion(name, nowMs);
    },
    labels: (name) => Object.fromEntries(versionsOf(name).holders),
    value(name, versionIdOrLabel = "AWSCURRENT") {
      const versions = versionsOf(name);
      const found = versions.byId.get(versions.holders.get(versionIdOrLabel) ?? versionIdOrLabel);
      return found === undefined ? undefined : textOf(found.value);
    },
    versions(name) {
      const versions = versionsOf(name);
      return [...versions.byId.values()].map(({ id, createdAtMs }) => {
        return { versionId: id, createdAtMs, labels: labelsOf(versions, id) };
      });
    },
  };
}

function textOf(value: SecretValue): string {
  return value.kind === "text" ? value.text : value.base64;
}
