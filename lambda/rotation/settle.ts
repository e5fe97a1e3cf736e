import type { Attempt, VersionedPair } from "./decide.ts";
import { PairEscrowed, PairNotStored, StoreUnavailable } from "./errors.ts";
import { readStagedVersion } from "./observe.ts";
import { readPair } from "./pair-document.ts";
import type { Escrow, Ports, StoredValue, TokenStore, VersionId } from "./ports.ts";
import type { Sensitive } from "./sensitive.ts";

/**
 * Looks for the pair that a dead attempt left: in the token secret, by its computable id since labels may lag, and in the
 * escrow, from where it is staged. `undefined` where the attempt left none.
 *
 * @param force a person vouches that an escrow which cannot be asked holds nothing
 * @throws StoreUnavailable where a store cannot be asked: what cannot be seen may be there, and its parent must not be spent again
 * @throws PairEscrowed where the token secret still does not take what the escrow holds
 */
export async function settle(
  { store, escrow }: Pick<Ports, "store" | "escrow">,
  arn: string,
  { record: { parent, attempt } }: Attempt,
  untilMs: number,
  force: boolean,
): Promise<VersionedPair | undefined> {
  const versionId = store.versionId({ arn, parent, kind: "issued", attempt });
  const staged = await readStagedVersion(store, versionId);
  if (staged) return staged;
  const stored = await findInEscrow(escrow, versionId, force);
  const reading = stored && readPair(stored);
  if (stored?.text === undefined || reading?.kind !== "pair") return undefined;
  await stageFromEscrow(store, versionId, stored.text, untilMs);
  return { versionId, pair: reading.pair };
}

/** The copy stays where it is until the pair is promoted, so that a failure here loses nothing. */
async function stageFromEscrow(store: TokenStore, id: VersionId, pair: Sensitive, untilMs: number): Promise<void> {
  try {
    await store.stage(id, pair, untilMs);
  } catch (error) {
    if (error instanceof PairNotStored) throw new PairEscrowed(id, error.code);
    throw error;
  }
}

async function findInEscrow(escrow: Escrow, id: VersionId, force: boolean): Promise<StoredValue | undefined> {
  try {
    return await escrow.find(id);
  } catch (error) {
    if (force && error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}
