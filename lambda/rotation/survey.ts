import { DEFAULT_CONNECTION, type UnknownOutcomePolicy, type Verdict } from "../contract.ts";
import type { Inspection } from "../inspection.ts";
import { assertNever } from "./assert.ts";
import { type Decision, decide, PEER_GRACE_MS } from "./decide.ts";
import { diagnose, judgeDeleted, judgeMissing, kebab, type State } from "./diagnose.ts";
import { RotationError, TooManySteps } from "./errors.ts";
import type { Facts } from "./facts.ts";
import { observeWhole } from "./observe.ts";
import { isoTime } from "./pair-document.ts";
import type { Ports, VersionId } from "./ports.ts";
import { backoffMs, renewAtMs } from "./renewal.ts";
import { isDeleted, isMissing } from "./store-errors.ts";

/** How a connection stands, and what a tick would do now. */
export interface Surveyed {
  /** Whether the token secret of a further connection is missing or scheduled for deletion. */
  readonly isGone: boolean;
  /** Absent if the state cannot be read. */
  readonly facts: Facts | undefined;
  readonly labels: ReadonlyMap<string, VersionId>;
  readonly verdict: Verdict;
  readonly tick: Inspection["tick"];
  /** Since when a tick has had something to do, in milliseconds since the epoch; absent if it has nothing to do. */
  readonly dueSinceMs?: number | undefined;
}

type Surveying = { readonly connection: string; readonly unknownOutcomePolicy: UnknownOutcomePolicy };

/** Reads a connection as a tick does, and changes nothing. If the state cannot be read, the verdict says so. */
export async function survey(
  ports: Pick<Ports, "store" | "clientSecret" | "accessTokens">,
  { connection, unknownOutcomePolicy }: Surveying,
  nowMs: number,
): Promise<Surveyed> {
  try {
    // `true` skips the search of the escrow: the search is slow and hardly ever finds a pair.
    const { facts, description } = await observeWhole(ports, { isEscrowSearched: true });
    const decision = decide(facts, { nowMs, force: false, unknownOutcomePolicy });
    const state = { facts, decision, nowMs };
    return {
      isGone: false,
      facts,
      labels: description.holders,
      verdict: connection !== DEFAULT_CONNECTION && isNeverGranted(decision) ? NEVER_CONNECTED : diagnose(state),
      tick: describeTick(decision),
      dueSinceMs: dueSinceMs(state),
    };
  } catch (error) {
    if (error instanceof TooManySteps) return unread(TORN, "looks again");
    if (!(error instanceof RotationError)) throw error;
    const { name, message, severity } = error;
    const fails = `fails: ${message}`;
    if (isMissing(error, connection)) return { ...unread(judgeMissing(connection), "waits for a code"), isGone: true };
    if (isDeleted(error, connection)) return { ...unread(judgeDeleted(connection), fails), isGone: true };
    return unread({ severity, code: kebab(name), message, next: null }, fails);
  }
}

/** A further connection of which XT has refused every code. Nothing is in danger, so nobody is needed. */
const NEVER_CONNECTED: Verdict = {
  severity: 0,
  code: "never-connected",
  message: "XT has granted no pair to this connection yet",
  next: "authorize",
};

function isNeverGranted(decision: Decision): boolean {
  return decision.kind === "halt" && decision.code === "not-seeded";
}

const TORN: Verdict = {
  severity: 3,
  code: "torn-reads",
  message: "the labels and the value of the token secret were read at two moments and disagree, look again in a minute",
  next: "status",
};

function unread(verdict: Verdict, does: string): Surveyed {
  return { isGone: false, facts: undefined, labels: new Map(), verdict, tick: { code: verdict.code, does } };
}

function describeTick(decision: Decision): Inspection["tick"] {
  switch (decision.kind) {
    case "halt":
      return { code: decision.code, does: `halts: ${decision.problem}` };
    case "promote":
      return { code: "promote", does: `puts version ${decision.staged.versionId} in use` };
    case "adopt":
      return { code: "adopt", does: "looks into the escrow for the pair of an authorization" };
    case "publish":
      return { code: "publish", does: "publishes the access token of the pair in use" };
    case "settle":
      return { code: "settle", does: `looks for the pair of attempt ${decision.attempt.record.attempt}` };
    case "idle":
      return { code: decision.code, does: `does nothing before ${isoTime(decision.untilMs)}` };
    case "fail":
      return { code: "fail", does: `fails: ${decision.error.message}` };
    case "refresh":
      return { code: "refresh", does: `renews the pair, as attempt ${decision.attempt}` };
    default:
      return assertNever(decision);
  }
}

/** Since when the decision has been due. A tick acts at once, so what stays due shows that no tick comes or that every tick fails. */
function dueSinceMs({ facts, decision, nowMs }: State): number | undefined {
  const { current, attempt } = facts;
  switch (decision.kind) {
    case "refresh":
    case "fail": {
      if (attempt !== undefined) return attempt.record.startedAtMs + backoffMs(attempt.record.attempt);
      return current.kind === "pair" ? renewAtMs(current) : undefined;
    }
    case "promote":
      return decision.staged.pair.origin?.issuedAtMs ?? decision.staged.createdAtMs;
    case "publish":
      return decision.pair.pair.origin?.issuedAtMs ?? decision.pair.createdAtMs;
    case "settle": {
      const { attempt, otherwise } = decision;
      // Every tick searches again for this pair. So what counts is what the tick does after the search.
      if (otherwise !== undefined) return dueSinceMs({ facts, decision: otherwise, nowMs });
      return attempt.record.deadlineAtMs + PEER_GRACE_MS;
    }
    // Only a tick can decide about `adopt`, because a survey does not search the escrow.
    case "adopt":
    case "halt":
    case "idle":
      return undefined;
    default:
      return assertNever(decision);
  }
}
