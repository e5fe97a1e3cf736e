import type { Attempt, VersionedPair } from "./decide.ts";
import { StoreUnavailable } from "./errors.ts";
import { keepPair } from "./keep-pair.ts";
import { readStagedVersion } from "./observe.ts";
import { readPair } from "./pair-document.ts";
import type { Escrow, Ports, StoredValue, VersionId } from "./ports.ts";

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
  await keepPair({ store, escrow }, versionId, stored.text, untilMs);
  return { versionId, pair: reading.pair };
}

async function findInEscrow(escrow: Escrow, id: VersionId, force: boolean): Promise<StoredValue | undefined> {
  try {
    return await escrow.find(id);
  } catch (error) {
    if (force && error instanceof StoreUnavailable) return undefined;
    throw error;
  }
}
