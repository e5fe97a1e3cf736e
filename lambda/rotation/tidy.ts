import { RotationError } from "./errors.ts";
import type { Facts } from "./facts.ts";
import { readPairVersion } from "./observe.ts";
import type { Ports, VersionId } from "./ports.ts";

/** Deletes the escrow's copy of a pair that the token secret holds. If that fails, a later tick deletes it. */
export async function tidy({ escrow, log }: Pick<Ports, "escrow" | "log">, id: VersionId): Promise<void> {
  if ((await escrow.discard(id)) === "left") log.warn("the escrow's copy of the pair could not be deleted", { id });
}

/** Four ticks of the default schedule. An hour is enough, and most ticks need not make the call. */
const SWEEPING_MS = 60 * 60_000;

/**
 * Deletes every copy in the escrow whose pair the token secret holds: a run may die between promoting a pair and deleting its copy. The
 * ticks in the hour after a renewal do so.
 */
export async function sweepAfterRenewal(
  ports: Pick<Ports, "store" | "escrow" | "log">,
  arn: string,
  { current }: Pick<Facts, "current">,
  nowMs: number,
): Promise<void> {
  if (current.kind !== "pair" || current.pair.origin === undefined) return;
  // A pair from the escrow is written later than it was issued.
  const renewedAtMs = Math.max(current.pair.origin.issuedAtMs, current.createdAtMs);
  if (nowMs - renewedAtMs >= SWEEPING_MS) return;
  const { store, escrow, log } = ports;
  try {
    for (const id of await escrow.list()) {
      const recoveredId = store.versionId({ arn, parent: id, kind: "recovered", attempt: 1 });
      const isHome = (await readPairVersion(store, id)) ?? (await readPairVersion(store, recoveredId));
      if (isHome) await tidy(ports, id);
    }
  } catch (error) {
    if (!(error instanceof RotationError)) throw error;
    // Nothing depends on it.
    log.warn(`the escrow could not be swept: ${error.message}`, {});
  }
}
