import type { UnknownOutcomePolicy } from "../../lambda/contract.ts";
import type { Presentation, RunRecord } from "./chronicle.ts";
import { InvariantBroken } from "./invariant-broken.ts";
import {
  aCalmTickPublishes,
  aFailureToPublishFailsTheRun,
  noRefreshTokenIsPublished,
  whatIsPublishedWasInUse,
} from "./published-invariants.ts";
import { refreshTokenIn, type World } from "./world.ts";

/** A claim about the world; what contradicts it, in words, or `undefined` where it holds. */
export type Invariant = (world: World, policy: UnknownOutcomePolicy) => string | undefined;

/** XT locks an account for as long, and no reader may take a peer for dead sooner. */
const SHORTEST_WAIT_MS = 10 * 60_000;

const DAY_MS = 24 * 60 * 60_000;

/**
 * Requests of one run, those apart that are repeated until the deadline because a pair is at stake. The longest course
 * has torn looks, a collision and a settling before its refresh, each request of which fails twice.
 */
const MOST_CALLS = 60;

/** A pair that reached the process and was acknowledged is held by a store, for a day at least: so long no version is dropped. */
const aReceivedPairIsDurable: Invariant = (world) => {
  const yesterdayMs = world.time.nowMs - DAY_MS;
  const missing = world.chronicle.receipts.find(
    ({ token, acknowledgedAtMs = 0 }) => acknowledgedAtMs > yesterdayMs && !isStored(world, token),
  );
  return missing && `${missing.token} was acknowledged to ${missing.run.id} and no store holds it`;
};

const currentAlwaysParses: Invariant = (world) => {
  const isMalformedByHand = world.chronicle.moves.at(-1)?.by === "person";
  const token = world.currentToken;
  return token === undefined && !isMalformedByHand ? "AWSCURRENT holds no refresh token" : undefined;
};

/** Except by a person's hand, AWSCURRENT moves to newer pairs alone. */
const currentNeverGoesBack: Invariant = (world) => {
  const { from, to, by } = world.chronicle.moves.at(-1) ?? {};
  if (from === undefined || to === undefined || by === "person") return undefined;
  const [older, newer] = [from, to].map((id) => world.xt.numberOf(refreshTokenIn(world.textOf(id) ?? "{}") ?? ""));
  return older !== undefined && newer !== undefined && newer < older
    ? `AWSCURRENT went back from token ${older} to token ${newer}`
    : undefined;
};

/** AWSCURRENT moves from a pair to one that it bought: what a person seeded is never overwritten by another lineage. */
const aPersonsSeedStays: Invariant = (world) => {
  const { from, to, by } = world.chronicle.moves.at(-1) ?? {};
  if (to === undefined || by === "person") return undefined;
  // A copy of a pair buys what the pair buys.
  const tokenOf = (id: unknown) => refreshTokenIn(world.textOf(String(id)) ?? "");
  const isBought = ancestorsOf(world, to).some((id) => id === from || tokenOf(id) === tokenOf(from));
  return isBought ? undefined : `AWSCURRENT moved from ${from} to ${to}, which it did not buy`;
};

/** The versions whose tokens bought a pair, one after the other, the nearest first. */
export function ancestorsOf(world: World, versionId: string): readonly unknown[] {
  const ancestors: unknown[] = [];
  for (
    let { parent } = world.documentOf(versionId);
    typeof parent === "string";
    { parent } = world.documentOf(parent)
  ) {
    ancestors.push(parent);
  }
  return ancestors;
}

const aTokenIsPresentedAgainOnlyWhenAllowed: Invariant = ({ chronicle }, policy) => {
  const latest = chronicle.presentations.at(-1);
  if (latest === undefined) return undefined;
  const earlier = chronicle.presentations.filter(({ token }) => token === latest.token).slice(0, -1);
  // A person who forces one presentation has overruled the hold on this token.
  const isHeld = policy === "hold" && ![...earlier, latest].some(({ run }) => isForced(run));
  const reasons = earlier.map((presentation) => whyNotAgain(presentation, latest, isHeld, chronicle.receipts));
  return reasons.find((reason) => reason !== undefined);
};

