import { LABEL, type RotationResult, type Severity, type UnknownOutcomePolicy } from "../contract.ts";
import { assertNever } from "./assert.ts";
import { readAttemptRecord, type StoredAttempt } from "./attempt-record.ts";
import { type Circumstances, type Decision, decide } from "./decide.ts";
import { diagnose, inWords, type State } from "./diagnose.ts";
import { FenceUnreadable, RefreshTokenUnreadable, TooManySteps } from "./errors.ts";
import type { Facts, VersionedPair } from "./facts.ts";
import { fence, type Run, stagingEndsAtMs } from "./fence.ts";
import { type Learnt, type Observation, observe } from "./observe.ts";
import { writePair } from "./pair-document.ts";
import type { Ports, VersionId } from "./ports.ts";
import { promote } from "./promote.ts";
import { asCurrent, type Known, report } from "./report.ts";
import { settle } from "./settle.ts";
import { stage } from "./stage.ts";
import { sweep, tidy } from "./tidy.ts";
import { findOddities, readTokenAnswer } from "./token-answer.ts";
import { endUngranted } from "./ungranted.ts";

/** What one tick is asked. */
export interface Request {
  readonly connection: string;
  readonly run: Run;
  readonly force: boolean;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  /** Told what was read or has changed, each time; the last call counts. Also a run that fails later tells it. */
  readonly onFacts?: (facts: Facts) => void;
}

/** How a run ended that did not fail. */
export interface Ended {
  readonly result: RotationResult;
  readonly severity: Severity;
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
export async function rotate(ports: Ports, request: Request): Promise<Ended> {
  const { clock } = ports;
  let learnt: Learnt = {};
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    const seen = await observe(ports, learnt);
    if (seen.kind === "torn") {
      if (step < TORN_LOOKS) continue;
      return deferred(request, TORN_READS, { kind: "unread", versionId: undefined });
    }
    const { facts, description } = seen;
    request.onFacts?.(facts);
    // A peer may have refreshed already. One that this run has settled itself is dead.
    const isForced = request.force && (!learnt.collision || learnt.searched === learnt.collision.versionId);
    const decision = await decideOnce(ports, request, seen, isForced);
    switch (decision.kind) {
      case "halt":
        return decided(request, "halted", { facts, decision, nowMs: clock.now() });
      case "idle":
        if (isFreshlyRenewed(facts, clock.now())) await sweep(ports, description.arn);
        return decided(request, "idle", { facts, decision, nowMs: clock.now() });
      case "fail":
        throw decision.error;
      case "promote":
        return finish(ports, request, facts, decision.from, decision.staged, description.arn);
      case "settle": {
        const { attempt } = decision;
        const settled = await settle(ports, description.arn, attempt, stagingEndsAtMs(request.run));
        if (settled.kind === "found") {
          return finish(ports, request, facts, attempt.record.parent, settled.staged, description.arn);
        }
        if (settled.kind === "hidden") return deferred(request, HIDDEN_PAIR, facts.current);
        learnt = { ...learnt, searched: attempt.versionId };
        break;
      }
      case "refresh": {
        const renewed = await renew(ports, request, seen, decision);
        if (renewed.kind === "ended") return renewed.ended;
        learnt = { collision: renewed.newest };
        break;
      }
      default:
        return assertNever(decision);
    }
  }
  throw new TooManySteps(MAX_STEPS);
}

type Seen = Extract<Observation, { kind: "seen" }>;
type Renewal =
  | { readonly kind: "ended"; readonly ended: Ended }
  | { readonly kind: "collided"; readonly newest: StoredAttempt };

/**
 * Fence, exchange, stage, promote: one Secrets Manager round trip each.
 *
 * ```
 *   a │ fence     PutSecretValue XT_ATTEMPT   dies here: nothing spent; settled 10 min past the deadline
 *   b │ exchange  GET                         dies here: spent or not, unknown; replayed or held
 *   c │ stage     PutSecretValue XT_ISSUED    dies here: if the write arrived, or the escrow's, a later tick promotes it
 *   d │ promote   UpdateSecretVersionStage    dies here: the next tick promotes it
 * ```
 */
