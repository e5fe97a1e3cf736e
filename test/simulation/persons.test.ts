import { expect, it } from "vitest";
import { placeOf } from "./fault.ts";
import { HANDS } from "./hands.ts";
import { at } from "./plans.ts";
import { play, type Script } from "./play.ts";
import { Tally } from "./tally.ts";

const SCRIPT: Script = { reuse: "single-use-revoking", policy: "replay", horizon: 40 };
const COURSES: readonly (readonly [string, Script])[] = [
  ["a renewal", SCRIPT],
  ["a settling", { ...SCRIPT, faults: at({ index: placeOf("staging"), fault: { kind: "death", when: "after" } }) }],
];

it.each(HANDS.flatMap((hand) => COURSES.map(([course, script]) => [hand, course, script] as const)))(
  "stays healthy when a person %s before any request of %s",
  async (hand, _course, script) => {
    // given
    const undisturbed = await play(script);
    const tally = new Tally();

    // when
    for (const { index } of undisturbed.calls) tally.add(await play({ ...script, hand: { before: index, act: hand } }));

    // then
    expect(tally.histories).toBeGreaterThan(10);
    expect(tally.count("healthy")).toBe(tally.histories);
  },
);
