import { type Attempt, PEER_GRACE_MS } from "../../lambda/rotation/decide.ts";
import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import { logCommandLine } from "../command-line/aws-command-line.ts";
import { describeDuration, describeInstant } from "../command-line/duration.ts";
import { authorizeCommandLine, nextCommand } from "../command-line/next-command.ts";
import { CLOCK_TOLERANCE_MS } from "../connection/server-clock.ts";
import type { Foresight } from "./foresee.ts";
import type { Sight } from "./sight.ts";
import type { Finding } from "./verdict.ts";

/** One attempt that was turned away is everyday; as many as this in a row are no passing trouble. */
const PERSISTENT_ATTEMPTS = 3;

/** Two ticks of the schedule that is deployed unless a person chose another. */
export const LATE_MS = 30 * 60_000;

/** What the newest attempt on the pair in use, and a pair that is not in use, mean for a person. Pure. */
export function judgeAttempt(sight: Sight, { code }: Foresight): readonly Finding[] {
  const { staged, attempt } = sight.facts;
  if (staged?.succeedsCurrent) {
    const message =
      `AWSCURRENT was moved back, or a run died before it could promote version ${staged.versionId}: the pair is safe, and a tick ` +
      "promotes it";
    return [{ severity: "attention", code: "not-promoted", message, next: nextCommand(sight.target, "rotate") }];
  }
  const found: Finding[] = [];
  if (staged !== undefined) {
    const message = `version ${staged.versionId} under XT_ISSUED holds a pair of another grant, AWSCURRENT was seeded since`;
    found.push({ severity: "note", code: "other-grant", message });
  }
  if (attempt === undefined || code === "held") return found;
  switch (attempt.state) {
    case "open":
      return [...found, judgeOpen(sight, attempt)];
    case "unspent":
      return [...found, judgeUnspent(sight, attempt)];
    case "unknown":
      return found;
  }
}

/** Until when ticks take the open attempt for another run at work, in milliseconds since the epoch; `undefined` where they do not. */
export function peerAtWorkUntilMs({ facts: { attempt }, nowMs }: Sight): number | undefined {
  if (attempt?.state !== "open") return undefined;
  const untilMs = attempt.record.deadlineAtMs + PEER_GRACE_MS;
  return nowMs < untilMs ? untilMs : undefined;
}

/** Whether an attempt ended, its pair was looked for everywhere, and there is none. */
export function isOutcomeUnknown(sight: Sight): boolean {
  const { facts, trace, escrow } = sight;
  const isOver = facts.attempt?.state === "open" && peerAtWorkUntilMs(sight) === undefined;
  return isOver && trace?.kind === "nowhere" && escrow.kind === "asked";
}

function judgeOpen(sight: Sight, { record }: Attempt): Finding {
  const { trace, nowMs } = sight;
  const { attempt, startedAtMs, deadlineAtMs } = record;
  const settledAtMs = deadlineAtMs + PEER_GRACE_MS;
  if (startedAtMs > nowMs + CLOCK_TOLERANCE_MS) return judgeAhead(sight, record, settledAtMs);
  if (nowMs < deadlineAtMs) return judgeAtWork(sight, record);
  const died = `attempt ${attempt} did not finish by ${describeInstant(deadlineAtMs)}`;
  if (trace?.kind === "secret" || trace?.kind === "escrow") {
    return {
      severity: "attention",
      code: "attempt-died",
      message: `${died}: its pair is safe, and a tick promotes it`,
    };
  }
  if (nowMs < settledAtMs) {
    const message = `${died}, and a tick settles it from ${describeInstant(settledAtMs)} on; until then leave it alone`;
    return { severity: "attention", code: "attempt-died", message };
  }
  return judgeLost(sight, died);
}

/** Ticks believe the times that a record tells, by their own clocks. */
function judgeAhead({ facts: { current }, target, nowMs }: Sight, record: Attempt["record"], untilMs: number): Finding {
  const ahead = describeDuration(record.startedAtMs - nowMs);
  const message =
    `attempt ${record.attempt} was written by a clock that runs ahead of this one (${ahead} or more), ticks stand back until ` +
    describeInstant(untilMs);
  const expiresAtMs = current.kind === "pair" ? current.pair.expiresAtMs : undefined;
  const isTooLong = expiresAtMs === undefined || expiresAtMs <= untilMs;
  return {
    severity: "attention",
    code: "clock-ahead",
    message: isTooLong ? `${message}, and the access token may not last so long` : message,
    next: isTooLong ? authorizeCommandLine(target, "--yes") : undefined,
  };
}

function judgeAtWork({ facts: { current }, nowMs }: Sight, { attempt, deadlineAtMs }: Attempt["record"]): Finding {
  const message = `attempt ${attempt} is at work and ends at ${describeInstant(deadlineAtMs)} at the latest`;
  const isLate = current.kind === "pair" && nowMs - renewAtMs(current.pair, current.createdAtMs) > LATE_MS;
  if (attempt === 1 && !isLate) return { severity: "note", code: "at-work", message };
  const why = attempt > 1 ? "those before it brought no pair" : "the renewal is overdue";
  return { severity: "attention", code: "at-work", message: `${message}; ${why}` };
}

function judgeLost(sight: Sight, died: string): Finding {
  const { facts, target, escrow, nowMs } = sight;
  const lost = { severity: "attention", code: "outcome-unknown" } as const;
  if (escrow.kind === "unnamed") {
    const message = `${died}, whether it left a pair is not known, since nobody said where the escrow is`;
    return { ...lost, message, next: nextCommand(target, "status", "--escrow-prefix <path>") };
  }
  if (!isOutcomeUnknown(sight)) {
    const message = `${died}, whether it left a pair is not known, since the escrow cannot be asked`;
    return { ...lost, message, next: nextCommand(target, "doctor") };
  }
  const message = `${died} and left no pair: the refresh token may be spent, and a tick presents it again`;
  const expiresAtMs = facts.current.kind === "pair" ? facts.current.pair.expiresAtMs : undefined;
  const isExpired = expiresAtMs !== undefined && expiresAtMs <= nowMs;
  return { ...lost, message, next: isExpired ? authorizeCommandLine(target) : nextCommand(target, "rotate") };
}

function judgeUnspent({ facts: { staged }, target }: Sight, { record: { attempt } }: Attempt): Finding {
  const turnedAway = "was turned away by XT or did not reach it, and spent nothing";
  // A refused token beside a pair that is not in use: AWSCURRENT may be on the wrong one.
  const recover = staged === undefined ? undefined : nextCommand(target, "recover");
  if (attempt < PERSISTENT_ATTEMPTS) {
    const message = `attempt ${attempt} ${turnedAway}: a tick tries again, the function's log says why`;
    return { severity: "attention", code: "attempt-failed", message, next: recover ?? logCommandLine(target) };
  }
  const message = `attempt ${attempt} ${turnedAway}, like those before it: see why, and authorize again if XT refuses the token`;
  const next = recover ?? nextCommand(target, "rotate", "--now");
  return { severity: "attention", code: "attempts-failed", message, next };
}
