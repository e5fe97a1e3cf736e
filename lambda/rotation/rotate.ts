import { LABEL, type UnknownOutcomePolicy } from "../contract.ts";
import { assertNever } from "./assert.ts";
import { readAttemptRecord } from "./attempt-record.ts";
import { type Circumstances, type Decision, decide } from "./decide.ts";
import { judgeDeleted, judgeMissing } from "./diagnose.ts";
import { FenceUnreadable, RefreshTokenUnreadable, TooManySteps } from "./errors.ts";
import type { Facts, Publication, VersionedPair } from "./facts.ts";
import { fence, type Run, stagingEndsAtMs } from "./fence.ts";
import { type Learnt, observe, type Seen, TORN_LOOKS } from "./observe.ts";
import { writePair } from "./pair-document.ts";
import type { Ports, VersionId } from "./ports.ts";
import { promote } from "./promote.ts";
import { publish } from "./publish.ts";
import { asCurrent, decided, deferred, type Ended, notConnected, report, superseded, UNREAD } from "./report.ts";
import { settle } from "./settle.ts";
import { adoptSuccessor, stage } from "./stage.ts";
import { isDeleted, isMissing } from "./store-errors.ts";
import { sweepAfterRenewal, tidy } from "./tidy.ts";
import { type ExchangeOutcome, findOddities, readTokenAnswer } from "./token-answer.ts";
import { endUngranted } from "./ungranted.ts";

/** What one tick is asked. */
export interface Request {
  readonly connection: string;
  readonly run: Run;
  readonly force: boolean;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  /** Until then XT throttles all connections of this process, in milliseconds since the epoch. @default no throttling */
  readonly restUntilMs?: number;
  /** Called with the outcome of an exchange. */
  readonly onOutcome?: (kind: ExchangeOutcome["kind"], attempt: number) => void;
  /** Called with the facts each time they are read or change. The last call counts, also if the run fails later. */
  readonly onFacts?: (facts: Facts) => void;
}

/** The longest normal run is: torn look, search of the escrow, publish, collision, settle, refresh. More steps mean a state that nobody expected. */
const MAX_STEPS = 8;

/**
 * One tick: observe, decide, act, and look again if the act brought a surprise. It spends at most one refresh
 * token. It can be killed at any line: the next tick continues from what the stores show.
 *
 * @throws RotationError for everything that must fail the invocation
 */
export async function rotate(ports: Ports, request: Request): Promise<Ended> {
  let learnt: Learnt = {};
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    const seen = await observe(ports, learnt).catch((error: unknown) => {
      if (isMissing(error, request.connection)) return { kind: "missing", verdict: judgeMissing } as const;
      if (isDeleted(error, request.connection)) return { kind: "missing", verdict: judgeDeleted } as const;
      throw error;
    });
    if (seen.kind === "missing") return notConnected(request.connection, seen.verdict(request.connection));
    if (seen.kind === "torn") {
      if (step < TORN_LOOKS) continue;
      return deferred(request.connection, TORN_READS, UNREAD);
    }
    const acted = await act(ports, request, seen, learnt);
    if (acted.kind === "ended") {
      const { publication = seen.facts.publication, ...ended } = acted.ended;
      // The pair is safe and everything else is done: only now the run fails.
      if (publication.kind === "unavailable") throw publication.error;
      return ended;
    }
    learnt = { ...learnt, ...acted.learnt };
  }
  throw new TooManySteps(MAX_STEPS);
}

type Acted =
  | { readonly kind: "ended"; readonly ended: Ended & { readonly publication?: Publication } }
  | { readonly kind: "surprised"; readonly learnt: Learnt };

async function act(ports: Ports, request: Request, seen: Seen, learnt: Learnt): Promise<Acted> {
  const { facts, description } = seen;
  const { connection, run } = request;
  request.onFacts?.(facts);
  // A peer may have refreshed already. One that this run has settled itself is dead.
  const isForced = request.force && (!learnt.collision || learnt.searched === learnt.collision.versionId);
  const decision = await decideOnce(ports, request, seen, isForced);
  switch (decision.kind) {
    case "halt":
    case "idle": {
      const nowMs = ports.clock.now();
      await sweepAfterRenewal(ports, description.arn, facts, nowMs);
      return { kind: "ended", ended: decided(connection, { facts, decision, nowMs }) };
    }
    case "fail":
      throw decision.error;
    case "publish": {
      const publication = await publish(ports, connection, decision.pair, decision.from);
      return { kind: "surprised", learnt: { publication } };
    }
    case "adopt": {
      const adopted = await adoptSuccessor(ports, description.arn, decision.from, stagingEndsAtMs(run));
      if (adopted) return finish(ports, request, seen, decision.from, adopted);
      return { kind: "surprised", learnt: { isEscrowSearched: true } };
    }
    case "promote":
      return finish(ports, request, seen, decision.from, decision.staged);
    case "settle": {
      const { attempt } = decision;
      const settled = await settle(ports, description.arn, attempt, stagingEndsAtMs(run));
      switch (settled.kind) {
        case "found":
          return finish(ports, request, seen, facts.current.versionId ?? attempt.record.parent, settled.staged);
        case "hidden":
          return { kind: "ended", ended: deferred(connection, HIDDEN_PAIR, facts.current) };
        case "nothing":
          return { kind: "surprised", learnt: { searched: attempt.versionId } };
        default:
          return assertNever(settled);
      }
    }
    case "refresh":
      return renew(ports, request, seen, decision);
    default:
      return assertNever(decision);
  }
}

