import { expect, it } from "vitest";
import { TICK } from "./chronicle.ts";
import type { Call, CallName, Fault } from "./fault.ts";
import { during } from "./plans.ts";
import { play, type Script } from "./play.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A day of ticks, in which a pair that lives three hours is renewed every two. */
const A_DAY: Script = { reuse: "single-use-revoking", policy: "replay", isEndless: true, horizon: 96 };

const WRITES: ReadonlySet<CallName> = new Set(["publishing", "moving what is published"]);

it.each<readonly [string, Fault, isWriteAlone: boolean]>([
  ["is out", { kind: "error", when: "before" }, false],
  ["denies everything", { kind: "denied", when: "before" }, false],
  ["breaks every connection", { kind: "lost", when: "before" }, false],
  ["does not answer", { kind: "stall", when: "before" }, false],
  ["fails every write", { kind: "error", when: "before" }, true],
  ["denies every write", { kind: "denied", when: "before" }, true],
])("renews every pair in time for as long as the access-token secret %s", async (_what, fault, isWriteAlone) => {
  // given
  const calm = await play(A_DAY);

  // when
  const outage = during({ services: ["the access-token secret"], fault, from: 1, forMs: 24 * HOUR_MS });
  const faults = () => {
    const strike = outage();
    return (call: Call) => (!isWriteAlone || WRITES.has(call.name) ? strike(call) : undefined);
  };
  const { world } = await play({ ...A_DAY, faults });

  // then
  const renewals = world.chronicle.runs.filter(({ calls }) => calls.includes("promoting"));
  const expected = calm.world.chronicle.runs.filter(({ calls }) => calls.includes("promoting"));
  expect(renewals.length).toBeGreaterThan(10);
  expect(renewals.map(({ startedAtMs }) => startedAtMs)).toEqual(expected.map(({ startedAtMs }) => startedAtMs));
  expect(renewals.map(({ ending }) => ending)).toEqual(renewals.map(() => "StoreUnavailable"));
});

/** The tokens that workloads read, one after the other, where a second run of the first tick reads what is five minutes old. */
async function publishedAfterLagOf(...lagging: readonly CallName[]): Promise<readonly string[]> {
  let looks = 0;
  let isLate = false;
  const { world } = await play({
    reuse: "single-use-revoking",
    policy: "replay",
    isEndless: true,
    horizon: 2,
    deliveries(tick) {
      looks = 0;
      isLate = tick > 0;
      return (tick === 0 ? [0, MINUTE_MS] : [0]).map((afterMs) => ({ afterMs, skewMs: 0, errand: TICK }));
    },
    staleByMs(_, name) {
      if (name === "reading the labels") looks += 1;
      return looks >= 2 && !isLate && lagging.includes(name) ? 5 * MINUTE_MS : 0;
    },
  });
  return world.chronicle.publications.map(
    ({ to }) => JSON.parse(world.accessTokenSecret.textOf(to) ?? "").access_token,
  );
}

it("publishes no older token where the labels and the pair lag", async () => {
  const tokens = await publishedAfterLagOf("reading the labels", "reading the pair");

  expect(tokens).toEqual(["access-token-0003"]);
});

it("publishes an older token for one tick at most where the version that is published cannot be read yet", async () => {
  const tokens = await publishedAfterLagOf("reading the labels", "reading the pair", "reading a version");

  expect(tokens).toEqual(["access-token-0003", "access-token-0002", "access-token-0003"]);
});
