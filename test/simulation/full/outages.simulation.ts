import { expect, it } from "vitest";
import { type Fault, placeOf } from "../fault.ts";
import { POLICIES } from "../fault-matrix.ts";
import { during, SERVICES } from "../plans.ts";
import { play } from "../play.ts";
import { createRandom } from "../random.ts";
import { Tally } from "../tally.ts";
import { REUSES } from "../xt.ts";

const FAULTS: readonly Fault[] = [
  { kind: "error", when: "before" },
  { kind: "error", when: "after" },
  { kind: "stall", when: "before" },
  { kind: "stall", when: "after" },
  { kind: "stall", when: "late" },
  { kind: "denied", when: "before" },
];
const SECOND_MS = 1_000;
const LENGTHS_MS = [1, 10, 300, 3_600, 3 * 3_600].map((seconds) => seconds * SECOND_MS);
/** One service, two, or all three. */
const AFFECTED = [1, 2, 3, 4, 5, 6, 7].map((bits) => SERVICES.filter((_, index) => bits & (1 << index)));
const BEGINNINGS = [
  placeOf("reading the labels"),
  placeOf("reading what is published"),
  placeOf("fencing"),
  placeOf("the exchange"),
  placeOf("staging"),
  placeOf("promoting"),
  placeOf("publishing"),
];

/** The XT that a second presentation harms most meets every outage, the others a quarter. */
const HARSHEST = "single-use-revoking";
const SHARE = 0.25;

it.each(REUSES)(
  "keeps every invariant under outages of every service, kind, beginning and length, XT being %s",
  async (reuse) => {
    const tally = new Tally();
    const random = createRandom(1);
    for (const policy of POLICIES) {
      for (const services of AFFECTED) {
        for (const fault of FAULTS) {
          for (const forMs of LENGTHS_MS) {
            for (const from of BEGINNINGS) {
              if (reuse !== HARSHEST && !random.chance(SHARE)) continue;
              const faults = during({ services, fault, forMs, from });
              tally.add(await play({ reuse, policy, faults, horizon: 50 }));
            }
          }
        }
      }
    }
    console.log(`outages, ${reuse}: ${tally}`);

    expect(tally.histories).toBeGreaterThan(600);
  },
);
