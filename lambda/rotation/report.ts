import type { RotationResult } from "../contract.ts";
import type { Current, CurrentPair, VersionedPair } from "./facts.ts";
import { isoTime } from "./pair-document.ts";
import type { VersionId } from "./ports.ts";
import { renewAtMs } from "./renewal.ts";

/** What is known of AWSCURRENT when a run ends. */
export type Known = Current | { readonly kind: "unread"; readonly versionId: VersionId | undefined };

/** Builds the answer of a run that did not fail. `reason` is a stable code, a colon, one sentence. */
export function report(
  connection: string,
  outcome: RotationResult["outcome"],
  reason: string,
  current: Known,
): RotationResult {
  const ended = { outcome, reason, connection, versionId: current.versionId ?? null };
  if (current.kind !== "pair") return { ...ended, expiresAt: null, refreshExpiresAt: null, nextRenewalAt: null };
  const { pair, createdAtMs } = current;
  return {
    ...ended,
    expiresAt: isoTime(pair.expiresAtMs) ?? null,
    refreshExpiresAt: isoTime(pair.refreshExpiresAtMs) ?? null,
    nextRenewalAt: isoTime(renewAtMs(pair, createdAtMs)) ?? null,
  };
}

/** A version that was staged, as the current one that it has become. */
export function asCurrent({ versionId, pair }: VersionedPair): CurrentPair {
  return { kind: "pair", versionId, pair, createdAtMs: pair.origin?.issuedAtMs ?? 0 };
}
