import { createHash } from "node:crypto";
import { Refusal } from "../aws-json/refusal.ts";
import { isSame, type Version } from "./version.ts";
import { addVersion, NO_VERSIONS, type Versions } from "./versions.ts";

/** Everything about a secret that changes, as it was at one moment. */
export interface SecretState {
  readonly versions: Versions;
  readonly changedAtMs: number;
}

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly createdAtMs: number;
  /** One state for each change that took effect, oldest first; never empty. */
  readonly history: readonly [SecretState, ...SecretState[]];
}

export interface NewSecret {
  readonly name: string;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  /** @default a secret without any version */
  readonly version?: Version | undefined;
}

const ARN_PREFIX = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";

/** The secret as it truly is now. */
export function stateOf({ history }: Secret): SecretState {
  return history.at(-1) ?? history[0];
}

/** All secrets of one account and Region. It does no I/O and is told the time, in milliseconds since the epoch. */
export class Secrets {
  readonly #byName = new Map<string, Secret>();

  /**
   * Creates a secret. The same first version again is ignored, as for any other write.
   * Throws `ResourceExistsException` for a taken name.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
   */
  create({ name, description, kmsKeyId, version }: NewSecret, nowMs: number): Secret {
    const taken = this.#byName.get(name);
    if (taken !== undefined) return sameSecret(taken, version);
    const versions = version === undefined ? NO_VERSIONS : addVersion(NO_VERSIONS, version);
    const secret: Secret = {
      arn: `${ARN_PREFIX}${name}-${arnSuffix(name)}`,
      name,
      description,
      kmsKeyId,
      createdAtMs: nowMs,
      history: [{ versions, changedAtMs: nowMs }],
    };
    this.#byName.set(name, secret);
    return secret;
  }

  /** Finds a secret by its name, its ARN, or its ARN without the random end. Throws `ResourceNotFoundException`. */
  find(secretId: string): Secret {
    const found =
      this.#byName.get(secretId) ?? [...this.#byName.values()].find(({ arn, name }) => isNamedBy(arn, name, secretId));
    if (found !== undefined) return found;
    throw new Refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }

  /** Lets the versions of a secret change. Nothing is recorded where `change` returns the very object that it was given. */
  change(secretId: string, nowMs: number, change: (versions: Versions) => Versions): Secret {
    const secret = this.find(secretId);
    const state = stateOf(secret);
    const versions = change(state.versions);
    if (versions === state.versions) return secret;
    const changed: Secret = { ...secret, history: [...secret.history, { versions, changedAtMs: nowMs }] };
    this.#byName.set(secret.name, changed);
    return changed;
  }
}

function sameSecret(taken: Secret, version: Version | undefined): Secret {
  const { versions } = stateOf(taken);
  const known = versions.byId.get(version?.id ?? "");
  if (version !== undefined && known !== undefined && isSame(known.value, version.value)) return taken;
  throw new Refusal("ResourceExistsException", `The operation failed because the secret ${taken.name} already exists.`);
}

/**
 * A partial ARN that itself ends like a full one is taken for full, so it finds nothing: the mistake that AWS warns of.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
function isNamedBy(arn: string, name: string, secretId: string): boolean {
  return secretId === arn || (secretId === `${ARN_PREFIX}${name}` && !/-[A-Za-z0-9]{6}$/.test(secretId));
}

/** Six characters that depend on the name alone, so that a run can be repeated. */
function arnSuffix(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 6);
}
