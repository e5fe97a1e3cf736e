import type { RotationResult, UnknownOutcomePolicy } from "../contract.ts";
import { findDefects } from "./answer-defects.ts";
import { assertNever } from "./assert.ts";
import { type Attempt, type Decision, decide, type Facts, type VersionedPair } from "./decide.ts";
import { ExchangeOutcomeUnknown, RotationRejected, TokenEndpointUnreachable, TooManySteps } from "./errors.ts";
import { type Learnt, observe, readStagedVersion } from "./observe.ts";
import type { Ports, SecretDescription } from "./ports.ts";
import { promote } from "./promote.ts";
import { type Refreshed, type Run, refresh } from "./refresh.ts";
import { asCurrent, haltReason, idleReason, report, type SecretNames } from "./report.ts";

/** What one invocation asks for. */
export interface Request {
  readonly names: SecretNames;
  readonly run: Run;
  readonly force: boolean;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
}

/** The longest sound course is: torn look, collision, settle, refresh. More is a state that nobody foresaw. */
const MAX_STEPS = 6;
/** Labels and value that stay apart for this many looks are a cache's, which another look at once does not mend. */
const TORN_LOOKS = 3;

/**
 * One tick: observe, decide, act, and look again where the act answered something surprising. It spends at most one
 * refresh token, and whatever it is killed at, the next tick carries on from what the stores show.
 *
 * @throws RotationError for whatever must fail the invocation
 */
export async function rotate(ports: Ports, request: Request): Promise<RotationResult> {
  const { names, force, unknownOutcomePolicy } = request;
  let learnt: Learnt = {};
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    const seen = await observe(ports, learnt);
    if (seen.kind === "torn") {
      if (step < TORN_LOOKS) continue;
      return report(
        names,
        "deferred",
        "torn-reads: the labels and the value disagree, the next tick looks again",
        UNSEEN,
      );
    }
    const { facts, description } = seen;
    const decision = decide(facts, { nowMs: ports.clock.now(), force, unknownOutcomePolicy });
    switch (decision.kind) {
      case "halt":
        return report(names, "halted", haltReason(names, decision), facts.current);
      case "idle":
        return report(names, "idle", idleReason(decision), facts.current);
      case "fail":
        throw decision.error;
      case "promote":
        return promoteStaged(ports, names, decision.from, decision.staged, SETTLED);
      case "settle": {
        const staged = await findIssued(ports, description, decision.attempt);
        if (staged) return promoteStaged(ports, names, decision.attempt.record.parent, staged, SETTLED);
        learnt = { ...learnt, searched: decision.attempt.versionId };
        break;
      }
      case "refresh": {
        const refreshed = await refresh(ports, request.run, description, decision);
        if (refreshed.kind !== "collided") return conclude(ports, names, facts, decision, refreshed);
        if (refreshed.newest === undefined) return report(names, "idle", UNREADABLE_PEER, facts.current);
        learnt = { collision: refreshed.newest };
        break;
      }
      default:
        return assertNever(decision);
    }
  }
  throw new TooManySteps(MAX_STEPS);
}

const UNSEEN = { kind: "unseen", versionId: undefined } as const;
const UNREADABLE_PEER = "peer-at-work: another run holds the fence, its record cannot be read yet";
const ROTATED = { outcome: "rotated", reason: "renewed: XT granted a new pair" } as const;
const SETTLED = { outcome: "settled", reason: "settled: an interrupted run had left the pair staged" } as const;

/** The attempt's pair by its computable id, since labels may lag. */
function findIssued(
  { store }: Ports,
  { arn }: SecretDescription,
  { record }: Attempt,
): Promise<VersionedPair | undefined> {
  const { parent, attempt } = record;
  return readStagedVersion(store, store.versionId({ arn, parent, kind: "issued", attempt }));
}

async function promoteStaged(
  ports: Ports,
  names: SecretNames,
  from: string,
  staged: VersionedPair,
  ended: typeof ROTATED | typeof SETTLED,
): Promise<RotationResult> {
  const promotion = await promote(ports.store, from, staged.versionId);
  if (promotion.kind === "promoted") return report(names, ended.outcome, ended.reason, asCurrent(staged));
  const reason = `superseded: AWSCURRENT was moved by someone else, the pair issued to this run stays in version ${staged.versionId}`;
  return report(names, "deferred", reason, { kind: "unseen", versionId: promotion.by });
}

type Refresh = Extract<Decision, { kind: "refresh" }>;

/** Turns the end of a refresh into the end of the run. */
async function conclude(
  ports: Ports,
  names: SecretNames,
  { current, staged }: Facts,
  { parent, attempt }: Refresh,
  refreshed: Exclude<Refreshed, { kind: "collided" }>,
): Promise<RotationResult> {
  switch (refreshed.kind) {
    case "staged": {
      const result = await promoteStaged(ports, names, parent.versionId, refreshed.staged, ROTATED);
      const defects = findDefects(refreshed.answer, refreshed.staged.pair.origin?.issuedAtMs ?? 0);
      if (defects.length > 0) ports.log.warn("XT's answer was odd, its tokens are stored", { defects, attempt });
      return result;
    }
    case "throttled":
      return report(names, "deferred", "throttled: XT asked for fewer requests, a later tick tries again", current);
    case "rejected":
      throw new RotationRejected({ ...refreshed, attempt }, adviceAfterRejection(staged));
    case "unsent":
      throw new TokenEndpointUnreachable(refreshed.code, attempt);
    case "unknown":
      throw new ExchangeOutcomeUnknown(refreshed.code, attempt);
    default:
      return assertNever(refreshed);
  }
}

function adviceAfterRejection(staged: VersionedPair | undefined): string {
  const reauthorize = "if it keeps refusing, reauthorize and seed the new pair";
  return staged
    ? `${reauthorize}, or look at version ${staged.versionId}, the last pair that a run received`
    : reauthorize;
}
