import { LABEL, type RotationResult, type UnknownOutcomePolicy } from "../contract.ts";
import { assertNever } from "./assert.ts";
import { readAttemptRecord } from "./attempt-record.ts";
import { concludeRefresh, concludeSettling } from "./conclude.ts";
import { type Decision, decide } from "./decide.ts";
import { FenceUnreadable, TooManySteps } from "./errors.ts";
import { type Learnt, type Observation, observe } from "./observe.ts";
import type { Ports } from "./ports.ts";
import { type Run, refresh, stagingEndsAtMs } from "./refresh.ts";
import { haltReason, idleReason, report, type SecretNames } from "./report.ts";
import { settle } from "./settle.ts";

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
  const { names, force } = request;
  let learnt: Learnt = {};
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    const seen = await observe(ports, learnt);
    if (seen.kind === "torn") {
      if (step < TORN_LOOKS) continue;
      return report(names, "deferred", TORN_READS, UNSEEN);
    }
    const { facts, description } = seen;
    ports.gauge.saw(facts);
    const isForced = force && !learnt.collision;
    const decision = await decideOnce(ports, request, seen, isForced);
    switch (decision.kind) {
      case "halt":
        return report(names, "halted", haltReason(names, decision), facts.current);
      case "idle":
        return report(names, "idle", idleReason(decision), facts.current);
      case "fail":
        throw decision.error;
      case "promote":
        return concludeSettling(ports, names, decision.from, decision.staged);
      case "settle": {
        const { attempt } = decision;
        const settled = await settle(ports, description.arn, attempt, stagingEndsAtMs(request.run), isForced);
        if (settled.kind === "found") return concludeSettling(ports, names, attempt.record.parent, settled.staged);
        if (settled.kind === "hidden") return report(names, "deferred", HIDDEN_PAIR, facts.current);
        learnt = { ...learnt, searched: attempt.versionId };
        break;
      }
      case "refresh": {
        const refreshed = await refresh(ports, request.run, description, decision);
        if (refreshed.kind !== "collided") return concludeRefresh(ports, names, facts, decision, refreshed);
        if (refreshed.newest === undefined) throw new FenceUnreadable();
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
const HIDDEN_PAIR = "hidden-pair: a dead attempt's pair is stored and not to be read yet, the next tick looks again";
const TORN_READS = "torn-reads: the labels and the value disagree, the next tick looks again";

/** Decides, without the force that a duplicate delivery of a forced event brings: its twin has refreshed already. */
async function decideOnce(
  { store, clock }: Ports,
  { run, unknownOutcomePolicy }: Request,
  { facts, description }: Extract<Observation, { kind: "seen" }>,
  force: boolean,
): Promise<Decision> {
  const circumstances = { nowMs: clock.now(), unknownOutcomePolicy };
  const decision = decide(facts, { ...circumstances, force });
  if (!force || decision.kind !== "refresh") return decision;
  const newest = description.holders.get(LABEL.attempt);
  const stored = newest && (await store.readVersion(newest));
  const isDuplicate = stored && readAttemptRecord(stored)?.record.run === run.id;
  return isDuplicate ? decide(facts, { ...circumstances, force: false }) : decision;
}