/**
 * Fence, exchange, stage, promote, publish: one Secrets Manager round trip each.
 *
 * ```
 *   a │ fence     PutSecretValue XT_ATTEMPT   dies here: nothing spent; settled 10 min past the deadline
 *   b │ exchange  GET                         dies here: spent or not, unknown; replayed or held
 *   c │ stage     PutSecretValue XT_ISSUED    dies here: if the write arrived, or the escrow's, a later tick promotes it
 *   d │ promote   UpdateSecretVersionStage    dies here: the next tick promotes it
 *   e │ publish   PutSecretValue              dies here: the next tick publishes it
 * ```
 */
async function renew(
  ports: Ports,
  request: Request,
  { facts, description: { arn, holders } }: Seen,
  { parent, attempt, credentials }: Extract<Decision, { kind: "refresh" }>,
): Promise<Acted> {
  const { clock, endpoint, log } = ports;
  // Attempts on a token go on under one id, also where a person has stored a copy of its pair under another.
  const spends = facts.attempt?.record.parent ?? parent.versionId;
  const name = { arn, parent: spends, attempt };
  const issuedId = ports.store.versionId({ ...name, kind: "issued" });

  const fenced = await fence(ports, request.run, name);
  if (fenced.kind === "collided") {
    if (fenced.newest === undefined) throw new FenceUnreadable();
    return { kind: "surprised", learnt: { collision: fenced.newest } };
  }

  const answer = await endpoint.exchange(credentials, { refreshToken: parent.pair.refreshToken });
  const origin = { parent: spends, attempt, issuedAtMs: clock.now() };
  const outcome = readTokenAnswer(answer, parent.pair, origin);
  if (outcome.kind !== "granted") {
    request.onOutcome?.(outcome.kind, attempt);
    const refusal = { facts, record: { versionId: fenced.versionId, attempt }, holders, ...request };
    await endUngranted(ports, refusal, outcome);
    return { kind: "ended", ended: deferred(request.connection, THROTTLED, facts.current) };
  }
  const { pair } = outcome;

  const { versionId, isEscrowed } = await stage(
    ports,
    { arn, issuedId, text: writePair(pair) },
    stagingEndsAtMs(request.run),
  );

  request.onOutcome?.("granted", attempt);
  const promotion = await promote(ports, parent.versionId, versionId);

  const publication =
    promotion.kind === "promoted" ? await publish(ports, request.connection, { versionId, pair }) : facts.publication;

  if (isEscrowed) await tidy(ports, issuedId);
  const oddities = findOddities(outcome);
  if (oddities.length > 0) log.warn("XT's answer was odd, its tokens are stored", { oddities, attempt });
  if (promotion.kind === "superseded")
    return { kind: "ended", ended: superseded(request.connection, versionId, promotion.by) };
  if (pair.isRefreshTokenDoubtful) throw new RefreshTokenUnreadable(versionId);
  return { kind: "ended", ended: inUse(request, "rotated", RENEWED, facts, { versionId, pair }, publication) };
}

const RENEWED = "renewed: XT granted a new pair";
const SETTLED = "settled: a pair from an earlier run is in use now";

/** Promotes and publishes what an interrupted run left staged. */
async function finish(
  ports: Ports,
  request: Request,
  { facts, description: { arn } }: Seen,
  from: VersionId,
  staged: VersionedPair,
): Promise<Acted> {
  const promotion = await promote(ports, from, staged.versionId);
  if (promotion.kind === "superseded") {
    return { kind: "ended", ended: superseded(request.connection, staged.versionId, promotion.by) };
  }
  const publication = await publish(ports, request.connection, staged);
  // Nobody knows whether the interrupted run used the escrow.
  const { origin } = staged.pair;
  if (origin !== undefined) await tidy(ports, ports.store.versionId({ ...origin, arn, kind: "issued" }));
  return { kind: "ended", ended: inUse(request, "settled", SETTLED, facts, staged, publication) };
}

function inUse(
  { connection, onFacts }: Request,
  outcome: "rotated" | "settled",
  reason: string,
  { secretCreatedAtMs, clientCredentials }: Facts,
  promoted: VersionedPair,
  publication: Publication,
): Ended & { readonly publication: Publication } {
  const current = asCurrent(promoted);
  onFacts?.({ current, secretCreatedAtMs, publication, clientCredentials });
  return { result: report(connection, outcome, reason, current), severity: 0, publication };
}

const HIDDEN_PAIR = "hidden-pair: a pair is stored and cannot be read yet, the next tick looks again";
const THROTTLED = "throttled: XT asked for fewer requests, a later tick tries again";
const TORN_READS = "torn-reads: the labels and the value disagree, the next tick looks again";

/** Decides, without the force that a duplicate delivery of a forced event brings: its twin has refreshed already. */
async function decideOnce(
  { store, clock }: Ports,
  { run, unknownOutcomePolicy, restUntilMs }: Request,
  { facts, description }: Seen,
  force: boolean,
): Promise<Decision> {
  const circumstances: Circumstances = { nowMs: clock.now(), force, unknownOutcomePolicy, restUntilMs };
  const decision = decide(facts, circumstances);
  if (!force || decision.kind !== "refresh") return decision;
  const newest = description.holders.get(LABEL.attempt);
  const stored = newest && (await store.readVersion(newest));
  const isDuplicate = stored && readAttemptRecord(stored)?.record.run === run.id;
  return isDuplicate ? decide(facts, { ...circumstances, force: false }) : decision;
}
