import { LABEL } from "../../lambda/contract.ts";
import { PEER_GRACE_MS } from "../../lambda/rotation/decide.ts";
import type { VersionId } from "../../lambda/rotation/ports.ts";
import { describeInstant } from "../command-line/duration.ts";
import { type Candidate, holdsPair, type PairVersion, pairOf, type Recovery } from "./recovery.ts";

/** What promoting one candidate changes, and what speaks against it; one sentence each. */
export interface Outlook {
  readonly changes: readonly string[];
  readonly warnings: readonly string[];
  /** The version that the next tick puts back in use. */
  readonly undoneBy: VersionId | undefined;
}

/** As far back as a tick follows parents. */
const MAX_GENERATIONS = 5;

/** Foresees what a promotion does, and whether the next tick would undo it. Pure. */
export function foreseePromotion(recovery: Recovery, chosen: Candidate, nowMs: number): Outlook {
  const { current, candidates } = recovery;
  const { version, successor, isExpired } = chosen;
  const { expiresAtMs } = pairOf(version);
  const from = current === undefined ? "" : ` from version ${current.versionId}, which becomes AWSPREVIOUS,`;
  const isStale = expiresAtMs === undefined || expiresAtMs <= nowMs;
  const changes = [
    ...(version.place === "escrow"
      ? ["the escrow's copy is written to the token secret, and deleted once it is in use"]
      : []),
    `AWSCURRENT moves${from} to version ${version.versionId}`,
    isStale
      ? "workloads read an access token that has expired, or may have, until the next tick has renewed it"
      : `workloads read its access token, which lives until ${describeInstant(expiresAtMs)}`,
  ];
  const newest = candidates.find(({ version: { labels } }) => labels.includes(LABEL.issued))?.version;
  const isUndone =
    version.place === "token secret" && newest !== undefined && descendsFrom(newest, version, candidates);
  const claims: readonly (readonly [boolean, string])[] = [
    [
      isUndone,
      `the next tick undoes it: version ${newest?.versionId} under XT_ISSUED descends from this one and is promoted again`,
    ],
    [
      successor !== undefined,
      `it was succeeded by version ${successor}, and XT will most likely refuse its refresh token`,
    ],
    [isExpired, "its refresh token has expired, and XT will refuse it"],
    [
      isPeerAtWork(recovery, nowMs),
      "a rotation may be at work, and what it receives would stay unused under XT_ISSUED",
    ],
  ];
  const warnings = claims.filter(([isTrue]) => isTrue).map(([, warning]) => warning);
  return { changes, warnings, undoneBy: isUndone ? newest.versionId : undefined };
}

/** Whether the next tick puts a candidate in use by itself: the newest pair that a rotation received comes from the one in use. */
export function isPromotedByTick({ current, candidates }: Recovery, { version }: Candidate): boolean {
  if (version.place === "escrow" || !version.labels.includes(LABEL.issued)) return false;
  return current !== undefined && holdsPair(current) && descendsFrom(version, current, candidates);
}

/** As a tick sees it: one of the parents is the version, or holds its refresh token. */
function descendsFrom(issued: PairVersion, version: PairVersion, candidates: readonly Candidate[]): boolean {
  if (issued === version) return false;
  let { origin } = pairOf(issued);
  for (let generation = 1; origin !== undefined && generation <= MAX_GENERATIONS; generation += 1) {
    const { parent: parentId } = origin;
    if (parentId === version.versionId) return true;
    const parent = candidates.find((candidate) => candidate.version.versionId === parentId)?.version;
    if (parent !== undefined && pairOf(parent).refreshToken.equals(pairOf(version).refreshToken)) return true;
    origin = parent && pairOf(parent).origin;
  }
  return false;
}

/** An attempt on the version in use that may still be waiting for its pair. */
function isPeerAtWork({ current, candidates, rest }: Recovery, nowMs: number): boolean {
  return rest.some(({ content, labels }) => {
    if (content.kind !== "attempt" || !labels.includes(LABEL.attempt) || labels.includes(LABEL.unspent)) return false;
    const { parent, attempt, deadlineAtMs } = content.record;
    const isReceived = candidates.some(({ version }) => {
      const { origin } = pairOf(version);
      return origin?.parent === parent && origin.attempt === attempt;
    });
    return !isReceived && parent === current?.versionId && nowMs < deadlineAtMs + PEER_GRACE_MS;
  });
}
