import { commandLine, type Verdict } from "../contract.ts";
import { assertNever } from "./assert.ts";
import { CLOCK_TOLERANCE_MS, type Decision } from "./decide.ts";
import type { Attempt, Facts } from "./facts.ts";
import { isoTime } from "./pair-document.ts";
import { renewAtMs } from "./renewal.ts";

/** A state, and what a tick decides in it. */
export interface State {
  readonly facts: Facts;
  readonly decision: Decision;
  readonly nowMs: number;
}

const MINUTE_MS = 60_000;
/** Two ticks of the schedule that is deployed unless a person chose another. */
const LATE_MS = 30 * MINUTE_MS;
/** No schedule is slower than every 4 hours. A renewal that is later than this shows that no tick runs. */
const STOPPED_MS = 5 * 60 * MINUTE_MS;
/** One attempt without a pair is normal. After this many in a row the cause does not pass by itself. */
const LASTING_ATTEMPTS = 3;

/** Says how bad a state is and what to type. Pure. The log, every command and the alarms use this verdict. */
export function diagnose(state: State): Verdict {
  const decided = judgeDecision(state);
  const verdict = credentialsFirst(state, judgeTokens(state, decided) ?? decided);
  return judgePublication(state, verdict) ?? verdict;
}

function judgePublication({ facts: { publication } }: State, { severity }: Verdict): Verdict | undefined {
  if (publication.kind !== "unavailable" || publication.error.severity <= severity) return undefined;
  const { error } = publication;
  return { severity: error.severity, code: kebab(error.name), message: error.message, next: null };
}

/** XT refuses every request until the client credentials are right, so they come first. */
function credentialsFirst({ facts: { clientCredentials }, decision }: State, verdict: Verdict): Verdict {
  if (clientCredentials.kind !== "unusable" || decision.kind === "promote") return verdict;
  if (verdict.next === null || !["authorize", "rotate", "rotate --now", "doctor"].includes(verdict.next))
    return verdict;
  const message = `${verdict.message}; before that, the client secret ${clientCredentials.problem}`;
  return { ...verdict, severity: 4, message, next: "seed --credentials-only" };
}

/** A verdict as one sentence, for logs and results. */
export function inWords({ message, next }: Pick<Verdict, "message" | "next">): string {
  return next === null ? message : `${message}, type ${commandLine(next)}`;
}

/** The verdict on the tokens in use, if it is worse than the verdict on the decision. */
function judgeTokens({ facts: { current }, decision, nowMs }: State, verdict: Verdict): Verdict | undefined {
  if (current.kind !== "pair" || decision.kind === "promote" || verdict.next === "authorize") return undefined;
  const { expiresAtMs, refreshExpiresAtMs, isRefreshTokenDoubtful } = current.pair;
  if (refreshExpiresAtMs !== undefined && refreshExpiresAtMs <= nowMs) {
    const message = `the refresh token expired at ${isoTime(refreshExpiresAtMs)}, a person must grant access again`;
    return { severity: 4, code: "refresh-token-expired", message, next: "authorize" };
  }
  if (isRefreshTokenDoubtful) {
    const message =
      "XT's last answer ended before its refresh token, and the stored refresh token is most likely spent";
    return { severity: 4, code: "refresh-token-doubtful", message, next: "authorize" };
  }
  if (expiresAtMs === undefined || expiresAtMs > nowMs) return undefined;
  const expired = `the access token expired at ${isoTime(expiresAtMs)} and XT refuses the workloads: ${verdict.message}`;
  const canForce = decision.kind === "idle" && decision.code !== "peer-at-work";
  const next = verdict.next ?? (canForce ? "rotate --now" : null);
  return { severity: 4, code: "access-token-expired", message: expired, next };
}

function judgeDecision(state: State): Verdict {
  const { facts, decision } = state;
  switch (decision.kind) {
    case "halt":
      return judgeHalt(facts, decision);
    case "fail": {
      const { severity, name, message } = decision.error;
      return { severity, code: kebab(name), message, next: null };
    }
    case "promote": {
      const message =
        `version ${decision.staged.versionId} holds a newer pair than the one in use: a run died before it put that pair in use, or a ` +
        "person moved AWSCURRENT back; the newer pair is safe, and a tick puts it in use";
      return { severity: 3, code: "not-promoted", message, next: "rotate" };
    }
    case "adopt": {
      const message = "an authorization did not finish, a tick looks whether the escrow holds its pair";
      return { severity: 3, code: "authorization-unfinished", message, next: "rotate" };
    }
    case "publish": {
      const message = "the access-token secret does not hold the access token of the pair in use, a tick publishes it";
      return { severity: 3, code: "not-published", message, next: "rotate" };
    }
    case "settle":
      return decision.otherwise === undefined
        ? judgeAttempt(decision.attempt, "now")
        : judgeDecision({ ...state, decision: decision.otherwise });
    case "idle":
      return judgeIdle(state, decision);
    case "refresh":
      return facts.attempt === undefined ? judgeDue(state) : judgeAttempt(facts.attempt, "now");
    default:
      return assertNever(decision);
  }
}

