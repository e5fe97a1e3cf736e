import type { UnknownOutcomePolicy } from "../contract.ts";
import type { RotationError } from "./errors.ts";
import type { Attempt, Current, CurrentPair, Facts, VersionedPair } from "./facts.ts";
import type { ClientCredentials, VersionId } from "./ports.ts";
import { backoffMs, renewAtMs } from "./renewal.ts";

/** What the run was asked, and by what rules. */
export interface Circumstances {
  readonly nowMs: number;
  readonly force: boolean;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  /** Until then XT throttles all connections of this process, in milliseconds since the epoch. @default no throttling */
  readonly restUntilMs?: number | undefined;
}

export type Decision =
  /** A person must act. `problem` says what was found. */
  | {
      readonly kind: "halt";
      readonly code: "not-seeded" | "malformed" | "disconnected" | "client-credentials" | "held";
      readonly problem: string;
    }
  /** The pair is received and durable, and only AWSCURRENT has to follow. */
  | { readonly kind: "promote"; readonly from: VersionId; readonly staged: VersionedPair }
  /** An authorization did not finish: look whether the escrow holds its pair, which succeeds the version `from`. */
  | { readonly kind: "adopt"; readonly from: VersionId }
  /** The access-token secret shows another token than that of the pair in use. */
  | { readonly kind: "publish"; readonly pair: VersionedPair; readonly from: VersionId | undefined }
  /**
   * An attempt ended and no pair of it is known: look for what it or an earlier one left. `otherwise` is the decision if nothing is
   * found. It is absent if nobody has searched before.
   */
  | { readonly kind: "settle"; readonly attempt: Attempt; readonly otherwise?: Decision | undefined }
  /** Nothing to do before `untilMs`. */
  | {
      readonly kind: "idle";
      readonly code: "peer-at-work" | "backing-off" | "not-due" | "resting";
      readonly untilMs: number;
    }
  /** Something needed for a refresh cannot be had. */
  | { readonly kind: "fail"; readonly error: RotationError }
  /** Spend the refresh token of `parent`, as attempt number `attempt`. */
  | {
      readonly kind: "refresh";
      readonly parent: CurrentPair;
      readonly attempt: number;
      readonly credentials: ClientCredentials;
    };

/**
 * How long after its deadline an attempt still counts as running. Clocks differ, and reads may not yet show that a run has finished.
 * A reader that takes such a run for dead would spend its token a second time.
 */
export const PEER_GRACE_MS = 10 * 60_000;

/** How far the clocks of two runs may differ. Beyond this, a run cannot use the times that the other wrote. */
export const CLOCK_TOLERANCE_MS = 10 * 60_000;

/** One rule: its decision, or `undefined` where it does not apply. */
type Policy = (current: CurrentPair, facts: Facts, circumstances: Circumstances) => Decision | undefined;

/** In order; the first that decides wins. */
const POLICIES: readonly Policy[] = [
  leaveDisconnected,
  publishAccessToken,
  leavePeerAtWork,
  settleDeadAttempt,
  holdUnknownOutcome,
  backOff,
  searchBeforeNextAttempt,
  haltWithoutClientCredentials,
  idleUntilDue,
  restWithOthers,
];

/** Decides the next act. Pure and total. It refreshes if no policy decides otherwise. */
export function decide(facts: Facts, circumstances: Circumstances): Decision {
  const { current } = facts;
  const promotion = promoteWhatAnInterruptedRunStaged(current, facts);
  if (promotion !== undefined) return promotion;
  const adoption = adoptAuthorizedPair(current, facts, circumstances);
  if (adoption !== undefined) return adoption;
  if (current.kind === "absent") return { kind: "halt", code: "not-seeded", problem: "the token secret has no value" };
  if (current.kind === "malformed") return { kind: "halt", code: "malformed", problem: current.problem };
  for (const policy of POLICIES) {
    const decision = policy(current, facts, circumstances);
    if (decision !== undefined) return decision;
  }
  return refresh(current, facts);
}

/** Its id is a hash of the code, which nobody keeps: the escrow is searched for a pair that succeeds AWSCURRENT. */
function adoptAuthorizedPair(
  { versionId }: Current,
  { authorization }: Facts,
  { nowMs }: Circumstances,
): Decision | undefined {
  if (versionId === undefined || authorization === undefined || nowMs < authorization.deadlineAtMs) return undefined;
  return { kind: "adopt", from: versionId };
}

/**
 * The newest pair is the living one, also after a person moved AWSCURRENT back or put a copy of an older pair there: its
 * token is spent. A staged pair that does not descend from AWSCURRENT belongs to another grant: a person has seeded AWSCURRENT since.
 */
function promoteWhatAnInterruptedRunStaged(current: Current, { staged }: Facts): Decision | undefined {
  if (current.versionId === undefined || !staged?.succeedsCurrent) return undefined;
  return { kind: "promote", from: current.versionId, staged };
}

