import { type Attempt, PEER_GRACE_MS } from "../../lambda/rotation/decide.ts";
import { describeInstant } from "../command-line/duration.ts";
import { nextCommand } from "../command-line/next-command.ts";
import type { Foresight } from "./foresee.ts";
import type { Sight } from "./sight.ts";
import type { Finding } from "./verdict.ts";

/** One attempt that was turned away is everyday; as many as this in a row are no passing trouble. */
const PERSISTENT_ATTEMPTS = 3;

/** What the newest attempt on the pair in use, and a pair that is not in use, mean for a person. Pure. */
export function judgeAttempt(sight: Sight, { code }: Foresight): readonly Finding[] {
  const { facts, nowMs } = sight;
  const { staged, attempt } = facts;
  if (staged?.succeedsCurrent) {
    const message = `a run died before it could promote version ${staged.versionId}: the pair is safe, and a tick promotes it`;
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
      return [...found, judgeOpen(sight, attempt, nowMs)];
    case "unspent":
      return [...found, judgeUnspent(sight, attempt)];
    case "unknown":
      return found;
  }
}

function judgeOpen({ target, trace }: Sight, { record }: Attempt, nowMs: number): Finding {
  const { attempt, deadlineAtMs } = record;
  if (nowMs < deadlineAtMs) {
    const message = `attempt ${attempt} is at work and ends at ${describeInstant(deadlineAtMs)} at the latest`;
    return { severity: "note", code: "at-work", message };
  }
  const died = `attempt ${attempt} did not finish by ${describeInstant(deadlineAtMs)}`;
  if (trace?.kind === "secret" || trace?.kind === "escrow") {
    return {
      severity: "attention",
      code: "attempt-died",
      message: `${died}: its pair is safe, and a tick promotes it`,
    };
  }
  const settledAtMs = deadlineAtMs + PEER_GRACE_MS;
  if (nowMs < settledAtMs) {
    const message = `${died}, and a tick settles it from ${describeInstant(settledAtMs)} on; until then leave it alone`;
    return { severity: "attention", code: "attempt-died", message };
  }
  const message = `${died} and left no pair: the refresh token may be spent, and a tick presents it again`;
  const next = nextCommand(target, "rotate");
  return { severity: "attention", code: "outcome-unknown", message, next };
}

function judgeUnspent({ target }: Sight, { record: { attempt } }: Attempt): Finding {
  const turnedAway = "was turned away by XT or did not reach it, and spent nothing";
  if (attempt < PERSISTENT_ATTEMPTS) {
    const message = `attempt ${attempt} ${turnedAway}: a tick tries again, the function's log says why`;
    return { severity: "attention", code: "attempt-failed", message };
  }
  const message = `attempt ${attempt} ${turnedAway}, like those before it: see why, and authorize again if XT refuses the token`;
  return { severity: "attention", code: "attempts-failed", message, next: nextCommand(target, "rotate", "--now") };
}
