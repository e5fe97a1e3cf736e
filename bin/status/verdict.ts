import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import { describeDistance, describeDuration, describeInstant } from "../command-line/duration.ts";
import { authorizeCommandLine, nextCommand } from "../command-line/next-command.ts";
import type { Foresight } from "./foresee.ts";
import { judgeAttempt } from "./judge-attempt.ts";
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

/** Two ticks of the schedule that is deployed unless a person chose another. */
const LATE_MS = 30 * 60_000;
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
  if (clientCredentials.kind === "unusable" && current.kind !== "absent") {
    const message = `${clientSecretId} ${clientCredentials.problem}, so that no pair can be renewed: write {"client_id": "…", "client_secret": "…"} into a file`;
    const next = `aws secretsmanager put-secret-value --secret-id ${clientSecretId} --secret-string file://<file>`;
    found.push({ severity: "broken", code: "client-credentials", message, next });
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
    const message = `the access token expired ${describeDistance(expiresAtMs, nowMs)}: workloads are refused by XT`;
    found.push({ severity: "broken", code: "access-expired", message, next: nextCommand(target, "rotate", "--now") });
  }
  return found;
}

function judgePending({ target, nowMs }: Sight, { pendingSinceMs }: Foresight): readonly Finding[] {
  if (pendingSinceMs === undefined || nowMs - pendingSinceMs < LATE_MS) return [];
  const since = `${describeInstant(pendingSinceMs)} (${describeDuration(nowMs - pendingSinceMs)})`;
  const severity = nowMs - pendingSinceMs < STOPPED_MS ? "attention" : "broken";
  const message = `work has been waiting for a tick since ${since}: find out whether ticks run`;
  return [{ severity, code: "no-tick", message, next: nextCommand(target, "doctor") }];
}

function judgeEscrow({ target, facts, escrow, trace }: Sight): readonly Finding[] {
  switch (escrow.kind) {
    case "unnamed":
      return [
        { severity: "note", code: "escrow-unnamed", message: "nobody said where the escrow is, add --escrow-prefix" },
      ];
    case "unreachable": {
      const next = nextCommand(target, "doctor");
      const message = `the escrow cannot be asked from here (${escrow.code})`;
      return [{ severity: trace === undefined ? "note" : "attention", code: "escrow-unreachable", message, next }];
    }
    case "asked": {
      const inUse = facts.current.kind === "pair" ? facts.current.versionId : undefined;
      return [...escrow.copies.keys()].map((versionId) =>
        versionId === inUse
          ? {
              severity: "attention",
              code: "escrow-left",
              message: `the escrow still holds a copy of the pair in use, delete it`,
              next: `aws ssm delete-parameter --name ${target.config.escrow?.prefix}${versionId}`,
            }
          : {
              severity: "attention",
              code: "escrow-holds",
              message: `the escrow holds the pair of version ${versionId}, it is safe there and a tick brings it home`,
              next: nextCommand(target, "rotate"),
            },
      );
    }
  }
}
