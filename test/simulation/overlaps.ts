import { TICK } from "./chronicle.ts";
import { placeOf } from "./fault.ts";
import { at } from "./plans.ts";
import type { Delivery, Script } from "./play.ts";

const NOW: Delivery = { afterMs: 0, skewMs: 0, errand: TICK };

/** That many deliveries of the tick with this number. */
function deliver(count: number, tick: number): Script["deliveries"] {
  return (number) => Array.from({ length: number === tick ? count : 1 }, () => NOW);
}

/** What runs can meet at, by name. XT is the harshest there is: a token presented twice kills the grant. */
export function overlaps(count: number): Readonly<Record<string, Script>> {
  const script = { reuse: "single-use-revoking", policy: "replay" } as const;
  const after = (index: number) => at({ index, fault: { kind: "death", when: "after" } });
  return {
    "a pair that is due": { ...script, deliveries: deliver(count, 0) },
    "a pair that a person has just seeded": { ...script, isFreshlySeeded: true, deliveries: deliver(count, 0) },
    "an attempt that died at its fence": {
      ...script,
      faults: after(placeOf("fencing")),
      deliveries: deliver(count, 1),
    },
    "a pair that a dead run staged": { ...script, faults: after(placeOf("staging")), deliveries: deliver(count, 1) },
    "a refusal": {
      ...script,
      faults: at({ index: placeOf("the exchange"), fault: { kind: "denied", when: "before" } }),
      deliveries: deliver(count, 1),
    },
  };
}
