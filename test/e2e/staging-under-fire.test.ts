import { expect, it } from "vitest";
import type { Call } from "../../sandbox/faults.ts";
import { STORE_CALLS } from "../../sandbox/rotation-calls.ts";
import { outcomeOf, standingOf } from "./fixtures/course.ts";
import { copiesIn, inEscrowWorld } from "./fixtures/escrow-world.ts";
import { FAULT_MODES, type FaultMode } from "./fixtures/fault-modes.ts";
import type { PlayedWorld } from "./fixtures/in-world.ts";

/** Attempts without an answer have to be waited for: they begin first, and the others run beside them. */
const SILENT_FIRST = [...FAULT_MODES].sort((one, other) => Number(other.isSilent) - Number(one.isSilent));

/** The first so many attempts at the pair fail, every second one after it took effect. */
function failStagings(world: PlayedWorld, attempts: number, { fault }: FaultMode): readonly unknown[] {
  const inputs: unknown[] = [];
  world.setFaults({
    secretsManager(call: Call) {
      if (!STORE_CALLS.staging(call)) return undefined;
      inputs.push(call.input);
      if (inputs.length > attempts) return undefined;
      return fault(inputs.length % 2 === 1 ? "before" : "after");
    },
  });
  return inputs;
}

it.concurrent.each(SILENT_FIRST)(
  "rotates in one run through an outage that begins with XT's answer: $name",
  async (mode) => {
    await inEscrowWorld({}, async (world) => {
      // given
      world.seed();
      const attempts = mode.isSilent ? 2 : 4;
      const inputs = failStagings(world, attempts, mode);

      // when
      const outcome = outcomeOf(await world.tick());

      // then
      expect(outcome).toBe("rotated");
      expect(inputs.length).toBeGreaterThan(attempts);
      expect(new Set(inputs.map((input) => JSON.stringify(input))).size).toBe(1);
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted"] });
      expect(copiesIn(world)).toBe(0);
    });
  },
);
