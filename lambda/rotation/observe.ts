import { LABEL } from "../contract.ts";
import { AUTHORIZATION, readAttemptRecord, readVoidRecord, type StoredAttempt } from "./attempt-record.ts";
import { readClientCredentials } from "./client-credentials.ts";
import { RotationError, TooManySteps } from "./errors.ts";
import type { Attempt, Current, CurrentPair, Facts, Publication, StagedPair, VersionedPair } from "./facts.ts";
import { newestAttempt } from "./fence.ts";
import { descendsFrom } from "./lineage.ts";
import { readPair } from "./pair-document.ts";
import type {
  AccessTokenStore,
  ClientSecret,
  Ports,
  SecretDescription,
  StoredValue,
  TokenStore,
  VersionId,
} from "./ports.ts";

/** What this run learnt by acting, which labels may not show yet. */
export interface Learnt {
  /** The attempt that the fence collided with. */
  readonly collision?: StoredAttempt;
  /** The attempt whose pair this run searched for and did not find. */
  readonly searched?: VersionId;
  /** That the escrow holds no pair of the newest authorization. */
  readonly isEscrowSearched?: boolean;
  /** What became of publishing the access token. */
  readonly publication?: Publication;
}

export interface Seen {
  readonly description: SecretDescription;
  readonly facts: Facts;
}

export type Observation =
  | (Seen & { readonly kind: "seen" })
  /** The labels and the value were read at two moments and disagree. */
  | { readonly kind: "torn" };

/** What an observation reads. */
type Stores = Pick<Ports, "store" | "clientSecret" | "accessTokens">;

/** Reads everything once: one round trip, and a second where labels name versions that must be read. */
export async function observe(ports: Stores, learnt: Learnt): Promise<Observation> {
  const { store } = ports;
  const [description, stored, clientCredentials, published] = await Promise.all([
    store.describe(),
    store.readCurrent(),
    readCredentials(ports.clientSecret),
    learnt.publication ?? readPublication(ports.accessTokens),
  ]);
  if (description.holders.get(LABEL.current) !== stored?.versionId) return { kind: "torn" };
  const current = readCurrent(stored);
  const [publication, staged, newest] = await Promise.all([
    comparePublication(store, published, current),
    readStaged(store, description, current),
    readNewest(store, description, current, learnt),
  ]);
  const { createdAtMs: secretCreatedAtMs, holders } = description;
  const isParked = holders.has(LABEL.parked) && holders.get(LABEL.parked) === current.versionId;
  return {
    kind: "seen",
    description,
    facts: { current, secretCreatedAtMs, staged, ...newest, isParked, publication, clientCredentials },
  };
}

/** Labels and value that still disagree after this many looks come from a cache. Another look at once does not help. */
export const TORN_LOOKS = 3;

/** Reads everything for what a person asks. @throws TooManySteps if labels and value still disagree */
export async function observeWhole(ports: Stores, learnt: Learnt = {}): Promise<Seen> {
  for (let look = 1; look <= TORN_LOOKS; look += 1) {
    const seen = await observe(ports, learnt);
    if (seen.kind === "seen") return seen;
  }
  throw new TooManySteps(TORN_LOOKS);
}

/** A secret that cannot be read now matters only to a run that has to refresh, so the failure becomes a fact. */
export async function readCredentials(secret: ClientSecret): Promise<Facts["clientCredentials"]> {
  try {
    return readClientCredentials(await secret.read());
  } catch (error) {
    if (error instanceof RotationError) return { kind: "unavailable", error };
    throw error;
  }
}

/** Publishing must not keep a pair from being renewed, so the failure becomes a fact. */
async function readPublication(accessTokens: AccessTokenStore | undefined): Promise<Publication> {
  if (accessTokens === undefined) return { kind: "none" };
  try {
    return { kind: "published", versionId: await accessTokens.published(), isAhead: false };
  } catch (error) {
    if (error instanceof RotationError) return { kind: "unavailable", error };
    throw error;
  }
}

async function comparePublication(store: TokenStore, published: Publication, current: Current): Promise<Publication> {
  if (published.kind !== "published" || published.versionId === undefined || current.kind !== "pair") return published;
  if (published.versionId === current.versionId) return published;
  const pair = await readPairVersion(store, published.versionId);
  const isAhead = pair !== undefined && (await descendsFrom(pair, current, (id) => readPairVersion(store, id)));
  return { ...published, isAhead };
}