function judgeHalt({ clientCredentials }: Facts, { code, problem }: Extract<Decision, { kind: "halt" }>): Verdict {
  switch (code) {
    case "not-seeded": {
      const next = clientCredentials.kind === "credentials" ? "authorize" : "seed";
      return { severity: 4, code, message: HAS_NO_PAIR[next], next };
    }
    case "malformed": {
      const message = `AWSCURRENT of the token secret holds no token pair, and ticks leave it unchanged: ${problem}`;
      return { severity: 4, code, message, next: "recover" };
    }
    case "disconnected": {
      const message = `${problem}: a new code connects it again`;
      return { severity: 0, code, message, next: "authorize" };
    }
    case "client-credentials": {
      const message = `the client secret ${problem}, so no pair can be renewed`;
      return { severity: 4, code, message, next: "seed --credentials-only" };
    }
    case "held": {
      const message = `${problem}, and unknownOutcomePolicy is hold: decide whether to send the token again, XT may revoke the grant if it was spent`;
      return { severity: 4, code, message, next: "rotate --now" };
    }
  }
}

const HAS_NO_PAIR = {
  seed: "nobody has seeded this connection",
  authorize: "the client credentials are stored, but no token pair yet",
} as const;

function judgeIdle(state: State, { code, untilMs }: Extract<Decision, { kind: "idle" }>): Verdict {
  const { attempt } = state.facts;
  switch (code) {
    case "not-due":
      return { severity: 0, code, message: `the next renewal is at ${isoTime(untilMs)}`, next: null };
    case "peer-at-work":
      return judgePeer(state, untilMs);
    case "resting": {
      const message = `XT throttles other connections too and may have locked this address, the next attempt is after ${isoTime(untilMs)}`;
      return { severity: 3, code, message, next: null };
    }
    case "backing-off": {
      if (attempt !== undefined) return judgeAttempt(attempt, untilMs);
      return { severity: 3, code, message: `the next attempt is at ${isoTime(untilMs)}`, next: null };
    }
  }
}

function judgePeer({ facts: { current, attempt }, nowMs }: State, untilMs: number): Verdict {
  const { attempt: number = 1, startedAtMs = nowMs, deadlineAtMs = nowMs } = attempt?.record ?? {};
  if (startedAtMs > nowMs + CLOCK_TOLERANCE_MS) {
    const message = `attempt ${number} was recorded by a clock that runs ahead, ticks wait until ${isoTime(untilMs)}`;
    const expiresAtMs = current.kind === "pair" ? current.pair.expiresAtMs : undefined;
    const isTooLate = expiresAtMs === undefined || expiresAtMs <= untilMs;
    return { severity: isTooLate ? 4 : 3, code: "clock-ahead", message, next: isTooLate ? "authorize" : null };
  }
  if (nowMs < deadlineAtMs) {
    const message = `attempt ${number} is running and ends at ${isoTime(deadlineAtMs)} at the latest`;
    return { severity: number === 1 ? 0 : 3, code: "peer-at-work", message, next: null };
  }
  const message = `attempt ${number} did not finish before ${isoTime(deadlineAtMs)}, a tick looks for its pair after ${isoTime(untilMs)}`;
  return { severity: 3, code: "attempt-unfinished", message, next: null };
}

/** The verdict on an attempt that brought no pair. @param retry when the next attempt may start, in milliseconds since the epoch */
function judgeAttempt({ state, isRejected, mayBeLost, record }: Attempt, retry: number | "now"): Verdict {
  const number = record.attempt;
  const isLasting = number >= LASTING_ATTEMPTS;
  const then = retry === "now" ? "a tick tries again" : `a tick tries again after ${isoTime(retry)}`;
  if (isRejected && mayBeLost) {
    const message =
      "XT refuses the refresh token, and an earlier answer of XT never arrived: the pair in that answer is lost";
    return { severity: 4, code: "pair-lost", message, next: "authorize" };
  }
  if (isRejected && isLasting) {
    const message = `XT has refused ${number} attempts: the refresh token is no longer valid, or the client credentials are wrong`;
    return { severity: 4, code: "refused", message, next: "authorize" };
  }
  const severity = isLasting ? 4 : 3;
  // What XT or something before it turned away must not be forced past its backoff: XT locks accounts that ask too often.
  const forced = state === "unspent" ? "doctor" : "rotate --now";
  const next = retry === "now" ? "rotate" : isLasting ? forced : null;
  if (isRejected) return { severity, code: "refused", message: `XT refused attempt ${number}, ${then}`, next };
  if (state === "unspent") {
    const message = `attempt ${number} did not reach XT or was refused before XT, it spent nothing and the log says why, ${then}`;
    return { severity, code: "attempt-failed", message, next };
  }
  const message = `attempt ${number} ended without an answer and may have spent the refresh token, ${then}`;
  return { severity, code: "outcome-unknown", message, next };
}

function judgeDue({ facts: { current }, nowMs }: State): Verdict {
  const dueAtMs = current.kind === "pair" ? renewAtMs(current) : nowMs;
  const lateMs = nowMs - dueAtMs;
  const message = `the renewal has been due since ${isoTime(dueAtMs)}`;
  if (lateMs < LATE_MS)
    return { severity: 0, code: "due", message: `${message}, the next tick renews the pair`, next: null };
  const why = `${message} and no tick has renewed the pair: the log says why, ${commandLine("doctor")} says whether ticks run`;
  return { severity: lateMs < STOPPED_MS ? 3 : 4, code: "overdue", message: why, next: "rotate" };
}

/** The verdict on a further connection whose token secret does not exist. */
export function judgeMissing(connection: string): Verdict {
  const message = `there is no connection ${connection}: check the name, or authorize it for the first time`;
  return { severity: 4, code: "not-connected", message, next: "authorize" };
}

/** The verdict on a further connection whose token secret is scheduled for deletion. */
export function judgeDeleted(connection: string): Verdict {
  const message = `${connection} is disconnected: its secrets are scheduled for deletion, and an authorization takes them back`;
  return { severity: 4, code: "disconnected", message, next: "authorize" };
}

/** An error's name in the form of the other codes. */
export function kebab(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}
