import { LABEL } from "../../lambda/contract.ts";
import { assertNever } from "../../lambda/rotation/assert.ts";
import { backoffMs } from "../../lambda/rotation/backoff.ts";
import { type Decision, decide, type Facts, PEER_GRACE_MS, type VersionedPair } from "../../lambda/rotation/decide.ts";
import type { SecretDescription } from "../../lambda/rotation/ports.ts";
import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import { describeInstant } from "../command-line/duration.ts";
import type { Sight, Trace } from "./sight.ts";

/** What a tick would do now. */
export interface Foresight {
  /** Stable: a decision's kind, or the code that tells it apart. */
  readonly code: string;
  /** What a tick would do, as the rest of a sentence that begins with it. */
  readonly does: string;
  /** Since when a tick has had something to do; `undefined` where it has not. */
  readonly pendingSinceMs?: number | undefined;
}

/** Decides as a tick would, and follows a settling to what it would find. Pure. */
export function foresee({ facts, nowMs, target, trace, description }: Sight): Foresight {
  const circumstances = { nowMs, force: false, unknownOutcomePolicy: target.config.unknownOutcomePolicy };
  const decision = decide(facts, circumstances);
  if (decision.kind !== "settle" || trace === undefined) return describeDecision(decision, facts, description);
  const found = describeTrace(trace);
  const pendingSinceMs = decision.attempt.record.deadlineAtMs + PEER_GRACE_MS;
  if (found !== undefined) return { ...found, pendingSinceMs };
  const searched: Facts = { ...facts, attempt: { ...decision.attempt, state: "unknown" } };
  return describeDecision(decide(searched, circumstances), searched, description);
}

function describeTrace(trace: Trace): Foresight | undefined {
  switch (trace.kind) {
    case "secret":
      return {
        code: "settle",
        does: `promotes version ${trace.staged.versionId}, which the dead attempt had received`,
      };
    case "escrow":
      return { code: "adopt", does: "brings the pair of the dead attempt home from the escrow and promotes it" };
    case "unseen":
      return {
        code: "escrow-unreachable",
        does: `fails: the escrow cannot be asked for the dead attempt's pair (${trace.code})`,
      };
    case "nowhere":
      return undefined;
    default:
      return assertNever(trace);
  }
}

function describePromotion({ versionId, pair }: VersionedPair, { holders }: SecretDescription): Foresight {
  // It was in use before: somebody moved AWSCURRENT back, and nobody knows when.
  const wasInUse = holders.get(LABEL.previous) === versionId;
  const which = wasInUse ? "was in use before AWSCURRENT was moved back" : "an interrupted run had received";
  const pendingSinceMs = wasInUse ? undefined : pair.origin?.issuedAtMs;
  return { code: "promote", does: `promotes version ${versionId}, which ${which}`, pendingSinceMs };
}

function describeDecision(decision: Decision, facts: Facts, description: SecretDescription): Foresight {
  switch (decision.kind) {
    case "halt": {
      const whose = decision.code === "client-credentials" ? "the client secret " : "";
      return { code: decision.code, does: `halts: ${whose}${decision.problem}` };
    }
    case "promote":
      return describePromotion(decision.staged, description);
    case "settle":
      return { code: "settle", does: `looks for what attempt ${decision.attempt.record.attempt} left` };
    case "idle":
      return { code: decision.code, does: describeIdling(decision, facts) };
    case "fail":
      return { code: "fail", does: `fails: ${decision.error.message}`, pendingSinceMs: dueSinceMs(facts) };
    case "refresh": {
      const again = facts.attempt?.state === "unknown" ? "presents the same refresh token again" : "renews the pair";
      return { code: "refresh", does: `${again}, as attempt ${decision.attempt}`, pendingSinceMs: dueSinceMs(facts) };
    }
    default:
      return assertNever(decision);
  }
}

function describeIdling({ code, untilMs }: Extract<Decision, { kind: "idle" }>, { attempt }: Facts): string {
  const until = describeInstant(untilMs);
  switch (code) {
    case "not-due":
      return `has nothing to do before ${until}`;
    case "backing-off":
      return `waits until ${until}, since attempt ${attempt?.record.attempt} brought no pair`;
    case "peer-at-work":
      return `stands back until ${until}, since another run may be at work`;
  }
}

function dueSinceMs({ current, attempt }: Facts): number | undefined {
  if (current.kind !== "pair") return undefined;
  const dueMs = renewAtMs(current.pair, current.createdAtMs);
  const retryMs = attempt === undefined ? dueMs : attempt.record.startedAtMs + backoffMs(attempt.record.attempt);
  return Math.max(dueMs, retryMs);
}