function readCurrent(stored: StoredValue | undefined): Current {
  if (stored === undefined) return { kind: "absent", versionId: undefined };
  const { versionId, createdAtMs } = stored;
  if (readAttemptRecord(stored) !== undefined) return { kind: "absent", versionId };
  const reading = readPair(stored);
  return reading.kind === "pair"
    ? { kind: "pair", versionId, createdAtMs, pair: reading.pair }
    : { ...reading, versionId };
}

async function readStaged(
  store: TokenStore,
  { holders }: SecretDescription,
  current: Current,
): Promise<StagedPair | undefined> {
  const versionId = holders.get(LABEL.issued);
  if (versionId === undefined || current.versionId === undefined || versionId === current.versionId) return undefined;
  const staged = await readPairVersion(store, versionId);
  if (staged === undefined) return undefined;
  const ancestor = { versionId: current.versionId, pair: current.kind === "pair" ? current.pair : undefined };
  const succeedsCurrent = await descendsFrom(staged, ancestor, (id) => readPairVersion(store, id));
  return { ...staged, succeedsCurrent };
}

/** The pair in a version; `undefined` where there is none. */
export async function readPairVersion(store: TokenStore, versionId: VersionId): Promise<VersionedPair | undefined> {
  const stored = await store.readVersion(versionId);
  const reading = stored && readPair(stored);
  return reading?.kind === "pair" ? { versionId, pair: reading.pair, createdAtMs: stored?.createdAtMs } : undefined;
}

/** The newest authorization and the newest attempt on the pair in use, as far as either is unfinished. */
async function readNewest(
  store: TokenStore,
  description: SecretDescription,
  current: Current,
  learnt: Learnt,
): Promise<Pick<Facts, "attempt" | "authorization">> {
  const newest = learnt.collision ?? (await readNewestRecord(store, description, current));
  if (newest?.record.parent !== AUTHORIZATION) {
    return { attempt: current.kind === "pair" ? await judge(store, description, current, newest, learnt) : undefined };
  }
  const { startedAtMs, deadlineAtMs } = newest.record;
  const isDone = current.kind === "pair" && (current.pair.origin?.issuedAtMs ?? 0) >= startedAtMs;
  const authorization = isDone || learnt.isEscrowSearched ? undefined : { deadlineAtMs };
  if (current.kind !== "pair") return { authorization };
  // The authorization's record took the label from the attempts on the pair in use. That pair stays in use if the code brings no pair.
  const name = { arn: description.arn, parent: current.versionId, attempt: 1 };
  const attempt = await judge(store, description, current, await newestAttempt(store, name), learnt);
  return { authorization, attempt };
}

async function judge(
  store: TokenStore,
  { holders }: SecretDescription,
  current: CurrentPair,
  stored: StoredAttempt | undefined,
  { searched }: Learnt,
): Promise<Attempt | undefined> {
  if (stored === undefined || !(await isAttemptOn(store, stored, current))) return undefined;
  const isSearched = searched === stored.versionId;
  const isUnspent = holders.get(LABEL.unspent) === stored.versionId;
  return {
    ...stored,
    state: isUnspent ? "unspent" : isSearched ? "unknown" : "open",
    isRejected: holders.get(LABEL.rejected) === stored.versionId,
    mayBeLost: isSearched || (await isVoided(store, holders.get(LABEL.void), stored.record.parent)),
    isSearched,
  };
}

/** Whether an attempt spends the token in use: a person may have stored a copy of the pair since, under another id. */
async function isAttemptOn(
  store: TokenStore,
  { record: { parent } }: StoredAttempt,
  current: CurrentPair,
): Promise<boolean> {
  if (parent === current.versionId) return true;
  return current.pair.refreshToken.equals((await readPairVersion(store, parent))?.pair.refreshToken);
}

/** The attempt that bought the current pair is over; knowing that by its id spares most ticks a read. */
async function readNewestRecord(
  store: TokenStore,
  { arn, holders }: SecretDescription,
  current: Current,
): Promise<StoredAttempt | undefined> {
  const versionId = holders.get(LABEL.attempt);
  if (versionId === undefined) return undefined;
  const origin = current.kind === "pair" ? current.pair.origin : undefined;
  if (origin && store.versionId({ arn, kind: "attempt", ...origin }) === versionId) return undefined;
  const stored = await store.readVersion(versionId);
  return stored && readAttemptRecord(stored);
}

/** A void record says that an attempt on this parent ended unknown. */
async function isVoided(store: TokenStore, versionId: VersionId | undefined, parent: VersionId): Promise<boolean> {
  const stored = versionId === undefined ? undefined : await store.readVersion(versionId);
  return stored !== undefined && readVoidRecord(stored)?.parent === parent;
}