function whyNotAgain(
  earlier: Presentation,
  latest: Presentation,
  isHeld: boolean,
  receipts: World["chronicle"]["receipts"],
): string | undefined {
  const again = `${latest.run.id} presented ${latest.token} after ${earlier.run.id}`;
  const isStored = receipts.some(
    ({ run, acknowledgedAtMs = latest.atMs }) => run === earlier.run && acknowledgedAtMs < latest.atMs,
  );
  if (latest.run.errand.kind === "authorization") return `${again}, and a code is good for one exchange`;
  // Nobody can tell a process that stands still for so long from a dead one.
  if (earlier.run.ending === undefined && !earlier.run.isSuspended) return `${again}, which is at work`;
  if (isStored) return `${again}, whose pair is stored`;
  // Refused, never sent, or left in place by an answer without another: the run that presented it is over with it.
  const isHandedBack = earlier.learnt === "unspent" || earlier.learnt === "kept";
  if (!isHandedBack && isHeld) return `${again}, which left it unknown`;
  if (latest.atMs - earlier.atMs < SHORTEST_WAIT_MS && !(isHandedBack && isForced(latest.run))) {
    return `${again} within ten minutes`;
  }
  return undefined;
}

function isForced({ errand }: RunRecord): boolean {
  return errand.kind === "tick" && errand.isForced;
}

/** A run presents one token at most, under a fence that it holds alone. */
const oneExchangePerFence: Invariant = ({ chronicle }) => {
  const { presentations } = chronicle;
  const latest = presentations.at(-1);
  if (latest === undefined) return undefined;
  const { id, fences } = latest.run;
  if (presentations.filter(({ run }) => run === latest.run).length > 1) return `${id} presented two tokens`;
  if (fences.length !== 1) return `${id} asked XT and holds ${fences.length} fences`;
  const other = chronicle.runs.find((run) => run.id !== id && run.fences.some((fence) => fences.includes(fence)));
  return other && `${id} asked XT under a fence that ${other.id} holds as well`;
};

const everyRunIsShort: Invariant = ({ chronicle }) => {
  const long = chronicle.runs.find(
    ({ errand, calls }) => errand.kind !== "inspection" && calls.length > MOST_CALLS && countCalm(calls) > MOST_CALLS,
  );
  return long && `${long.id} made ${countCalm(long.calls)} requests`;
};

function countCalm(calls: World["chronicle"]["runs"][number]["calls"]): number {
  return calls.filter((name) => name !== "staging" && name !== "escrowing").length;
}

/** What fails, fails with a name that alarms and people know. */
const everyFailureIsForeseen: Invariant = ({ chronicle }) => {
  const odd = chronicle.runs.find(({ ending }) => ending !== undefined && !FORESEEN.test(ending));
  return odd && `${odd.id} ended with ${odd.ending}`;
};

const FORESEEN =
  /^(rotated|settled|idle|halted|deferred|authorized|inspected): |^(killed|timed out|StoreUnavailable|FenceUnreadable|NotEnoughTime|RotationRejected|RefreshTokenUnreadable|TokenEndpointUnreachable|ExchangeOutcomeUnknown|PairEscrowed|PairNotStored|PromotionRefused|AuthorizationFailed|AuthorizationRejected|NotPromotable)$/;

/** While the escrow was not asked it may hold the pair, and a void record would take its place. */
const noPairIsVoidedUnasked: Invariant = ({ chronicle }) => {
  const rash = chronicle.runs.find(
    ({ calls, answered }) => calls.includes("voiding") && !answered.has("searching the escrow"),
  );
  return rash && `${rash.id} wrote a void record, and the escrow had not answered it`;
};

/** Secrets Manager refuses the 101st version of 24 hours, and it might be a pair. */
const noVersionIsOneTooMany: Invariant = ({ hasRefusedVersion }) =>
  hasRefusedVersion ? "Secrets Manager refused a version, since 100 were written in 24 hours" : undefined;

/** What must hold after every step of every history, by name. */
export const INVARIANTS: Readonly<Record<string, Invariant>> = {
  aReceivedPairIsDurable,
  currentAlwaysParses,
  currentNeverGoesBack,
  aPersonsSeedStays,
  aTokenIsPresentedAgainOnlyWhenAllowed,
  oneExchangePerFence,
  everyRunIsShort,
  everyFailureIsForeseen,
  noPairIsVoidedUnasked,
  noVersionIsOneTooMany,
  noRefreshTokenIsPublished,
  whatIsPublishedWasInUse,
  aCalmTickPublishes,
  aFailureToPublishFailsTheRun,
};

/** Holds the invariants against what has changed. @throws InvariantBroken */
export function check(world: World, policy: UnknownOutcomePolicy): void {
  if (!world.hasChanged()) return;
  for (const [name, invariant] of Object.entries(INVARIANTS)) {
    const contradiction = invariant(world, policy);
    if (contradiction) throw new InvariantBroken(name, contradiction, world.chronicle);
  }
}

/** A store holds the token, wherever it stands. */
export function isStored(world: World, token: string): boolean {
  const texts = [...world.versions.byId.keys()].map((id) => world.textOf(id));
  const quoted = `"${token}"`;
  return [...texts, ...world.escrowed.values()].some((text) => text?.includes(quoted));
}
