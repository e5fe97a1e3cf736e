import { isoTime } from "../../lambda/rotation/pair-document.ts";
import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import type { Foresight } from "./foresee.ts";
import type { Sight } from "./sight.ts";
import type { Verdict } from "./verdict.ts";

/** What `status --json` prints. Field names are stable, times are ISO 8601 UTC, and `null` is unknown or absent. */
export interface StatusDocument {
  readonly health: Verdict["health"];
  readonly checkedAt: string | undefined;
  readonly stack: string | null;
  readonly tokenSecretId: string;
  readonly clientSecretId: string;
  readonly findings: readonly {
    readonly severity: string;
    readonly code: string;
    readonly message: string;
    readonly next: string | null;
  }[];
  readonly tick: { readonly code: string; readonly does: string };
  readonly current: {
    readonly versionId: string;
    readonly issuedAt: string | null;
    readonly attempt: number | null;
    readonly expiresAt: string | null;
    readonly refreshExpiresAt: string | null;
    readonly nextRenewalAt: string | null;
  } | null;
  readonly attempt: {
    readonly versionId: string;
    readonly attempt: number;
    readonly state: string;
    readonly startedAt: string | null;
    readonly deadlineAt: string | null;
  } | null;
  readonly escrow: { readonly state: string; readonly whole: boolean; readonly copies: readonly string[] };
  readonly labels: Readonly<Record<string, string>>;
}

/** Builds the document. Pure; it holds no secret. */
export function describeStatus(sight: Sight, foresight: Foresight, verdict: Verdict): StatusDocument {
  const { target, facts, escrow, description, nowMs } = sight;
  const { tokenSecretId, clientSecretId } = target.config;
  return {
    health: verdict.health,
    checkedAt: isoTime(nowMs),
    stack: target.stack?.stackName ?? null,
    tokenSecretId,
    clientSecretId,
    findings: verdict.findings.map(({ next = null, ...finding }) => ({ ...finding, next })),
    tick: { code: foresight.code, does: foresight.does },
    current: describeCurrent(facts.current),
    attempt: describeAttempt(facts.attempt),
    escrow: {
      state: escrow.kind,
      whole: escrow.kind === "asked" && escrow.isWhole,
      copies: escrow.kind === "asked" ? [...escrow.copies.keys()] : [],
    },
    labels: Object.fromEntries(description.holders),
  };
}

function describeCurrent(current: Sight["facts"]["current"]): StatusDocument["current"] {
  if (current.kind !== "pair") return null;
  const { versionId, pair, createdAtMs } = current;
  return {
    versionId,
    issuedAt: isoTime(pair.origin?.issuedAtMs) ?? null,
    attempt: pair.origin?.attempt ?? null,
    expiresAt: isoTime(pair.expiresAtMs) ?? null,
    refreshExpiresAt: isoTime(pair.refreshExpiresAtMs) ?? null,
    nextRenewalAt: isoTime(renewAtMs(pair, createdAtMs)) ?? null,
  };
}

function describeAttempt(attempt: Sight["facts"]["attempt"]): StatusDocument["attempt"] {
  if (attempt === undefined) return null;
  const { versionId, state, record } = attempt;
  return {
    versionId,
    attempt: record.attempt,
    state,
    startedAt: isoTime(record.startedAtMs) ?? null,
    deadlineAt: isoTime(record.deadlineAtMs) ?? null,
  };
}
