import { LABEL } from "../contract.ts";
import { readAttemptRecord } from "./attempt-record.ts";
import { readClientCredentials } from "./client-credentials.ts";
import type { Attempt, Current, Facts, StagedPair, VersionedPair } from "./decide.ts";
import { RotationError } from "./errors.ts";
import { readPair } from "./pair-document.ts";
import type {
  ClientSecret,
  Ports,
  SecretDescription,
  StoredAttempt,
  StoredValue,
  TokenStore,
  VersionId,
} from "./ports.ts";

/** What this run learnt by acting, which labels may not show yet. */
export interface Learnt {
  /** The attempt that the fence collided with. */
  readonly collision?: StoredAttempt;
  /** The attempt whose pair was searched for in vain. */
  readonly searched?: VersionId;
}

export type Observation =
  | { readonly kind: "seen"; readonly description: SecretDescription; readonly facts: Facts }
  /** The labels and the value are from two moments. */
  | { readonly kind: "torn" };

/** Looks at everything once: one round trip, and a second where labels name versions that must be read. */
export async function observe(ports: Pick<Ports, "store" | "clientSecret">, learnt: Learnt): Promise<Observation> {
  const [description, stored, clientCredentials] = await Promise.all([
    ports.store.describe(),
    ports.store.readCurrent(),
    readCredentials(ports.clientSecret),
  ]);
  if (description.holders.get(LABEL.current) !== stored?.versionId) return { kind: "torn" };
  const current = readCurrent(stored);
  if (current.kind !== "pair") return { kind: "seen", description, facts: { current, clientCredentials } };
  const [staged, attempt] = await Promise.all([
    readStaged(ports.store, description, current),
    learnt.collision ?? readAttempt(ports.store, description, current),
  ]);
  const facts = { current, staged, attempt: judgeAttempt(attempt, current, description, learnt), clientCredentials };
  return { kind: "seen", description, facts };
}

/** A secret that cannot be read now matters only to a run that has to refresh, so the failure becomes a fact. */
async function readCredentials(secret: ClientSecret): Promise<Facts["clientCredentials"]> {
  try {
    return readClientCredentials(await secret.read());
  } catch (error) {
    if (error instanceof RotationError) return { kind: "unavailable", error };
    throw error;
  }
}

function readCurrent(stored: StoredValue | undefined): Current {
  if (stored === undefined) return { kind: "absent" };
  const { versionId, createdAtMs } = stored;
  const reading = readPair(stored);
  return reading.kind === "pair"
    ? { kind: "pair", versionId, createdAtMs, pair: reading.pair }
    : { ...reading, versionId };
}

async function readStaged(
  store: TokenStore,
  { holders }: SecretDescription,
  current: VersionedPair,
): Promise<StagedPair | undefined> {
  const versionId = holders.get(LABEL.issued);
  if (versionId === undefined || versionId === current.versionId) return undefined;
  const staged = await readStagedVersion(store, versionId);
  return staged && { ...staged, succeedsCurrent: await descendsFrom(store, staged, current) };
}

/** Farther back than this nobody rolls back by hand, and old versions are deleted. */
const MAX_GENERATIONS = 5;

/** Follows the parents: one of them is the current version, or holds the refresh token that a person copied from it. */
async function descendsFrom(store: TokenStore, staged: VersionedPair, current: VersionedPair): Promise<boolean> {
  let { origin } = staged.pair;
  for (let generation = 1; origin !== undefined && generation <= MAX_GENERATIONS; generation += 1) {
    if (origin.parent === current.versionId) return true;
    const parent = await readStagedVersion(store, origin.parent);
    if (parent?.pair.refreshToken.equals(current.pair.refreshToken)) return true;
    origin = parent?.pair.origin;
  }
  return false;
}

/** The pair in a version that this program staged; `undefined` where there is none. */
export async function readStagedVersion(store: TokenStore, versionId: VersionId): Promise<VersionedPair | undefined> {
  const stored = await store.readVersion(versionId);
  const reading = stored && readPair(stored);
  return reading?.kind === "pair" ? { versionId, pair: reading.pair } : undefined;
}

/** The attempt that bought the current pair is over; knowing that by its id spares most ticks a read. */
async function readAttempt(
  store: TokenStore,
  { arn, holders }: SecretDescription,
  { pair: { origin } }: VersionedPair,
): Promise<StoredAttempt | undefined> {
  const versionId = holders.get(LABEL.attempt);
  if (versionId === undefined) return undefined;
  if (origin && store.versionId({ arn, kind: "attempt", ...origin }) === versionId) return undefined;
  const stored = await store.readVersion(versionId);
  return stored && readAttemptRecord(stored);
}

function judgeAttempt(
  attempt: StoredAttempt | undefined,
  current: VersionedPair,
  { holders }: SecretDescription,
  { searched }: Learnt,
): Attempt | undefined {
  if (attempt?.record.parent !== current.versionId) return undefined;
  if (holders.get(LABEL.unspent) === attempt.versionId) return { ...attempt, state: "unspent" };
  return { ...attempt, state: searched === attempt.versionId ? "unknown" : "open" };
}
