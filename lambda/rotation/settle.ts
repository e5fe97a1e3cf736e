import { assertNever } from "./assert.ts";
import { writeVoidRecord } from "./attempt-record.ts";
import type { Attempt, VersionedPair } from "./decide.ts";
import { PairEscrowed, PairNotStored, StoreUnavailable } from "./errors.ts";
import { readStagedVersion } from "./observe.ts";
import { readPair } from "./pair-document.ts";
import type { Escrow, Ports, TokenStore, VersionId } from "./ports.ts";
import type { Sensitive } from "./sensitive.ts";
import type { TokenPair } from "./token-pair.ts";

export type Settled =
  | { readonly kind: "found"; readonly staged: VersionedPair }
  /** The attempt left no pair, and none can come any more. */
  | { readonly kind: "nothing" }
  /** Something is stored under the pair's id, and no read shows it yet. */
  | { readonly kind: "hidden" };

/**
 * Looks for the pair that a dead attempt left: in the token secret, by its computable id since labels may lag, and in the
 * escrow, from where it is staged. That there is none is not believed on the word of a read, which may lag as well, behind a peer
 * that has just brought the pair home and cleared the escrow: a void record takes the pair's place, or finds it taken.
 *
 * @param force a person vouches that an escrow which cannot be asked holds nothing
 * @throws StoreUnavailable where a store cannot be asked: what cannot be seen may be there, and its parent must not be spent again
 * @throws PairEscrowed where the token secret still does not take what the escrow holds
 */
export async function settle(
  { store, escrow }: Pick<Ports, "store" | "escrow">,
  arn: string,
  { record }: Attempt,
  untilMs: number,
  force: boolean,
): Promise<Settled> {
  const { parent, attempt } = record;
  const versionId = store.versionId({ arn, parent, kind: "issued", attempt });
  const staged = await readStagedVersion(store, versionId);
  if (staged) return { kind: "found", staged };
  const search = await searchEscrow(escrow, versionId, force);
  switch (search.kind) {
    case "found":
      await stageFromEscrow(store, versionId, search.text, untilMs);
      return { kind: "found", staged: { versionId, pair: search.pair } };
    case "unasked":
      // Whoever vouches may be wrong, and what the escrow holds must find its place free.
      return { kind: "nothing" };
    case "nothing": {
      const voided = await store.voidIssued(versionId, writeVoidRecord(record));
      return voided === "void" ? { kind: "nothing" } : { kind: "hidden" };
    }
    default:
      return assertNever(search);
  }
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

type Search =
  | { readonly kind: "found"; readonly text: Sensitive; readonly pair: TokenPair }
  | { readonly kind: "nothing" }
  | { readonly kind: "unasked" };

async function searchEscrow(escrow: Escrow, id: VersionId, force: boolean): Promise<Search> {
  try {
    const stored = await escrow.find(id);
    const reading = stored && readPair(stored);
    return stored?.text && reading?.kind === "pair"
      ? { kind: "found", text: stored.text, pair: reading.pair }
      : { kind: "nothing" };
  } catch (error) {
    if (force && error instanceof StoreUnavailable) return { kind: "unasked" };
    throw error;
  }
}
