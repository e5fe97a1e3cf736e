import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import { logCommandLine } from "../command-line/aws-command-line.ts";
import { describeDistance, describeDuration, describeInstant } from "../command-line/duration.ts";
import { authorizeCommandLine, credentialsCommandLine, nextCommand } from "../command-line/next-command.ts";
import { suspectExchange } from "../connection/obstacles.ts";
import type { Foresight } from "./foresee.ts";
import { isOutcomeUnknown, judgeAttempt, LATE_MS, peerAtWorkUntilMs } from "./judge-attempt.ts";
import { judgeEscrow } from "./judge-escrow.ts";
import type { Sight } from "./sight.ts";

/** One thing that a person should know. */
export interface Finding {
  /** `note`: all is well all the same. `attention`: it heals by itself, or something nears. `broken`: a person must act. */
  readonly severity: "note" | "attention" | "broken";
  /** Stable. */
  readonly code: string;
  readonly message: string;
  /** What to type. */
  readonly next?: string | undefined;
}

export interface Verdict {
  readonly health: "healthy" | "attention" | "broken";
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** No rate that can be deployed is slower than every 4 hours; what is pending for longer is not taken up by any tick. */
const STOPPED_MS = 5 * 60 * 60_000;
/** A working day's notice of an expiry that a renewal should have prevented. */
const NEAR_MS = 24 * 60 * 60_000;

/** Judges what was seen. Pure. */
export function judge(sight: Sight, foresight: Foresight): Verdict {
  const found = [
    ...judgeHalt(sight, foresight),
    ...judgeTokens(sight),
    ...judgePending(sight, foresight),
    ...judgeAttempt(sight, foresight),
    ...judgeEscrow(sight),
  ];
  const findings = (["broken", "attention", "note"] as const).flatMap((severity) =>
    found.filter((finding) => finding.severity === severity),
  );
  const worst = findings[0]?.severity ?? "note";
  return { health: worst === "note" ? "healthy" : worst, findings };
}

function judgeHalt(sight: Sight, { code }: Foresight): readonly Finding[] {
  const { target, facts } = sight;
  const { tokenSecretId, clientSecretId } = target.config;
  const { current, clientCredentials } = facts;
  const found: Finding[] = [];
  const exchange = suspectExchange(target.config, facts);
  if (exchange !== undefined) found.push({ severity: "broken", code: "secrets-exchanged", message: exchange });
  if (current.kind === "absent") {
    const message = `${tokenSecretId} has no value, nobody has seeded it: seed a refresh token, or authorize at XT`;
    const next = clientCredentials.kind === "credentials" ? authorizeCommandLine(target) : nextCommand(target, "seed");
    found.push({ severity: "broken", code: "not-seeded", message, next });
  }
  if (current.kind === "malformed") {
    const message = `${tokenSecretId} holds no token pair in AWSCURRENT (${current.problem}), it is left as it is: look for the last pair`;
    found.push({ severity: "broken", code: "malformed", message, next: nextCommand(target, "recover") });
  }
  if (code === "held") {
    const message =
      "an exchange ended without an answer, and the policy is to hold: the token may be spent, and presenting it again can only win unless " +
      "XT revokes on reuse";
    found.push({ severity: "broken", code: "held", message, next: nextCommand(target, "rotate", "--now") });
  }
  if (clientCredentials.kind === "unusable" && current.kind !== "absent" && exchange === undefined) {
    const message = `${clientSecretId} ${clientCredentials.problem}, so that no pair can be renewed`;
    found.push({ severity: "broken", code: "client-credentials", message, next: credentialsCommandLine(target) });
  }
  if (clientCredentials.kind === "unavailable") {
    const message = `the client credentials cannot be read from here (${clientCredentials.error.code}), find out whether the function can`;
    found.push({ severity: "attention", code: "client-credentials", message, next: nextCommand(target, "doctor") });
  }
  return found;
}

function judgeTokens(sight: Sight): readonly Finding[] {
  const { facts, target, nowMs, isRefreshTokenKept } = sight;
  const { current, staged } = facts;
  if (current.kind !== "pair" || staged?.succeedsCurrent) return [];
  const { accessToken, expiresAtMs, refreshExpiresAtMs } = current.pair;
  const found: Finding[] = [];
  if (refreshExpiresAtMs !== undefined && refreshExpiresAtMs <= nowMs) {
    const message = `the refresh token expired ${describeDistance(refreshExpiresAtMs, nowMs)}: only a person can get another`;
    found.push({ severity: "broken", code: "refresh-expired", message, next: authorizeCommandLine(target) });
  } else if (
    refreshExpiresAtMs !== undefined &&
    refreshExpiresAtMs - nowMs < NEAR_MS &&
    renewAtMs(current.pair, current.createdAtMs) <= nowMs
  ) {
    const message = `the refresh token expires ${describeDistance(refreshExpiresAtMs, nowMs)} and is not renewed yet`;
    found.push({ severity: "attention", code: "refresh-near", message, next: nextCommand(target, "rotate", "--now") });
  }
  if (isRefreshTokenKept) {
    const message =
      "the last renewal brought no new refresh token: where XT's answer broke off (RefreshTokenUnreadable in the function's log), the old one " +
      "is most likely spent, so authorize again while the access token lives";
    found.push({ severity: "attention", code: "refresh-kept", message, next: authorizeCommandLine(target) });
  }
  if (accessToken === undefined) {
    const message = "there is no access token yet, workloads have nothing to read until a tick renews the pair";
    found.push({ severity: "attention", code: "no-access-token", message, next: nextCommand(target, "rotate") });
  } else if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    found.push(judgeExpired(sight, expiresAtMs));
  }
  return found;
}

function judgeExpired(sight: Sight, expiresAtMs: number): Finding {
  const { target, nowMs } = sight;
  const message = `the access token expired ${describeDistance(expiresAtMs, nowMs)}: workloads are refused by XT`;
  const expired = { severity: "broken", code: "access-expired" } as const;
  const peerUntilMs = peerAtWorkUntilMs(sight);
  if (peerUntilMs !== undefined) {
    const until = describeInstant(peerUntilMs);
    return { ...expired, message: `${message}, and another run may be at work until ${until}, look again then` };
  }
  const next = isOutcomeUnknown(sight) ? authorizeCommandLine(target) : nextCommand(target, "rotate", "--now");
  return { ...expired, message, next };
}

function judgePending({ target, nowMs }: Sight, { pendingSinceMs }: Foresight): readonly Finding[] {
  if (pendingSinceMs === undefined || nowMs - pendingSinceMs < LATE_MS) return [];
  const since = `${describeInstant(pendingSinceMs)} (${describeDuration(nowMs - pendingSinceMs)})`;
  const severity = nowMs - pendingSinceMs < STOPPED_MS ? "attention" : "broken";
  const log = logCommandLine(target);
  const message =
    `work has been waiting for a tick since ${since}: find out whether ticks run, or whether they fail: the function's log says why` +
    (log === undefined ? "" : `, type ${log}`);
  return [{ severity, code: "no-tick", message, next: nextCommand(target, "doctor") }];
}
