import type { VersionedPair } from "./facts.ts";
import { readPair } from "./pair-document.ts";
import type { Ports, TokenStore, VersionId } from "./ports.ts";
import type { Sensitive } from "./sensitive.ts";
import { ID_TAKEN, PairEscrowed, PairNotStored, StoreUnavailable } from "./store-errors.ts";

export interface Staged {
  /** The version that holds the pair. */
  readonly versionId: VersionId;
  /** Whether the escrow may hold a copy, which has to be deleted once the pair is promoted. */
  readonly isEscrowed: boolean;
}

/** A pair and where it belongs. */
export interface Parcel {
  readonly arn: string;
  /** The version that the pair is to become; the escrow names its copy after it. */
  readonly issuedId: VersionId;
  readonly text: Sensitive;
}

/**
 * Makes a pair durable: in the token secret and, if that fails at first, in the escrow too. Returns
 * when the token secret has it.
 *
 * @throws PairEscrowed where only the escrow took it
 * @throws PairNotStored where neither did
 */
export async function stage(
  { store, escrow }: Pick<Ports, "store" | "escrow">,
  parcel: Parcel,
  untilMs: number,
): Promise<Staged> {
  const { issuedId, text } = parcel;
  let isStaged = false;
  let escrowing: Promise<"kept" | "refused"> | undefined;
  const keep = () => {
    escrowing ??= escrow.keep(issuedId, text, untilMs, () => !isStaged);
    return escrowing;
  };
  try {
    const versionId = await write(store, parcel, untilMs, () => void keep());
    isStaged = true;
    await escrowing;
    return { versionId, isEscrowed: escrowing !== undefined };
  } catch (error) {
    // Asked even where time ran out before the trouble was noticed: it makes one attempt at least.
    if (error instanceof PairNotStored && (await keep()) === "kept") throw new PairEscrowed(issuedId, error.code);
    throw error;
  }
}

/**
 * Writes the pair that the escrow keeps for a version into the token secret; `undefined` if the escrow keeps none. The copy
 * stays until the pair is promoted, so that a failure loses nothing.
 *
 * @throws StoreUnavailable where the escrow cannot be asked
 * @throws PairEscrowed where the token secret does not take it
 */
export async function adopt(
  { store, escrow }: Pick<Ports, "store" | "escrow">,
  { arn, issuedId }: Omit<Parcel, "text">,
  untilMs: number,
): Promise<VersionedPair | undefined> {
  const stored = await escrow.find(issuedId);
  const reading = stored && readPair(stored);
  if (stored?.text === undefined || reading?.kind !== "pair") return undefined;
  try {
    const versionId = await write(store, { arn, issuedId, text: stored.text }, untilMs);
    return { versionId, pair: reading.pair, createdAtMs: stored.createdAtMs };
  } catch (error) {
    if (error instanceof PairNotStored) throw new PairEscrowed(issuedId, error.code);
    throw error;
  }
}

/**
 * Brings a pair home that the escrow keeps and that was received in the place of version `parent`; `undefined` where it keeps none. An
 * escrow that cannot be asked stops nothing: the pair in use is another grant's, and goes on being renewed.
 */
export async function adoptSuccessor(
  { store, escrow, log }: Pick<Ports, "store" | "escrow" | "log">,
  arn: string,
  parent: VersionId,
  untilMs: number,
): Promise<VersionedPair | undefined> {
  try {
    for (const issuedId of await escrow.list()) {
      const stored = await escrow.find(issuedId);
      const reading = stored && readPair(stored);
      const isSuccessor = reading?.kind === "pair" && reading.pair.origin?.parent === parent;
      if (isSuccessor) return await adopt({ store, escrow }, { arn, issuedId }, untilMs);
    }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    log.warn(`the escrow could not be searched: ${error.message}`, {});
  }
  return undefined;
}

/** If the attempt was settled without its pair, a void record has the pair's id. Then the pair gets another id. */
async function write(
  store: TokenStore,
  { arn, issuedId, text }: Parcel,
  untilMs: number,
  onTrouble?: () => void,
): Promise<VersionId> {
  try {
    await store.stage(issuedId, text, untilMs, onTrouble);
    return issuedId;
  } catch (error) {
    if (!(error instanceof PairNotStored) || error.code !== ID_TAKEN) throw error;
  }
  const recoveredId = store.versionId({ arn, parent: issuedId, kind: "recovered", attempt: 1 });
  await store.stage(recoveredId, text, untilMs, onTrouble);
  return recoveredId;
}
