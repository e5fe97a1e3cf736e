import type { VersionedPair } from "./facts.ts";
import type { VersionId } from "./ports.ts";
import type { TokenPair } from "./token-pair.ts";

/** Farther back than this nobody rolls back by hand, and old versions are deleted. */
const MAX_GENERATIONS = 5;

/**
 * Whether a pair was bought with the refresh token of another, directly or through others. One of its ancestors is that version, or
 * holds the refresh token that a person copied from it.
 *
 * @param read the pair in a version, `undefined` where there is none
 */
export async function descendsFrom(
  descendant: VersionedPair,
  ancestor: { readonly versionId: VersionId; readonly pair: TokenPair | undefined },
  read: (id: VersionId) => Promise<VersionedPair | undefined>,
): Promise<boolean> {
  let { origin } = descendant.pair;
  for (let generation = 1; origin !== undefined && generation <= MAX_GENERATIONS; generation += 1) {
    if (origin.parent === ancestor.versionId) return true;
    const parent = await read(origin.parent);
    if (parent?.pair.refreshToken.equals(ancestor.pair?.refreshToken)) return true;
    origin = parent?.pair.origin;
  }
  return false;
}
