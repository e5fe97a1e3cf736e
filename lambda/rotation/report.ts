import type { RotationResult, Severity, Verdict } from "../contract.ts";
import { diagnose, inWords, type State } from "./diagnose.ts";
import type { Current, CurrentPair, VersionedPair } from "./facts.ts";
import { isoTime } from "./pair-document.ts";
import type { VersionId } from "./ports.ts";
import { renewAtMs } from "./renewal.ts";

/** What is known of AWSCURRENT when a run ends. */
export type Known = Current | { readonly kind: "unread"; readonly versionId: VersionId | undefined };

/** Where the state could not be read as a whole. */
export const UNREAD: Known = { kind: "unread", versionId: undefined };

/** How a tick ended that did not fail. */
export interface Ended {
  readonly result: RotationResult;
  readonly severity: Severity;
}

/** A tick that did nothing, for the reason that the state gives. */
export function decided(
  connection: string,
  state: State & { readonly decision: { readonly kind: "halt" | "idle" } },
): Ended {
  const verdict = diagnose(state);
  const outcome = state.decision.kind === "halt" ? "halted" : "idle";
  const reason = `${verdict.code}: ${inWords(verdict)}`;
  return { result: report(connection, outcome, reason, state.facts.current), severity: verdict.severity };
}

/** A tick that leaves to a later one what it came for. */
export function deferred(connection: string, reason: string, current: Known): Ended {
  return { result: report(connection, "deferred", reason, current), severity: 3 };
}

/**
 * A tick of a further connection without secrets: nobody has authorized it yet, or somebody has disconnected it. No alarm rings for that. If
 * its schedule goes on, the census says so.
 */
export function notConnected(connection: string, verdict: Verdict): Ended {
  return { result: report(connection, "halted", `${verdict.code}: ${inWords(verdict)}`, UNREAD), severity: 3 };
}

export function superseded(connection: string, versionId: VersionId, by: VersionId | undefined): Ended {
  const reason = `superseded: a person or another run moved AWSCURRENT, the pair of this run stays in version ${versionId}`;
  return deferred(connection, reason, { kind: "unread", versionId: by });
}

/** Builds the answer of a run that did not fail. `reason` is a stable code, a colon, one sentence. */
export function report(
  connection: string,
  outcome: RotationResult["outcome"],
  reason: string,
  current: Known,
): RotationResult {
  return { outcome, reason, connection, versionId: current.versionId ?? null, ...lifetimesOf(current) };
}

/** When the tokens in use expire and when the next renewal is; `null` if unknown. */
export function lifetimesOf(
  current: Known | undefined,
): Pick<RotationResult, "expiresAt" | "refreshExpiresAt" | "nextRenewalAt"> {
  if (current?.kind !== "pair") return { expiresAt: null, refreshExpiresAt: null, nextRenewalAt: null };
  const { pair } = current;
  return {
    expiresAt: isoTime(pair.expiresAtMs) ?? null,
    refreshExpiresAt: isoTime(pair.refreshExpiresAtMs) ?? null,
    nextRenewalAt: isoTime(renewAtMs(current)) ?? null,
  };
}

/** A version that was staged, as the current one that it has become. */
export function asCurrent({ versionId, pair, createdAtMs = 0 }: VersionedPair): CurrentPair {
  return { kind: "pair", versionId, pair, createdAtMs: pair.origin?.issuedAtMs ?? createdAtMs };
}
