import { describe, expect, it } from "vitest";
import type { Escrow, VersionId } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

/** An empty escrow, and a test's own look into it. */
export interface EscrowUnderTest {
  readonly escrow: Escrow;
  /** An instant that the escrow takes for some seconds from now, in milliseconds since the epoch. */
  readonly untilMs: number;
  /** What it truly holds, by the version that each pair is meant for. */
  held(): Readonly<Record<VersionId, string>>;
}

const [V1, V2] = ["1".repeat(64), "2".repeat(64)] as const;
const PAIR = '{"access_token":"access-2","refresh_token":"refresh-2"}';
const OTHER_PAIR = '{"access_token":"access-3","refresh_token":"refresh-3"}';

const isNeeded = () => true;

/** States the promises of `Escrow` over one implementation. */
export function describeEscrow(name: string, makeEscrow: () => Promise<EscrowUnderTest>): void {
  describe(name, () => {
    it("keeps a pair and finds it by the version that it is meant for", async () => {
      const { escrow, untilMs, held } = await makeEscrow();

      const kept = await escrow.keep(V1, new Sensitive(PAIR), untilMs, isNeeded);
      const found = await escrow.find(V1);

      expect(kept).toBe("kept");
      expect(held()).toEqual({ [V1]: PAIR });
      expect([found?.versionId, found?.text?.reveal()]).toEqual([V1, PAIR]);
    });

    it("finds nothing for another version", async () => {
      const { escrow, untilMs } = await makeEscrow();
      await escrow.keep(V1, new Sensitive(PAIR), untilMs, isNeeded);

      const found = await escrow.find(V2);

      expect(found).toBeUndefined();
    });

    it("keeps the pairs of two versions apart", async () => {
      const { escrow, untilMs, held } = await makeEscrow();

      await escrow.keep(V1, new Sensitive(PAIR), untilMs, isNeeded);
      await escrow.keep(V2, new Sensitive(OTHER_PAIR), untilMs, isNeeded);
      await escrow.discard(V1);

      expect(held()).toEqual({ [V2]: OTHER_PAIR });
    });

    it("counts a pair that it holds already as kept", async () => {
      const { escrow, untilMs, held } = await makeEscrow();
      await escrow.keep(V1, new Sensitive(PAIR), untilMs, isNeeded);

      const again = await escrow.keep(V1, new Sensitive(PAIR), untilMs, isNeeded);

      expect(again).toBe("kept");
      expect(held()).toEqual({ [V1]: PAIR });
    });

    it("keeps a pair longer than 4096 bytes", async () => {
      const long = JSON.stringify({ access_token: "a".repeat(5_000), refresh_token: "refresh-2" });
      const { escrow, untilMs, held } = await makeEscrow();

      const kept = await escrow.keep(V1, new Sensitive(long), untilMs, isNeeded);

      expect(kept).toBe("kept");
      expect(held()).toEqual({ [V1]: long });
    });

    it("lists the versions that it holds a pair for", async () => {
      const { escrow, untilMs } = await makeEscrow();
      const none = await escrow.list();
      await escrow.keep(V1, new Sensitive(PAIR), untilMs, isNeeded);
      await escrow.keep(V2, new Sensitive(OTHER_PAIR), untilMs, isNeeded);
      const both = await escrow.list();
      await escrow.discard(V1);

      const left = await escrow.list();

      expect(none).toEqual([]);
      expect([...both].sort()).toEqual([V1, V2]);
      expect(left).toEqual([V2]);
    });

    it("finds nothing after the entry was discarded", async () => {
      const { escrow, untilMs } = await makeEscrow();
      await escrow.keep(V1, new Sensitive(PAIR), untilMs, isNeeded);

      const discarded = await escrow.discard(V1);
      const found = await escrow.find(V1);

      expect(discarded).toBe("discarded");
      expect(found).toBeUndefined();
    });

    it("counts an entry that does not exist as discarded", async () => {
      const { escrow } = await makeEscrow();

      const discarded = await escrow.discard(V1);

      expect(discarded).toBe("discarded");
    });
  });
}
