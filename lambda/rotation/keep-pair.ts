import { PairEscrowed, PairNotStored } from "./errors.ts";
import type { Ports, VersionId } from "./ports.ts";
import type { Sensitive } from "./sensitive.ts";

/**
 * Makes a pair durable: in the token secret and, once that makes trouble, in the escrow as well, whichever takes it. Returns
 * when the token secret has it.
 *
 * @returns whether the escrow was used and has to be tidied once the pair is promoted
 * @throws PairEscrowed where only the escrow took it
 * @throws PairNotStored where neither did
 */
export async function keepPair(
  { store, escrow }: Pick<Ports, "store" | "escrow">,
  id: VersionId,
  pair: Sensitive,
  untilMs: number,
): Promise<{ readonly isEscrowed: boolean }> {
  let isStaged = false;
  let escrowing: Promise<"kept" | "refused"> | undefined;
  const keep = () => {
    escrowing ??= escrow.keep(id, pair, untilMs, () => !isStaged);
    return escrowing;
  };
  try {
    await store.stage(id, pair, untilMs, () => void keep());
  } catch (error) {
    // Asked even where time ran out before the trouble was noticed: it makes one attempt at least.
    if (error instanceof PairNotStored && (await keep()) === "kept") throw new PairEscrowed(id, error.code);
    throw error;
  }
  isStaged = true;
  await escrowing;
  return { isEscrowed: escrowing !== undefined };
}
