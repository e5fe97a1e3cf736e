import type { Escrow } from "../rotation/ports.ts";

/** For a function that is given no second store: nothing is ever kept, so nothing is ever found. */
export const noEscrow: Escrow = {
  keep: async () => "refused",
  list: async () => [],
  find: async () => undefined,
  discard: async () => "discarded",
};
