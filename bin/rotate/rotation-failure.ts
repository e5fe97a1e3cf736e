import { FAILURE } from "../../lambda/contract.ts";
import { PEER_GRACE_MS } from "../../lambda/rotation/decide.ts";
import type { RotationError } from "../../lambda/rotation/errors.ts";
import type { Target } from "../command-line/command.ts";
import { describeInstant } from "../command-line/duration.ts";
import { authorizeCommandLine, credentialsCommandLine, nextCommand } from "../command-line/next-command.ts";

/** A failed run for the person who started it: its class, its message, and what to type. Pure. */
export function describeRotationFailure(target: Target, error: RotationError, nowMs: number): string {
  return `${error.name}: ${error.message}; next: ${nextStep(target, error.name, nowMs)}`;
}

function nextStep(target: Target, name: string, nowMs: number): string {
  const status = nextCommand(target, "status");
  const authorize = authorizeCommandLine(target);
  switch (name) {
    case FAILURE.rejected:
      return `${authorize}, and if XT refuses that code too, the client secret is most likely no longer XT's: ${credentialsCommandLine(target)}`;
    case FAILURE.unknownOutcome:
      // The record's deadline is two minutes away at the most.
      return `leave it alone until ${describeInstant(nowMs + PEER_GRACE_MS + 120_000)}, then ${status}`;
    case FAILURE.refreshTokenUnreadable:
    case FAILURE.pairNotStored:
      return authorize;
    case "PairEscrowed":
      return `${status}, a tick brings the pair home once Secrets Manager takes it`;
    case "PromotionRefused":
    case "StoreUnavailable":
    case "TokenEndpointUnreachable":
      return nextCommand(target, "doctor");
    case "FenceUnreadable":
      return nextCommand(target, "recover");
    default:
      return status;
  }
}
