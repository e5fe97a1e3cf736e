import { LABEL, type UnknownOutcomePolicy } from "../../lambda/contract.ts";
import type { Presentation, RunRecord } from "./chronicle.ts";
import { ancestorsOf, isStored } from "./invariants.ts";
import { refreshTokenIn, type World } from "./world.ts";

/**
 * How a connection stands when its history is over. `healthy`: the newest pair is AWSCURRENT and was renewed again. `held`: the
 * rotation waits for a person, as its policy says. `lost`: XT accepts no token that a store holds.
 */
export type Standing = "healthy" | "held" | "lost";

type Contradiction = readonly [invariant: string, what: string];

/** Says how a connection stands, and what is wrong with standing so. */
export function judge(
  world: World,
  policy: UnknownOutcomePolicy,
): { readonly standing: Standing; readonly contradiction?: Contradiction | undefined } {
  const standing = standingOf(world);
  return { standing, contradiction: contradictionTo(standing, world, policy) };
}

function standingOf(world: World): Standing {
  const last = world.chronicle.runs.at(-1);
  if (last && isHalted(last)) return "held";
  return world.xt.isLive(world.currentToken ?? "", world.time.nowMs) ? "healthy" : "lost";
}

/** A run that waits for a person, as the policy says. What the tokens in use say may be worse news, and is told instead. */
export function isHalted({ ending = "" }: RunRecord): boolean {
  return /^halted: (held|access-token-expired|refresh-token-doubtful)$/.test(ending);
}

function contradictionTo(standing: Standing, world: World, policy: UnknownOutcomePolicy): Contradiction | undefined {
  const stranded = strandedPair(world);
  if (stranded) return ["theNewestPairBecomesCurrent", stranded];
  switch (standing) {
    case "healthy":
      if (!isAtRest(world)) return ["everythingComesToRest", "the token is live and is not renewed"];
      return leftover(world) === undefined ? undefined : ["theEscrowIsSwept", "it still keeps a copy of a stored pair"];
    case "held":
      if (policy !== "hold") return ["everyLossIsNamed", "a run holds although the policy is to replay"];
      return hasOpenAttempt(world) ? undefined : ["everyLossIsNamed", "a run holds and no attempt is open"];
    case "lost":
      return whyNotLost(world);
  }
}

/** The version for which the escrow keeps a copy of a pair that the token secret holds. */
export function leftover(world: World): string | undefined {
  if (world.escrowed.size === 0) return undefined;
  const stored = new Set([...world.versions.byId.keys()].map((id) => refreshTokenIn(world.textOf(id) ?? "")));
  return [...world.escrowed].find(([, text]) => stored.has(refreshTokenIn(text)))?.[0];
}

/** A store holds the newest pair, XT would take it, and AWSCURRENT holds another. */
function strandedPair(world: World): string | undefined {
  const { xt, time, currentToken } = world;
  const token = xt.newest;
  if (token === currentToken || !xt.isLive(token, time.nowMs) || !isStored(world, token)) return undefined;
  if (isOfAnotherGrant(world, token)) return undefined;
  return `${token} is live and stored, and AWSCURRENT holds ${currentToken}`;
}

/** A person has seeded since: the pair was not bought, directly or through others, with what AWSCURRENT holds, and must not replace it. */
function isOfAnotherGrant(world: World, token: string): boolean {
  const tokenOf = (id: unknown) => refreshTokenIn(world.textOf(String(id)) ?? "");
  const versionId = [...world.versions.byId.keys()].find((id) => tokenOf(id) === token);
  return versionId !== undefined && !ancestorsOf(world, versionId).some((id) => tokenOf(id) === world.currentToken);
}

function isAtRest({ chronicle }: World): boolean {
  return chronicle.runs.at(-1)?.ending === "rotated: renewed";
}

/** An attempt on AWSCURRENT left no pair, so that nobody in the world can tell whether it spent the token. */
function hasOpenAttempt(world: World): boolean {
  const current = world.versions.holders.get(LABEL.current);
  const stored = world.chronicle.receipts.filter(({ acknowledgedAtMs }) => acknowledgedAtMs !== undefined);
  const bought = stored.flatMap(({ run }) => run.fences);
  return [...world.versions.byId.keys()].some((id) => {
    const { kind, parent } = world.documentOf(id);
    return kind === "attempt" && parent === current && !bought.includes(id);
  });
}

