import { type RotationResult, seedCommand } from "../contract.ts";
import type { Decision, Facts, VersionedPair } from "./decide.ts";
import { isoTime } from "./pair-document.ts";
import { renewAtMs } from "./renewal.ts";

/** The two secrets, as the configuration names them and as messages repeat them. */
export interface SecretNames {
  readonly tokenSecretId: string;
  readonly clientSecretId: string;
}

/** What is known of AWSCURRENT when a run ends. */
type Known = Facts["current"] | { readonly kind: "unseen"; readonly versionId: string | undefined };

/** Builds the answer of a run that did not fail. */
export function report(
  names: SecretNames,
  outcome: RotationResult["outcome"],
  reason: string,
  current: Known,
): RotationResult {
  const ended = { outcome, reason, secretId: names.tokenSecretId };
  if (current.kind !== "pair") {
    const versionId = current.kind === "absent" ? null : (current.versionId ?? null);
    return { ...ended, versionId, expiresAt: null, refreshExpiresAt: null, nextRenewalAt: null };
  }
  const { versionId, pair, createdAtMs } = current;
  return {
    ...ended,
    versionId,
    expiresAt: isoTime(pair.expiresAtMs) ?? null,
    refreshExpiresAt: isoTime(pair.refreshExpiresAtMs) ?? null,
    nextRenewalAt: isoTime(renewAtMs(pair, createdAtMs)) ?? null,
  };
}

/** A version that was staged, as the current one that it has become. */
export function asCurrent({ versionId, pair }: VersionedPair): Extract<Facts["current"], { kind: "pair" }> {
  return { kind: "pair", versionId, pair, createdAtMs: pair.origin?.issuedAtMs ?? 0 };
}

/** One sentence for the person who must act, ending in what to type. */
export function haltReason(names: SecretNames, { code, problem }: Extract<Decision, { kind: "halt" }>): string {
  const { tokenSecretId, clientSecretId } = names;
  const seed = `run ${seedCommand(tokenSecretId, clientSecretId)}`;
  switch (code) {
    case "not-seeded":
      return `not-seeded: ${tokenSecretId} has no value, ${seed}`;
    case "malformed":
      return `malformed: ${tokenSecretId} is left as it is, ${problem}, find the pair that was there with npx xt-token recover`;
    case "client-credentials":
      return `client-credentials: ${clientSecretId} ${problem}, ${seed} --credentials-only`;
    case "held":
      return `held: ${problem}, present it again with npx xt-token rotate --now or reauthorize with npx xt-token authorize --redirect-uri <URI>`;
  }
}

export function idleReason({ code, untilMs }: Extract<Decision, { kind: "idle" }>): string {
  const until = isoTime(untilMs);
  switch (code) {
    case "not-due":
      return `not-due: the next renewal is at ${until}`;
    case "backing-off":
      return `backing-off: the last attempt granted nothing, the next is not before ${until}`;
    case "peer-at-work":
      return `peer-at-work: another run holds the fence, it is settled if it is still open at ${until}`;
  }
}