/** A code that XT refuses must not connect a user again. `force` passes: a person wants the old pair. */
function leaveDisconnected(_current: CurrentPair, { isParked }: Facts, { force }: Circumstances): Decision | undefined {
  if (!isParked || force) return undefined;
  const problem = "the connection was disconnected, and no code has brought a new pair";
  return { kind: "halt", code: "disconnected", problem };
}

/** The first policy for a connection in use, because it is quick and workloads wait for it. */
function publishAccessToken(current: CurrentPair, { publication }: Facts): Decision | undefined {
  if (publication.kind !== "published" || publication.versionId === current.versionId) return undefined;
  if (publication.isAhead) return undefined;
  // A person seeded a refresh token alone: there is nothing to publish until it is renewed.
  if (current.pair.accessToken === undefined) return undefined;
  return { kind: "publish", pair: current, from: publication.versionId };
}

/** `force` does not pass either: two exchanges of one token may revoke the grant. */
function leavePeerAtWork(_current: CurrentPair, { attempt }: Facts, { nowMs }: Circumstances): Decision | undefined {
  if (attempt?.state !== "open") return undefined;
  const untilMs = attempt.record.deadlineAtMs + PEER_GRACE_MS;
  return nowMs < untilMs ? { kind: "idle", code: "peer-at-work", untilMs } : undefined;
}

function settleDeadAttempt(_current: CurrentPair, facts: Facts, circumstances: Circumstances): Decision | undefined {
  const { attempt } = facts;
  if (attempt?.state !== "open") return undefined;
  const searched: Attempt = { ...attempt, state: "unknown", isSearched: true };
  const otherwise = attempt.mayBeLost ? decide({ ...facts, attempt: searched }, circumstances) : undefined;
  return { kind: "settle", attempt, otherwise };
}

function holdUnknownOutcome(
  _current: CurrentPair,
  { attempt }: Facts,
  circumstances: Circumstances,
): Decision | undefined {
  if (attempt?.state !== "unknown" || circumstances.unknownOutcomePolicy !== "hold" || circumstances.force)
    return undefined;
  const problem = `attempt ${attempt.record.attempt} may have spent the refresh token and left no pair`;
  return { kind: "halt", code: "held", problem };
}

function backOff(_current: CurrentPair, { attempt }: Facts, { nowMs, force }: Circumstances): Decision | undefined {
  if (attempt === undefined || force) return undefined;
  const { startedAtMs, attempt: number } = attempt.record;
  // Written by a clock that ran ahead, which no backoff can be counted from.
  if (startedAtMs > nowMs + CLOCK_TOLERANCE_MS) return undefined;
  const untilMs = startedAtMs + backoffMs(number);
  return nowMs < untilMs ? { kind: "idle", code: "backing-off", untilMs } : undefined;
}

/** A process that was suspended for long may have put its pair into the escrow after its attempt was settled. */
function searchBeforeNextAttempt(_current: CurrentPair, { attempt }: Facts): Decision | undefined {
  return attempt?.mayBeLost && !attempt.isSearched ? { kind: "settle", attempt } : undefined;
}

/** The run halts before the renewal is due, while a person has time to repair it. */
function haltWithoutClientCredentials(_current: CurrentPair, { clientCredentials }: Facts): Decision | undefined {
  return clientCredentials.kind === "unusable" ? haltUnusable(clientCredentials.problem) : undefined;
}

function haltUnusable(problem: string): Decision {
  return { kind: "halt", code: "client-credentials", problem };
}

function idleUntilDue(current: CurrentPair, { attempt }: Facts, { nowMs, force }: Circumstances): Decision | undefined {
  // A pair whose token may be spent, or was refused, is due at once, so that people learn of a loss while the access token lives.
  if (attempt?.mayBeLost || attempt?.isRejected) return undefined;
  // Written by a clock that ran ahead, which no renewal date can be counted from.
  if ((current.pair.origin?.issuedAtMs ?? 0) > nowMs + CLOCK_TOLERANCE_MS) return undefined;
  const untilMs = renewAtMs(current);
  return nowMs < untilMs && !force ? { kind: "idle", code: "not-due", untilMs } : undefined;
}

/** The last policy, because only a connection that is due has to wait. */
function restWithOthers(
  _current: CurrentPair,
  _facts: Facts,
  { nowMs, force, restUntilMs = 0 }: Circumstances,
): Decision | undefined {
  return nowMs < restUntilMs && !force ? { kind: "idle", code: "resting", untilMs: restUntilMs } : undefined;
}

function refresh(parent: CurrentPair, { attempt, clientCredentials }: Facts): Decision {
  switch (clientCredentials.kind) {
    case "unavailable":
      return { kind: "fail", error: clientCredentials.error };
    case "unusable":
      return haltUnusable(clientCredentials.problem);
    case "credentials":
      return {
        kind: "refresh",
        parent,
        attempt: (attempt?.record.attempt ?? 0) + 1,
        credentials: clientCredentials.credentials,
      };
  }
}