/** A loss must have its window, which no client can close, and a failure that an alarm sees from then on. */
function whyNotLost(world: World): Contradiction | undefined {
  const { runs, presentations } = world.chronicle;
  // What a process stores after its attempt was given up may be worth nothing: its token was presented again.
  const window = lostPresentation(world) ?? presentations.find(({ run }) => run.isSuspended);
  if (window === undefined)
    return ["onlyTheWindowsLose", "every pair that XT issued reached a store, and the grant is lost"];
  const { run, learnt } = window;
  const { ending = "" } = run;
  if (!NAMES_OF_LOSS[learnt].test(ending) && !run.isSuspended) {
    return ["everyLossIsNamed", `${run.id} lost a pair (${learnt}) and ended with ${ending}`];
  }
  if (!hasTriedEverything(run)) return ["onlyTheWindowsLose", `${run.id} gave a pair up before its time`];
  const later = runs.slice(runs.indexOf(run) + 1);
  if (!later.some((each) => each.ending === "RotationRejected" || isHalted(each)))
    return ["everyLossIsNamed", "no later run failed or halted"];
  return whyNotAlarmed(world, window);
}

/**
 * From the refusal on that shows the loss, every tick says that a person must authorize, the idle ones in between as well. Where
 * nothing says that an answer got lost, one refusal may be a mistake, and three are none. Runs that met a fault, or read what was
 * stale, may know less.
 */
function whyNotAlarmed(world: World, { run: lossy }: Presentation): Contradiction | undefined {
  const { runs, moves } = world.chronicle;
  const sinceMs = Math.max(world.touchedAtMs, moves.at(-1)?.atMs ?? 0);
  const later = runs.slice(runs.indexOf(lossy) + 1).filter(({ startedAtMs }) => startedAtMs > sinceMs);
  let refusals = 0;
  let isTold = false;
  for (const { id, ending = "", severity, says, isDisturbed } of later) {
    if (ending === "RotationRejected") {
      refusals += 1;
      isTold = !isDisturbed && !world.hasStaleReads && (!lossy.isSuspended || refusals >= MANY_REFUSALS);
    } else if (!ending.startsWith("idle: ") || isDisturbed) continue;
    if (isTold && !isCallForAuthorization(severity, says)) return ["aLossStaysLoud", `${id} (${ending}) says: ${says}`];
  }
  return undefined;
}

const MANY_REFUSALS = 3;

function isCallForAuthorization(severity: RunRecord["severity"], says: string): boolean {
  return severity === 4 && says.includes("type npx --no xt-token authorize");
}

/** A run that could fail at staging more than a few times must have asked the escrow, and must go on to its deadline. */
function hasTriedEverything({ calls, ending, startedAtMs, endedAtMs = 0 }: Presentation["run"]): boolean {
  const stagings = calls.filter((name) => name === "staging").length;
  if (stagings >= MANY_STAGINGS && !calls.includes("escrowing")) return false;
  return ending !== "PairNotStored" || (calls.includes("escrowing") && endedAtMs - startedAtMs >= PATIENCE_MS);
}

/** One more than the attempt at which the rotation turns to the escrow. */
const MANY_STAGINGS = 5;
/** Of the two minutes that a run has, what it must have used before it gives a pair up. */
const PATIENCE_MS = 110_000;

/** What a run may end with that lost a pair, by what it learnt of it. Whatever kills a process is counted by the platform. */
const NAMES_OF_LOSS = {
  pending: /^(killed|timed out)$/,
  unknown: /^(ExchangeOutcomeUnknown|killed|timed out)$/,
  granted: /^(PairNotStored|killed|timed out)$/,
  // The pair with the token that is kept has to be stored and promoted, which may fail in its own ways.
  kept: /^[A-Za-z]+$|^timed out$|^deferred: superseded$/,
  unspent: /^never$/,
} as const;

/** An exchange that XT granted, and whose pair no store ever got. */
export function lostPresentation(world: World): Presentation | undefined {
  return world.chronicle.presentations.find(({ issued }) => issued !== undefined && !isStored(world, issued));
}
