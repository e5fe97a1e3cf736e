import { randomUUID } from "node:crypto";
import { LABEL } from "../../lambda/contract.ts";
import { findDefects } from "../../lambda/rotation/answer-defects.ts";
import { type Current, PEER_GRACE_MS } from "../../lambda/rotation/decide.ts";
import { PromotionRefused, StoreUnavailable } from "../../lambda/rotation/errors.ts";
import { keepPair } from "../../lambda/rotation/keep-pair.ts";
import { writePair } from "../../lambda/rotation/pair-document.ts";
import type { Ports, TokenStore, VersionId } from "../../lambda/rotation/ports.ts";
import { type Promotion, promote } from "../../lambda/rotation/promote.ts";
import { type Refreshed, refresh } from "../../lambda/rotation/refresh.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import { onSecret } from "../command-line/aws-failure.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import type { Look } from "../connection/look.ts";
import { type Consent, type Exchanged, exchangeCode, pairOfCode, presentInstead } from "./authorize-exchange.ts";
import { type Kept, keepTrying, placesFor } from "./authorize-keep.ts";
import type { Authorized, Authorizing } from "./authorized.ts";

/** Beyond the exchange's own deadline: what the fence and the writes after the exchange may take before ticks count this run as dead. */
const WRITING_MS = 45_000;
/** A collision is counted on from once; more is a crowd. */
const MAX_COLLISIONS = 3;

/**
 * Exchanges a code and puts the pair in use, by the rotation's own protocol: what is said of a rotation that dies holds for this one.
 * The version in AWSCURRENT is the pair's parent, though its refresh token is not spent.
 *
 * ```
 *   a │ fence     PutSecretValue XT_ATTEMPT     dies here: ticks stand back, then go on with the token they have
 *   b │ exchange  GET                           dies here: the code is spent, the person opens the link again
 *   c │ stage     PutSecretValue XT_ISSUED      dies here: if the write arrived, or the escrow's, a later tick promotes it
 *   d │ promote   UpdateSecretVersionStage      dies here: it is in use
 * ```
 *
 * A secret without a value has no parent and no fence, since the first version becomes AWSCURRENT whatever it holds.
 *
 * @throws CommandFailure with nothing presented and nothing at stake
 */
export async function authorizeConnection(authorizing: Authorizing, seen: Look, consent: Consent): Promise<Authorized> {
  const { current, attempt } = seen.facts;
  if (current.kind === "absent") return fillEmptySecret(authorizing, seen, consent);
  const { tokenSecretId } = authorizing.secrets.names;
  const { holders } = seen.description;
  let number = (attempt?.record.attempt ?? 0) + 1;
  for (let collisions = 0; collisions < MAX_COLLISIONS; collisions += 1) {
    const ended = await replaceCurrent(authorizing, seen, current, number, consent);
    if (ended.kind !== "collided") return ended;
    const { newest } = ended;
    if (newest === undefined) break;
    const untilMs = newest.record.deadlineAtMs + PEER_GRACE_MS;
    const isOver = holders.get(LABEL.unspent) === newest.versionId || authorizing.secrets.clock.now() >= untilMs;
    if (!isOver) return { kind: "peer-at-work", untilMs };
    number = newest.record.attempt + 1;
  }
  throw new CommandFailure(
    `another run holds the fence of ${tokenSecretId} and its record cannot be read, nothing is spent, type the same command again in a minute`,
  );
}

type Collided = Extract<Refreshed, { kind: "collided" }>;

async function replaceCurrent(
  authorizing: Authorizing,
  seen: Look,
  { kind, versionId: parent }: Exclude<Current, { kind: "absent" }>,
  attempt: number,
  consent: Consent,
): Promise<Authorized | Collided> {
  const { secrets, endpoint, exchangeTimeoutMs, warn } = authorizing;
  const { clock, names, store } = secrets;
  const patience = { ...authorizing, clock };
  const places = placesFor(store, authorizing.escrow, patience);
  const deadlineAtMs = clock.now() + exchangeTimeoutMs + WRITING_MS;
  const run = { id: "xt-token authorize", nonce: randomUUID(), deadlineAtMs, exchangeTimeoutMs };
  let exchanged: Exchanged = NOT_EXCHANGED;
  const ports: Ports = {
    clock,
    ...places,
    clientSecret: { id: names.clientSecretId, read: async () => seen.storedCredentials },
    endpoint: presentInstead(endpoint, consent, { parent, attempt }, clock, (ended) => {
      exchanged = ended;
    }),
    log: { warn },
    gauge: { saw: () => undefined },
  };
  const standIn = { versionId: parent, pair: pairOfCode(consent) };
  const decision = { kind: "refresh", parent: standIn, attempt, credentials: consent.credentials } as const;
  const kept = await onSecret("PutSecretValue", names.tokenSecretId, async () => {
    try {
      return await refresh(ports, run, seen.description, decision);
    } catch (error) {
      return await keepTrying(places, patience, error);
    }
  });
  switch (kept.kind) {
    case "collided":
      return kept;
    case "staged":
    case "escrowed":
    case "not-kept": {
      const versionId = store.versionId({ arn: seen.description.arn, parent, kind: "issued", attempt });
      // A tick halts at what is no pair, and looks no further.
      const adoptedFromMs = kind === "pair" ? deadlineAtMs + PEER_GRACE_MS : undefined;
      const place = { from: parent, versionId, adoptedFromMs };
      return conclude(authorizing, place, kept, exchanged);
    }
    default:
      return ungranted(exchanged);
  }
}

