import type { UnknownOutcomePolicy } from "../contract.ts";
import { backoffMs } from "./backoff.ts";
import type { CredentialsReading } from "./client-credentials.ts";
import type { RotationError } from "./errors.ts";
import type { ClientCredentials, StoredAttempt, VersionId } from "./ports.ts";
import { renewAtMs } from "./renewal.ts";
import type { TokenPair } from "./token-pair.ts";

/** What one look at the world showed. */
export interface Facts {
  readonly current: Current;
  /** The pair under XT_ISSUED, where that is not the one under AWSCURRENT. */
  readonly staged?: StagedPair | undefined;
  /** The newest attempt to spend the current pair's refresh token. */
  readonly attempt?: Attempt | undefined;
  readonly clientCredentials: CredentialsReading | { readonly kind: "unavailable"; readonly error: RotationError };
}

export type Current =
  | { readonly kind: "absent" }
  | { readonly kind: "malformed"; readonly versionId: VersionId; readonly problem: string }
  | (VersionedPair & { readonly kind: "pair"; readonly createdAtMs: number });

export interface VersionedPair {
  readonly versionId: VersionId;
  readonly pair: TokenPair;
}

export interface StagedPair extends VersionedPair {
  /** Whether it was bought, directly or through others, with the refresh token that AWSCURRENT holds. */
  readonly succeedsCurrent: boolean;
}

/**
 * An attempt on the current pair that left no pair in sight. `open`: it may be at work, or it died. `unspent`: it
 * certainly left the token alone. `unknown`: it is over, its pair was searched for in vain, and the token may be spent.
 */
export interface Attempt extends StoredAttempt {
  readonly state: "open" | "unspent" | "unknown";
}

/** What the run was asked, and by what rules. */
export interface Circumstances {
  readonly nowMs: number;
  readonly force: boolean;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
}

export type Decision =
  /** A person must act. `problem` says what was found. */
  | {
      readonly kind: "halt";
      readonly code: "not-seeded" | "malformed" | "client-credentials" | "held";
      readonly problem: string;
    }
  /** The pair is received and durable, and only AWSCURRENT has to follow. */
  | { readonly kind: "promote"; readonly from: VersionId; readonly staged: VersionedPair }
  /** An attempt died: look for what it left. */
  | { readonly kind: "settle"; readonly attempt: Attempt }
  /** Nothing to do before `untilMs`. */
  | { readonly kind: "idle"; readonly code: "peer-at-work" | "backing-off" | "not-due"; readonly untilMs: number }
  /** Something needed for a refresh cannot be had. */
  | { readonly kind: "fail"; readonly error: RotationError }
  /** Spend the refresh token of `parent`, as attempt number `attempt`. */
  | {
      readonly kind: "refresh";
      readonly parent: VersionedPair;
      readonly attempt: number;
      readonly credentials: ClientCredentials;
    };

/**
 * How long past its deadline an attempt counts as at work. Reads may lag behind a run that did finish, and clocks differ;
 * a stale reader that took it for dead would spend its token a second time.
 */
export const PEER_GRACE_MS = 10 * 60_000;

/** How far the clocks of two runs may lie apart before what one wrote is nonsense to the other. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

type CurrentPair = Extract<Current, { kind: "pair" }>;

/** One rule: its decision, or `undefined` where it does not apply. */
type Policy = (current: CurrentPair, facts: Facts, circumstances: Circumstances) => Decision | undefined;

/** In order; the first that decides wins. */
const POLICIES: readonly Policy[] = [
  promoteWhatAnInterruptedRunStaged,
  leavePeerAtWork,
  settleDeadAttempt,
  holdUnknownOutcome,
  backOff,
  haltWithoutClientCredentials,
  idleUntilDue,
];

/** Decides the next act. Pure and total; refreshes where no policy speaks against it. */
export function decide(facts: Facts, circumstances: Circumstances): Decision {
  const { current } = facts;
  if (current.kind === "absent") return { kind: "halt", code: "not-seeded", problem: "the token secret has no value" };
  if (current.kind === "malformed") return { kind: "halt", code: "malformed", problem: current.problem };
  for (const policy of POLICIES) {
    const decision = policy(current, facts, circumstances);
    if (decision !== undefined) return decision;
  }
  return refresh(current, facts);
}

/**
 * The newest pair is the living one, also after a person moved AWSCURRENT back or put a copy of an older pair there: its
 * token is spent. A staged pair that does not come from AWSCURRENT's is another grant's, and AWSCURRENT was seeded since.
 */
function promoteWhatAnInterruptedRunStaged(current: CurrentPair, { staged }: Facts): Decision | undefined {
  return staged?.succeedsCurrent ? { kind: "promote", from: current.versionId, staged } : undefined;
}

/** Not even `force` passes: two exchanges of one token may revoke the grant. */
function leavePeerAtWork(_current: CurrentPair, { attempt }: Facts, { nowMs }: Circumstances): Decision | undefined {
  if (attempt?.state !== "open") return undefined;
  const untilMs = attempt.record.deadlineAtMs + PEER_GRACE_MS;
  return nowMs < untilMs ? { kind: "idle", code: "peer-at-work", untilMs } : undefined;
}

function settleDeadAttempt(_current: CurrentPair, { attempt }: Facts): Decision | undefined {
  return attempt?.state === "open" ? { kind: "settle", attempt } : undefined;
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
  const untilMs = attempt.record.startedAtMs + backoffMs(attempt.record.attempt);
  return nowMs < untilMs ? { kind: "idle", code: "backing-off", untilMs } : undefined;
}

/** Told before the renewal is due, while there is time to mend it. */
function haltWithoutClientCredentials(_current: CurrentPair, { clientCredentials }: Facts): Decision | undefined {
  return clientCredentials.kind === "unusable" ? haltUnusable(clientCredentials.problem) : undefined;
}

function haltUnusable(problem: string): Decision {
  return { kind: "halt", code: "client-credentials", problem };
}

function idleUntilDue(current: CurrentPair, _facts: Facts, { nowMs, force }: Circumstances): Decision | undefined {
  // Written by a clock that ran ahead, which no renewal date can be counted from.
  if ((current.pair.origin?.issuedAtMs ?? 0) > nowMs + CLOCK_TOLERANCE_MS) return undefined;
  const untilMs = renewAtMs(current.pair, current.createdAtMs);
  return nowMs < untilMs && !force ? { kind: "idle", code: "not-due", untilMs } : undefined;
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
