import { LABEL, type UnknownOutcomePolicy } from "../contract.ts";
import { assertNever } from "./assert.ts";
import { decide } from "./decide.ts";
import { diagnose, inWords } from "./diagnose.ts";
import { ExchangeOutcomeUnknown, RequestTurnedAway, RotationRejected, TokenEndpointUnreachable } from "./errors.ts";
import type { Facts } from "./facts.ts";
import type { Run } from "./fence.ts";
import type { AttemptMark, Ports, VersionId } from "./ports.ts";
import type { ExchangeOutcome, Granted } from "./token-answer.ts";

/** An attempt that XT granted nothing. */
export interface Ungranted {
  readonly facts: Facts;
  readonly record: { readonly versionId: VersionId; readonly attempt: number };
  /** The holders of the labels before the attempt. */
  readonly holders: ReadonlyMap<string, VersionId>;
  readonly run: Run;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
}

/**
 * Marks an attempt that certainly spent nothing, and fails the run as the outcome demands. Returns where XT asked for fewer requests.
 *
 * @throws RotationError
 */
export async function endUngranted(
  ports: Ports,
  ungranted: Ungranted,
  outcome: Exclude<ExchangeOutcome, Granted>,
): Promise<void> {
  const { attempt } = ungranted.record;
  if (outcome.kind === "unknown") throw new ExchangeOutcomeUnknown(outcome.code, attempt);
  await mark(ports, LABEL.unspent, ungranted);
  switch (outcome.kind) {
    case "throttled":
      return;
    case "turned-away":
      throw new RequestTurnedAway(outcome.status, attempt);
    case "unsent":
      throw new TokenEndpointUnreachable(outcome.code, attempt);
    case "rejected":
      await mark(ports, LABEL.rejected, ungranted);
      throw new RotationRejected({ ...outcome, attempt }, judgeRejection(ports, ungranted));
    default:
      return assertNever(outcome);
  }
}

async function mark({ store, log }: Ports, label: AttemptMark, { record, holders }: Ungranted): Promise<void> {
  if ((await store.mark(label, record.versionId, holders.get(label))) === "unmarked") {
    log.warn("the attempt could not be marked, so that later ticks know less of it", {
      label,
      attempt: record.attempt,
    });
  }
}

/** Judges the state as the next tick will see it. */
function judgeRejection({ clock }: Ports, { facts, record, run, unknownOutcomePolicy }: Ungranted) {
  const nowMs = clock.now();
  const { current } = facts;
  const refused: Facts = {
    ...facts,
    attempt: {
      versionId: record.versionId,
      record: {
        parent: current.versionId ?? "",
        attempt: record.attempt,
        run: run.id,
        nonce: run.nonce,
        startedAtMs: nowMs,
        deadlineAtMs: run.deadlineAtMs,
      },
      state: "unspent",
      isRejected: true,
      mayBeLost: facts.attempt?.mayBeLost ?? false,
      isSearched: true,
    },
  };
  const decision = decide(refused, { nowMs, force: false, unknownOutcomePolicy });
  const verdict = diagnose({ facts: refused, decision, nowMs });
  return { severity: verdict.severity, message: inWords(verdict) };
}