/** As the first version it becomes AWSCURRENT by the write that stages it. Its id is drawn: two people's pairs must both be kept. */
async function fillEmptySecret(authorizing: Authorizing, seen: Look, consent: Consent): Promise<Authorized> {
  const { secrets, endpoint } = authorizing;
  const { clock, names, store } = secrets;
  const parent = randomUUID();
  const patience = { ...authorizing, clock };
  const places = placesFor(store, authorizing.escrow, patience);
  const exchanged = await exchangeCode(endpoint, consent, { parent, attempt: 1 }, clock);
  const { outcome } = exchanged;
  if (outcome.kind !== "granted") return ungranted(exchanged);
  // No rotation issued it, and there is no version that a tick could look its parent up in.
  const text = writePair({ ...outcome.pair, origin: undefined });
  const versionId = store.versionId({ arn: seen.description.arn, parent, kind: "issued", attempt: 1 });
  const kept = await onSecret("PutSecretValue", names.tokenSecretId, async (): Promise<Kept> => {
    try {
      return { kind: "staged", ...(await keepPair(places, versionId, text, clock.now() + WRITING_MS)) };
    } catch (error) {
      return await keepTrying(places, patience, error);
    }
  });
  return conclude(authorizing, { from: undefined, versionId, adoptedFromMs: undefined }, kept, exchanged);
}

/** Where a pair belongs. */
interface Place {
  /** The version that AWSCURRENT is to leave; `undefined` where there is none. */
  readonly from: VersionId | undefined;
  readonly versionId: VersionId;
  /** As in `Authorized`. */
  readonly adoptedFromMs: number | undefined;
}

async function conclude(authorizing: Authorizing, place: Place, kept: Kept, exchanged: Exchanged): Promise<Authorized> {
  const { outcome, answer } = exchanged;
  if (outcome.kind !== "granted") return ungranted(exchanged);
  const defects = findDefects(answer, outcome.pair.origin?.issuedAtMs ?? 0);
  if (defects.length > 0) authorizing.warn(`XT's answer was odd, its tokens count all the same: ${defects.join("; ")}`);
  switch (kept.kind) {
    case "not-kept":
      return kept;
    case "escrowed":
      return { ...kept, versionId: place.versionId, adoptedFromMs: place.adoptedFromMs };
    case "staged":
      return putInUse(authorizing, place, kept.isEscrowed, outcome.pair);
  }
}

/** The pair is safe: whatever fails from here on is told and not thrown. */
async function putInUse(
  { secrets: { store }, escrow, warn }: Authorizing,
  { from, versionId, adoptedFromMs }: Place,
  isEscrowed: boolean,
  pair: TokenPair,
): Promise<Authorized> {
  try {
    const promotion = await promoteFrom(store, from, versionId);
    if (promotion.kind === "superseded") return { kind: "superseded", versionId, by: promotion.by };
  } catch (error) {
    if (error instanceof PromotionRefused || error instanceof StoreUnavailable) {
      return { kind: "staged", versionId, code: error.code, isPromotedByTick: adoptedFromMs !== undefined };
    }
    throw error;
  }
  if (isEscrowed && (await escrow.discard(versionId)) === "left") {
    warn(`the escrow's copy of version ${versionId} could not be deleted, xt-token recover shows it`);
  }
  return { kind: "in-use", versionId, pair, replaced: from };
}

async function promoteFrom(store: TokenStore, from: VersionId | undefined, to: VersionId): Promise<Promotion> {
  if (from !== undefined) return promote(store, from, to);
  const holder = (await store.describe()).holders.get(LABEL.current);
  return holder === to ? { kind: "promoted" } : { kind: "superseded", by: holder };
}

const NOT_ASKED = { kind: "unsent", code: "NOT_ASKED" } as const;
const NOT_EXCHANGED: Exchanged = { answer: NOT_ASKED, outcome: NOT_ASKED };

function ungranted({ outcome }: Exchanged): Authorized {
  return { kind: "ungranted", outcome: outcome.kind === "granted" ? NOT_ASKED : outcome };
}
