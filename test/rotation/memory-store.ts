import { LABEL } from "../../lambda/contract.ts";
import type { StoredValue, TokenStore, VersionId } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { ID_TAKEN, PairNotStored } from "../../lambda/rotation/store-errors.ts";

/** A token secret's state, as plain as a test can arrange it. */
export interface MemorySecret {
  readonly versions: Map<VersionId, StoredValue>;
  readonly holders: Map<string, VersionId>;
  /** Writes a version of 06:00 and moves these labels to it. The first version of a secret becomes AWSCURRENT as well. */
  put(id: VersionId, text: string, ...labels: readonly string[]): void;
}

export function memorySecret(): MemorySecret {
  const versions = new Map<VersionId, StoredValue>();
  const holders = new Map<string, VersionId>();
  return {
    versions,
    holders,
    put(versionId, text, ...labels) {
      const createdAtMs = Date.parse("2026-11-23T06:00Z");
      versions.set(versionId, { versionId, text: new Sensitive(text), createdAtMs });
      if (!holders.has(LABEL.current)) holders.set(LABEL.current, versionId);
      for (const label of labels) holders.set(label, versionId);
    },
  };
}

/** The store over it, consistent and never failing. Its version ids are spelt out, so that tests can name them. */
export function memoryStore(secret: MemorySecret): TokenStore {
  const { versions, holders } = secret;
  const labelsOf = (id: VersionId) => [...holders].filter(([, holder]) => holder === id).map(([label]) => label);
  return {
    versionId: ({ parent, kind, attempt }) =>
      `${kind}-${attempt}-of-${typeof parent === "string" ? parent : parent.reveal()}`,
    describe: async () => ({
      arn: "arn:token-secret",
      createdAtMs: Date.parse("2026-11-23T06:00Z"),
      holders: new Map(holders),
    }),
    readCurrent: async () => versions.get(holders.get(LABEL.current) ?? ""),
    readVersion: async (id) => versions.get(id),

    async fence(id, record) {
      const existing = versions.get(id);
      if (existing !== undefined && existing.text?.reveal() !== record) return "collided";
      secret.put(id, record, LABEL.attempt);
      return "held";
    },

    async voidIssued(id, record) {
      const existing = versions.get(id);
      if (existing !== undefined && existing.text?.reveal() !== record) return "taken";
      secret.put(id, record, LABEL.void);
      return "void";
    },

    async stage(id, pair) {
      const existing = versions.get(id);
      if (existing === undefined) secret.put(id, pair.reveal(), LABEL.issued);
      else if (!pair.equals(existing.text)) throw new PairNotStored(ID_TAKEN);
    },

    async mark(label, id) {
      if (!versions.has(id)) return "unmarked";
      holders.set(label, id);
      return "marked";
    },

    async moveCurrent(from, to) {
      if (holders.get(LABEL.current) !== from) return { kind: "refused", code: "InvalidParameterException" };
      holders.set(LABEL.previous, from);
      holders.set(LABEL.current, to);
      return { kind: "moved" };
    },

    list: async () =>
      [...versions.values()].map(({ versionId, createdAtMs }) => ({
        versionId,
        labels: labelsOf(versionId),
        createdAtMs,
      })),
    proveWrites: async () => [
      { operation: "PutSecretValue", code: undefined },
      { operation: "UpdateSecretVersionStage", code: undefined },
    ],
  };
}
