import type { Escrow, VersionId } from "../../lambda/rotation/ports.ts";
import { stored } from "./given.ts";

/** An escrow over a map from version ids to pairs, consistent and never failing. */
export function memoryEscrow(pairs: Map<VersionId, string>): Escrow {
  return {
    async keep(id, pair) {
      pairs.set(id, pair.reveal());
      return "kept";
    },

    list: async () => [...pairs.keys()],

    async find(id) {
      const text = pairs.get(id);
      return text === undefined ? undefined : stored(text, id);
    },

    async discard(id) {
      pairs.delete(id);
      return "discarded";
    },
  };
}