async function renew(
  ports: Ports,
  request: Request,
  { facts, description: { arn, holders } }: Seen,
  { parent, attempt, credentials }: Extract<Decision, { kind: "refresh" }>,
): Promise<Renewal> {
  const { clock, endpoint, log } = ports;
  const name = { arn, parent: parent.versionId, attempt };
  const issuedId = ports.store.versionId({ ...name, kind: "issued" });

  const fenced = await fence(ports, request.run, name);
  if (fenced.kind === "collided") {
    if (fenced.newest === undefined) throw new FenceUnreadable();
    return { kind: "collided", newest: fenced.newest };
  }

  const answer = await endpoint.exchange(credentials, { refreshToken: parent.pair.refreshToken });
  const origin = { parent: parent.versionId, attempt, issuedAtMs: clock.now() };
  const outcome = readTokenAnswer(answer, parent.pair, origin);
  if (outcome.kind !== "granted") {
    const refusal = { facts, record: { versionId: fenced.versionId, attempt }, holders, ...request };
    await endUngranted(ports, refusal, outcome);
    return { kind: "ended", ended: deferred(request, THROTTLED, facts.current) };
  }
  const { pair } = outcome;

  const staged = await stage(ports, { arn, issuedId, text: writePair(pair) }, stagingEndsAtMs(request.run));

  const { versionId } = staged;
  const promotion = await promote(ports, parent.versionId, versionId);

  if (staged.isEscrowed) await tidy(ports, issuedId);
  const oddities = findOddities(outcome);
  if (oddities.length > 0) log.warn("XT's answer was odd, its tokens are stored", { oddities, attempt });
  if (promotion.kind === "superseded") return { kind: "ended", ended: superseded(request, versionId, promotion.by) };
  if (pair.isRefreshTokenDoubtful) throw new RefreshTokenUnreadable(versionId);
  return { kind: "ended", ended: inUse(request, "rotated", RENEWED, facts, { versionId, pair }) };
}

const RENEWED = "renewed: XT granted a new pair";
const SETTLED = "settled: a pair that was received before is in use now";

/** Promotes what an interrupted run left staged. */
async function finish(
  ports: Ports,
  request: Request,
  facts: Facts,
  from: VersionId,
  staged: VersionedPair,
  arn: string,
): Promise<Ended> {
  const promotion = await promote(ports, from, staged.versionId);
  if (promotion.kind === "superseded") return superseded(request, staged.versionId, promotion.by);
  // Nobody knows whether the interrupted run used the escrow.
  const { origin } = staged.pair;
  if (origin !== undefined) await tidy(ports, ports.store.versionId({ ...origin, arn, kind: "issued" }));
  return inUse(request, "settled", SETTLED, facts, staged);
}

function decided({ connection }: Request, outcome: "halted" | "idle", state: State): Ended {
  const verdict = diagnose(state);
  const reason = `${verdict.code}: ${inWords(verdict)}`;
  return { result: report(connection, outcome, reason, state.facts.current), severity: verdict.severity };
}

/** In the hour after a renewal the ticks look whether it left a copy in the escrow. */
function isFreshlyRenewed({ current }: Facts, nowMs: number): boolean {
  const issuedAtMs = current.kind === "pair" ? current.pair.origin?.issuedAtMs : undefined;
  return issuedAtMs !== undefined && nowMs - issuedAtMs < SWEEPING_MS;
}

const SWEEPING_MS = 60 * 60_000;

function inUse(
  { connection, onFacts }: Request,
  outcome: "rotated" | "settled",
  reason: string,
  { secretCreatedAtMs, clientCredentials }: Facts,
  promoted: VersionedPair,
): Ended {
  const current = asCurrent(promoted);
  onFacts?.({ current, secretCreatedAtMs, clientCredentials });
  return { result: report(connection, outcome, reason, current), severity: 0 };
}

const HIDDEN_PAIR = "hidden-pair: a pair is stored and cannot be read yet, the next tick looks again";
const THROTTLED = "throttled: XT asked for fewer requests, a later tick tries again";
const TORN_READS = "torn-reads: the labels and the value disagree, the next tick looks again";

function superseded(request: Request, versionId: VersionId, by: VersionId | undefined): Ended {
  const reason = `superseded: a person or another run moved AWSCURRENT, the pair of this run stays in version ${versionId}`;
  return deferred(request, reason, { kind: "unread", versionId: by });
}

function deferred({ connection }: Request, reason: string, current: Known): Ended {
  return { result: report(connection, "deferred", reason, current), severity: 3 };
}

/** Decides, without the force that a duplicate delivery of a forced event brings: its twin has refreshed already. */
async function decideOnce(
  { store, clock }: Ports,
  { run, unknownOutcomePolicy }: Request,
  { facts, description }: Seen,
  force: boolean,
): Promise<Decision> {
  const circumstances: Circumstances = { nowMs: clock.now(), force, unknownOutcomePolicy };
  const decision = decide(facts, circumstances);
  if (!force || decision.kind !== "refresh") return decision;
  const newest = description.holders.get(LABEL.attempt);
  const stored = newest && (await store.readVersion(newest));
  const isDuplicate = stored && readAttemptRecord(stored)?.record.run === run.id;
  return isDuplicate ? decide(facts, { ...circumstances, force: false }) : decision;
}
