import { LABEL } from "../../lambda/contract.ts";
import { isoTime } from "../../lambda/rotation/pair-document.ts";
import type { VersionId, VersionName } from "../../lambda/rotation/ports.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import type { Version } from "./versions.ts";

/** A version that holds a pair. */
export type PairVersion = Version & { readonly content: { readonly kind: "pair" } };

/** What can be done with a pair. */
export type Verdict =
  | { readonly kind: "in-use" }
  | { readonly kind: "promotable" }
  | { readonly kind: "not-promotable"; readonly why: string };

export interface Candidate {
  readonly version: PairVersion;
  readonly verdict: Verdict;
  /** A pair that was bought with this one's refresh token, or took its place. */
  readonly successor: VersionId | undefined;
  readonly isExpired: boolean;
  /** Whether the escrow's entry is of no use, since the token secret holds the very refresh token. */
  readonly isSpareCopy: boolean;
}

/** Everything that was found, judged. */
export interface Recovery {
  /** By the expiry of the refresh token, the latest first; those of unknown expiry are last. */
  readonly candidates: readonly Candidate[];
  /** Attempt records and values that are not ours, newest first. */
  readonly rest: readonly Version[];
  /** The version that AWSCURRENT is on, whatever it holds. */
  readonly current: Version | undefined;
  /**
   * `sound`: the pair in use lives, as far as its dates tell, and none is newer. `recoverable`: there is a better one. `hopeless`: none
   * lives.
   */
  readonly state: "sound" | "recoverable" | "hopeless";
}

export interface Found {
  readonly versions: readonly Version[];
  readonly entries: readonly Version[];
  readonly arn: string;
  readonly nowMs: number;
  readonly versionIdOf: (name: VersionName) => VersionId;
}

/** Judges what was found. Pure. */
export function judgeRecovery(found: Found): Recovery {
  const { versions, entries } = found;
  const all = [...versions, ...entries];
  const pairs = all.filter(holdsPair);
  const current = versions.find(({ labels }) => labels.includes(LABEL.current));
  const candidates = pairs
    .map((version) => judge(version, pairs, current, found))
    .sort((one, other) => livesUntilMs(other) - livesUntilMs(one) || bornAtMs(other.version) - bornAtMs(one.version));
  const rest = all.filter((version) => !holdsPair(version)).sort((one, other) => other.createdAtMs - one.createdAtMs);
  return { candidates, rest, current, state: stateOf(candidates) };
}

export function holdsPair(version: Version): version is PairVersion {
  return version.content.kind === "pair";
}

export function pairOf({ content }: PairVersion): TokenPair {
  return content.pair;
}

/** When XT issued the pair, or a person seeded it. */
export function bornAtMs(version: PairVersion): number {
  return pairOf(version).origin?.issuedAtMs ?? version.createdAtMs;
}

function judge(
  version: PairVersion,
  pairs: readonly PairVersion[],
  current: Version | undefined,
  found: Found,
): Candidate {
  const { refreshToken, refreshExpiresAtMs } = pairOf(version);
  const successor = successorOf(version, pairs)?.versionId;
  const isExpired = refreshExpiresAtMs !== undefined && refreshExpiresAtMs <= found.nowMs;
  const why = whyNot(version, current, found) ?? whyDead(successor, isExpired ? refreshExpiresAtMs : undefined);
  const isInUse = version.place === "token secret" && version === current;
  const verdict: Verdict = isInUse
    ? { kind: "in-use" }
    : why === undefined
      ? { kind: "promotable" }
      : { kind: "not-promotable", why };
  const isHome = found.versions.some((other) => holdsPair(other) && pairOf(other).refreshToken.equals(refreshToken));
  const isSpareCopy = version.place === "escrow" && verdict.kind === "not-promotable" && isHome;
  return { version, verdict, successor, isExpired, isSpareCopy };
}

/** Why a pair has no use, though it may live. */
function whyNot(
  version: PairVersion,
  current: Version | undefined,
  { versions, arn, versionIdOf }: Found,
): string | undefined {
  const { refreshToken, origin } = pairOf(version);
  if (version.place === "escrow") {
    const home = versions.find(({ versionId }) => versionId === version.versionId);
    if (home !== undefined && holdsPair(home))
      return "its version is in the token secret, the copy is not needed any more";
    const isOurs = origin === undefined || versionIdOf({ arn, kind: "issued", ...origin }) === version.versionId;
    if (!isOurs) return "it is meant for another token secret";
  }
  if (
    current !== undefined &&
    current !== version &&
    holdsPair(current) &&
    pairOf(current).refreshToken.equals(refreshToken)
  ) {
    return "it holds the refresh token of the version in use";
  }
  return undefined;
}

function whyDead(successor: VersionId | undefined, expiredAtMs: number | undefined): string | undefined {
  if (successor !== undefined) return `it was succeeded by version ${successor}`;
  return expiredAtMs === undefined ? undefined : `its refresh token expired at ${isoTime(expiredAtMs)}`;
}

/** The newest pair whose parent is this version, or holds the very refresh token: a person may have copied it. */
function successorOf(version: PairVersion, pairs: readonly PairVersion[]): PairVersion | undefined {
  const { refreshToken } = pairOf(version);
  return pairs
    .filter((other) => {
      const parentId = pairOf(other).origin?.parent;
      if (parentId === undefined || other.versionId === version.versionId) return false;
      if (parentId === version.versionId) return true;
      const parent = pairs.find(({ versionId }) => versionId === parentId);
      // An answer may leave the refresh token as it was, and then it is spent for nothing.
      const isSpent = parent !== undefined && !pairOf(parent).refreshToken.equals(pairOf(other).refreshToken);
      return isSpent && pairOf(parent).refreshToken.equals(refreshToken);
    })
    .sort((one, other) => bornAtMs(other) - bornAtMs(one))[0];
}

function livesUntilMs({ version }: Candidate): number {
  return pairOf(version).refreshExpiresAtMs ?? 0;
}

function stateOf(candidates: readonly Candidate[]): Recovery["state"] {
  const inUse = candidates.find(({ verdict }) => verdict.kind === "in-use");
  const promotable = candidates.filter(({ verdict }) => verdict.kind === "promotable");
  const isLiving = inUse !== undefined && !inUse.isExpired && inUse.successor === undefined;
  if (!isLiving) return promotable.length > 0 ? "recoverable" : "hopeless";
  // An older grant's pair lives on beside the one in use for as long as its refresh token does, and is no news.
  const isBetter = promotable.some(({ version }) => bornAtMs(version) > bornAtMs(inUse.version));
  return isBetter ? "recoverable" : "sound";
}
