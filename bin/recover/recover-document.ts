import { isoTime } from "../../lambda/rotation/pair-document.ts";
import { type Candidate, pairOf, type Recovery } from "./recovery.ts";
import type { Version } from "./versions.ts";
import type { EscrowReading } from "./versions-escrowed.ts";

/** What was found, for machines. It holds no secret. */
export function describeRecovery(secretId: string, recovery: Recovery, escrow: EscrowReading): object {
  const { state, current, candidates, rest } = recovery;
  return {
    state,
    tokenSecretId: secretId,
    current: current?.versionId ?? null,
    pairs: candidates.map(describeCandidate),
    others: rest.map(describeOther),
    escrow: {
      state: escrow.kind,
      prefix: escrow.kind === "unknown" ? null : escrow.prefix,
      code: escrow.kind === "unavailable" ? escrow.code : null,
    },
  };
}

function describeCandidate({ version, verdict, successor }: Candidate): object {
  const { origin, expiresAtMs, refreshExpiresAtMs } = pairOf(version);
  return {
    ...describeVersion(version),
    verdict: verdict.kind,
    why: verdict.kind === "not-promotable" ? verdict.why : null,
    expiresAt: isoTime(expiresAtMs) ?? null,
    refreshExpiresAt: isoTime(refreshExpiresAtMs) ?? null,
    issuedAt: isoTime(origin?.issuedAtMs) ?? null,
    parent: origin?.parent ?? null,
    attempt: origin?.attempt ?? null,
    successor: successor ?? null,
  };
}

function describeOther(version: Version): object {
  const { content } = version;
  const described = describeVersion(version);
  if (content.kind !== "attempt") return { ...described, problem: content.kind === "other" ? content.problem : null };
  const { parent, attempt, startedAtMs, deadlineAtMs } = content.record;
  const times = { startedAt: isoTime(startedAtMs), deadlineAt: isoTime(deadlineAtMs) };
  return { ...described, parent, attempt, ...times };
}

function describeVersion({ versionId, place, labels, createdAtMs, content }: Version) {
  return { versionId, place, kind: content.kind, labels, createdAt: isoTime(createdAtMs) ?? null };
}
