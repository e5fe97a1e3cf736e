import { createHash } from "node:crypto";
import { Refusal } from "../aws-json/refusal.ts";
import { LIMIT } from "./limits.ts";
import { isSame, type Version } from "./version.ts";
import { addVersion, NO_VERSIONS, type Versions } from "./versions.ts";

/** Everything about a secret that changes, as it was at one moment. */
export interface SecretState {
  readonly versions: Versions;
  readonly changedAtMs: number;
  readonly deletion: { readonly requestedAtMs: number; readonly dueAtMs: number } | undefined;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface Secret {
  /** Its number in the order of creation, from 1. */
  readonly nth: number;
  readonly arn: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly kmsKeyId: string | undefined;
  readonly tags: readonly Tag[];
  readonly createdAtMs: number;
  /** The newest states, oldest first: one for each change that took effect. Never empty. */
  readonly history: readonly [SecretState, ...SecretState[]];
}

export interface NewSecret {
  readonly name: string;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly tags?: readonly Tag[] | undefined;
  /** @default a secret without any version */
  readonly version?: Version | undefined;
}

const ARN_PREFIX = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";
const ARN_END = /-[A-Za-z0-9]{6}$/;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** The secret as it truly is now. */
export function stateOf({ history }: Secret): SecretState {
  return history.at(-1) ?? history[0];
}

/** All secrets of one account and Region. It does no I/O and is told the time, in milliseconds since the epoch. */
export class Secrets {
  readonly #byName = new Map<string, Secret>();
  readonly #remembered: number;
  #created = 0;

  /** @param remembered how many states of each secret are kept for stale reads. All states of 10,000 connections would fill the memory. */
  constructor(remembered = 8) {
    this.#remembered = remembered;
  }

  /** All secrets in the order of their creation, those scheduled for deletion included. */
  get all(): readonly Secret[] {
    return [...this.#byName.values()];
  }

  /**
   * Creates a secret. The same first version again is ignored, as for any other write.
   * Throws `ResourceExistsException` for a taken name, `InvalidRequestException` while that name's secret awaits its
   * deletion.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
   */
  create({ name, description, kmsKeyId, tags = [], version }: NewSecret, nowMs: number): Secret {
    const taken = this.#byName.get(name);
    if (taken !== undefined) return sameSecret(taken, version);
    const versions = version === undefined ? NO_VERSIONS : addVersion(NO_VERSIONS, version);
    this.#created += 1;
    const secret: Secret = {
      nth: this.#created,
      arn: `${ARN_PREFIX}${name}-${arnSuffix(name, this.#created)}`,
      name,
      description,
      kmsKeyId,
      tags,
      createdAtMs: nowMs,
      history: [{ versions, changedAtMs: nowMs, deletion: undefined }],
    };
    this.#byName.set(name, secret);
    return secret;
  }

  /**
   * Finds a secret by its name, its ARN, or its ARN without the random end. If a partial ARN ends like a full one, it counts as a full one
   * and finds nothing. AWS warns of this mistake. Throws `ResourceNotFoundException`.
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
   */
  find(secretId: string): Secret {
    const isArn = secretId.startsWith(ARN_PREFIX);
    const isFullArn = isArn && ARN_END.test(secretId);
    const found = this.#byName.get(isArn ? secretId.slice(ARN_PREFIX.length).replace(ARN_END, "") : secretId);
    if (found !== undefined && (!isFullArn || found.arn === secretId)) return found;
    throw new Refusal("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  }

  /**
   * Lets the versions of a secret change. Nothing is recorded where `change` returns the very object that it was given.
   * Throws `InvalidRequestException` for a secret that is scheduled for deletion.
   */
  change(secretId: string, nowMs: number, change: (versions: Versions) => Versions): Secret {
    const secret = this.find(secretId);
    const state = stateOf(secret);
    refuseDeleted(state);
    const versions = change(state.versions);
    return versions === state.versions ? secret : this.#record(secret, { ...state, versions, changedAtMs: nowMs });
  }

  /**
   * Schedules a secret for deletion.
   * Throws `InvalidRequestException` where that has been done already.
   * @returns when it can no longer be recovered, in milliseconds since the epoch
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
   */
  scheduleDeletion(secretId: string, nowMs: number, days: number = LIMIT.recoveryWindowDays.default): number {
    const secret = this.find(secretId);
    const state = stateOf(secret);
    refuseDeleted(state);
    const dueAtMs = nowMs + days * DAY_MS;
    this.#record(secret, { ...state, changedAtMs: nowMs, deletion: { requestedAtMs: nowMs, dueAtMs } });
    return dueAtMs;
  }

  /** Restores a secret that is scheduled for deletion. Any other secret stays as it is, without an error. */
  restore(secretId: string, nowMs: number): Secret {
    const secret = this.find(secretId);
    const state = stateOf(secret);
    if (state.deletion === undefined) return secret;
    return this.#record(secret, { ...state, changedAtMs: nowMs, deletion: undefined });
  }

  /** Forgets a secret at once. Its name is free again, and a new secret of that name has another ARN. */
  forget(secretId: string): void {
    this.#byName.delete(this.find(secretId).name);
  }

  #record(secret: Secret, state: SecretState): Secret {
    const [oldest = state, ...later] = [...secret.history, state].slice(-this.#remembered);
    const changed: Secret = { ...secret, history: [oldest, ...later] };
    this.#byName.set(secret.name, changed);
    return changed;
  }
}

/** Throws `InvalidRequestException` for a secret that is scheduled for deletion. */
export function refuseDeleted({ deletion }: SecretState): void {
  if (deletion === undefined) return;
  throw new Refusal(
    "InvalidRequestException",
    "You can't perform this operation on the secret because it was marked for deletion.",
  );
}

function sameSecret(taken: Secret, version: Version | undefined): Secret {
  const { deletion, versions } = stateOf(taken);
  if (deletion !== undefined) {
    throw new Refusal(
      "InvalidRequestException",
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const known = versions.byId.get(version?.id ?? "");
  if (version !== undefined && known !== undefined && isSame(known.value, version.value)) return taken;
  throw new Refusal("ResourceExistsException", `The operation failed because the secret ${taken.name} already exists.`);
}

/** Six characters that depend on what was created before and on nothing else, so that a run can be repeated. */
function arnSuffix(name: string, created: number): string {
  return createHash("sha256").update(`${created} ${name}`).digest("hex").slice(0, 6);
}
