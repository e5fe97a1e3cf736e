import { LABEL } from "../contract.ts";
import type { Ports, VersionId } from "./ports.ts";
import { PromotionRefused } from "./store-errors.ts";

export type Promotion =
  | { readonly kind: "promoted" }
  /** Somebody else moved AWSCURRENT: a person re-seeded. The staged version stays where it is. */
  | { readonly kind: "superseded"; readonly by: VersionId | undefined };

/**
 * Moves AWSCURRENT from the parent to the staged version by compare-and-swap, and reads the labels again only if that was refused.
 *
 * @throws PromotionRefused where AWSCURRENT is still on the parent, for lack of permission, say
 */
export async function promote({ store }: Pick<Ports, "store">, from: VersionId, to: VersionId): Promise<Promotion> {
  const answer = await store.moveCurrent(from, to);
  if (answer.kind === "moved") return { kind: "promoted" };
  const holder = (await store.describe()).holders.get(LABEL.current);
  // A peer promoted it, or the answer to this run's own move got lost.
  if (holder === to) return { kind: "promoted" };
  if (holder === from) throw new PromotionRefused(to, answer.code);
  return { kind: "superseded", by: holder };
}
