import { expect, it } from "vitest";
import { TICK } from "./chronicle.ts";
import type { Fault } from "./fault.ts";
import { during, exchanges } from "./plans.ts";
import { type History, play, type Script } from "./play.ts";

const HOUR_MS = 60 * 60_000;
const SCRIPT: Script = { reuse: "single-use", policy: "replay" };
/** The pair was issued at a quarter to ten and lives a day: it is due after 16 hours, and has 15 % of its life left after 20. */
const A_DAY: Script = { ...SCRIPT, lifetimes: () => ({ expires_in: 86_400 }), isEndless: true, horizon: 80 };
const DUE_MS = Date.parse("2026-11-24T01:45Z");
const LAST_CALL_MS = Date.parse("2026-11-24T06:00Z");

it("says of no tick that all is well after a forced attempt that may have spent the token of a pair that is not due", async () => {
  // given
  const forced = { afterMs: 0, skewMs: 0, errand: { kind: "tick", isForced: true } } as const;
  const renewed = { afterMs: 0, skewMs: 0, errand: TICK };

  // when
  const { world } = await play({
    ...SCRIPT,
    faults: exchanges(undefined, { kind: "lost", when: "after" }),
    deliveries: (tick) => [tick === 1 ? forced : renewed],
  });

  // then
  const [, lossy, ...later] = world.chronicle.runs;
  expect(lossy?.ending).toBe("ExchangeOutcomeUnknown");
  expect(later.length).toBeGreaterThan(2);
  expect(later.map(({ severity }) => severity)).not.toContain(0);
});

/** How bad each tick found the state while the pair was due. */
function severities({ world }: History) {
  const due = world.chronicle.runs.filter(({ startedAtMs }) => startedAtMs > DUE_MS && startedAtMs < LAST_CALL_MS);
  return due.map(({ severity }) => severity);
}

it.each<readonly [string, Fault]>([
  ["asks for fewer requests", { kind: "throttled", when: "before" }],
  ["refuses", { kind: "denied", when: "before" }],
  ["is not reached", { kind: "unsent", when: "before" }],
  ["answers with errors", { kind: "error", when: "before" }],
])("says of no tick that all is well while a due pair is not renewed, because XT %s", async (_what, fault) => {
  // when
  const history = await play({ ...A_DAY, faults: during({ services: ["XT"], fault, from: 1, forMs: 48 * HOUR_MS }) });

  // then
  expect(severities(history).length).toBeGreaterThan(10);
  expect(severities(history)).not.toContain(0);
});

it.each<readonly [string, Partial<Script>]>([
  [
    "the labels and the value of the token secret disagree",
    { staleByMs: (_, name) => (name === "reading the pair" ? 48 * HOUR_MS : 0) },
  ],
  [
    "a stored pair cannot be read",
    {
      staleByMs: (_, name) => (name === "reading a version" ? 48 * HOUR_MS : 0),
      faults: () => (call) => (call.name === "promoting" ? { kind: "death", when: "before" } : undefined),
    },
  ],
])("says of no tick that all is well while a due pair is not renewed, because %s", async (_what, trouble) => {
  // when
  const history = await play({ ...A_DAY, ...trouble });

  // then
  expect(severities(history).length).toBeGreaterThan(10);
  expect(severities(history)).not.toContain(0);
});
