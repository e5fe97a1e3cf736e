import { LABEL } from "../contract.ts";
import type { InspectedPair } from "../inspection.ts";
import type { Current } from "./facts.ts";
import { isoTime } from "./pair-document.ts";
import type { VersionId } from "./ports.ts";
import type { TokenPair } from "./token-pair.ts";

/** A pair in a version of the token secret, or in the escrow for a version. */
export interface KeptPair {
  readonly versionId: VersionId;
  readonly place: InspectedPair["place"];
  /** None on a deprecated version, and none in the escrow. */
  readonly labels: readonly string[];
  readonly createdAtMs: number;
  readonly pair: TokenPair;
}

export interface JudgedPair extends Pick<InspectedPair, "use" | "why"> {
  readonly kept: KeptPair;
}

/** What else is known of the token secret. */
export interface Surroundings {
  readonly current: Current | undefined;
  /** Versions whose refresh token an attempt has presented to XT. */
  readonly presented: ReadonlySet<VersionId>;
  readonly nowMs: number;
}

/** Says of each pair whether it can be put in use, and why. The newest first. Pure. */
export function judgePairs(kept: readonly KeptPair[], surroundings: Surroundings): readonly JudgedPair[] {
  return [...kept]
    .sort((one, other) => bornAtMs(other) - bornAtMs(one))
    .map((pair) => ({ kept: pair, ...judge(pair, kept, surroundings) }));
}

function judge(
  kept: KeptPair,
  all: readonly KeptPair[],
  { current, presented, nowMs }: Surroundings,
): Pick<InspectedPair, "use" | "why"> {
  const { versionId, place, labels, pair } = kept;
  if (place === "token secret" && versionId === current?.versionId) return { use: "in-use", why: "it is in use" };
  const not = (why: string) => ({ use: "not-promotable", why }) as const;
  const isHome = all.some((other) => other.place === "token secret" && other.versionId === versionId);
  if (place === "escrow" && isHome) return not("the token secret holds this version, the copy is no longer needed");
  if (current?.kind === "pair" && current.pair.refreshToken.equals(pair.refreshToken)) {
    return not("it holds the refresh token of the pair in use");
  }
  const successor = successorOf(kept, all);
  if (successor !== undefined) return not(`version ${successor} took its place`);
  if (presented.has(versionId)) return not("its refresh token was presented to XT, and no pair came back");
  const { refreshExpiresAtMs } = pair;
  if (refreshExpiresAtMs !== undefined && refreshExpiresAtMs <= nowMs) {
    return not(`its refresh token expired at ${isoTime(refreshExpiresAtMs)}`);
  }
  if (pair.isRefreshTokenDoubtful) return not("XT's answer ended before its refresh token");
  const where = place === "escrow" ? "the token secret has not taken it" : "it was received and is not in use";
  return { use: "promotable", why: labels.includes(LABEL.seed) ? "a person seeded it and it is not in use" : where };
}

/** A pair whose parent is this version, or whose parent holds this very refresh token. */
function successorOf({ versionId, pair }: KeptPair, all: readonly KeptPair[]): VersionId | undefined {
  return all.find((other) => {
    const parentId = other.pair.origin?.parent;
    if (parentId === undefined || other.versionId === versionId) return false;
    if (other.pair.refreshToken.equals(pair.refreshToken)) return false;
    if (parentId === versionId) return true;
    const parent = all.find((each) => each.versionId === parentId);
    return parent?.pair.refreshToken.equals(pair.refreshToken) ?? false;
  })?.versionId;
}

/** When XT issued the pair, or a person seeded it. */
function bornAtMs({ pair, createdAtMs }: KeptPair): number {
  return pair.origin?.issuedAtMs ?? createdAtMs;
}
