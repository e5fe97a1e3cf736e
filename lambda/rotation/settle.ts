import { assertNever } from "./assert.ts";
import { type AttemptRecord, writeVoidRecord } from "./attempt-record.ts";
import type { Attempt, VersionedPair } from "./facts.ts";
import { readPairVersion } from "./observe.ts";
import type { Ports } from "./ports.ts";
import { adopt } from "./stage.ts";

export type Settled =
  | { readonly kind: "found"; readonly staged: VersionedPair }
  /** The attempt left no pair, and none can be stored in its place any more. */
  | { readonly kind: "nothing" }
  /** Something is stored under the pair's id, and no read shows it yet. */
  | { readonly kind: "hidden" };

type Stores = Pick<Ports, "store" | "escrow">;

/**
 * Looks for the pair that an attempt left: in the token secret, by its computable id since labels may lag, and in the
 * escrow, from where it is staged.
 *
 * A read that finds nothing proves nothing, because reads lag. So settling writes a void record under the pair's id. If the write
 * succeeds, no pair can be stored there any more. If it is refused, a pair exists that cannot be read yet, and the next tick looks again.
 * A store that was not asked is unknown: no void record is written, and the parent's token is not spent again.
 *
 * @throws StoreUnavailable where a store cannot be asked
 * @throws PairEscrowed where the token secret still does not take what the escrow holds
 */
export async function settle(
  { store, escrow }: Stores,
  arn: string,
  { state, record: { parent, attempt } }: Attempt,
  untilMs: number,
): Promise<Settled> {
  switch (state) {
    case "open": {
      const versionId = store.versionId({ arn, parent, kind: "issued", attempt });
      const staged = await readPairVersion(store, versionId);
      if (staged) return { kind: "found", staged };
      const brought =
        (await adopt({ store, escrow }, { arn, issuedId: versionId }, untilMs)) ??
        (await adoptVoided({ store, escrow }, arn, { parent, attempt: attempt - 1 }, untilMs));
      if (brought) return { kind: "found", staged: brought };
      const voided = await store.voidIssued(versionId, writeVoidRecord({ parent, attempt }));
      return voided === "void" ? { kind: "nothing" } : { kind: "hidden" };
    }
    case "unspent":
    case "unknown": {
      const brought = await adoptVoided({ store, escrow }, arn, { parent, attempt }, untilMs);
      return brought ? { kind: "found", staged: brought } : { kind: "nothing" };
    }
    default:
      return assertNever(state);
  }
}

/**
 * Moves to the token secret what the escrow keeps of this attempt and of earlier ones. They have void records already. A process that
 * was suspended for long may have put its pair into the escrow since then.
 */
async function adoptVoided(
  { store, escrow }: Stores,
  arn: string,
  { parent, attempt }: Pick<AttemptRecord, "parent" | "attempt">,
  untilMs: number,
): Promise<VersionedPair | undefined> {
  const entries = new Set(attempt >= 1 ? await escrow.list() : []);
  for (let earlier = attempt; earlier >= 1; earlier -= 1) {
    const issuedId = store.versionId({ arn, parent, kind: "issued", attempt: earlier });
    const brought = entries.has(issuedId) ? await adopt({ store, escrow }, { arn, issuedId }, untilMs) : undefined;
    if (brought) return brought;
  }
  return undefined;
}
