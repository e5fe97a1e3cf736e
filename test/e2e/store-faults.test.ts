import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { TOKEN_SECRET } from "../../sandbox/world.ts";
import { HOUR_MS, renewAgain, renewOnce, standingOf, tickFor, tickOnce } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { arm, STORE_CALLS, type StoreCall } from "./fixtures/rotation-calls.ts";

const UNAVAILABLE = { kind: "reply", status: 500, body: '{"__type":"InternalServiceError"}' } as const;
const EMPTY = { kind: "reply", status: 200, body: "" } as const;
const DENIED: Fault = {
  kind: "reply",
  when: "before",
  status: 400,
  body: '{"__type":"AccessDeniedException","Message":"the role may not do that"}',
};

/** Failures that a run must get over by itself when they meet one request. */
const PASSING: readonly (readonly [string, Fault])[] = [
  ["500 in place of the effect", { ...UNAVAILABLE, when: "before" }],
  ["500 after the effect", { ...UNAVAILABLE, when: "after" }],
  ["a dropped connection in place of the effect", { kind: "drop", when: "before" }],
  ["a dropped connection after the effect", { kind: "drop", when: "after" }],
  ["throttling", { kind: "reply", when: "before", status: 400, body: '{"__type":"ThrottlingException"}' }],
  ["an empty 200 in place of the effect", { ...EMPTY, when: "before" }],
  ["an empty 200 after the effect", { ...EMPTY, when: "after" }],
  [
    "a gateway's page",
    { kind: "reply", when: "before", status: 502, headers: { "content-type": "text/html" }, body: "<h1>Bad gateway" },
  ],
];

const CALLS: readonly StoreCall[] = [
  "reading the labels",
  "reading the pair",
  "reading the client credentials",
  "fencing",
  "staging",
  "promoting",
];

it.concurrent.each(PASSING)("rotates in the same run when each of its calls meets %s", async (_, fault) => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const { [LABEL.attempt]: fenceBefore } = world.secretsManager.labels(TOKEN_SECRET);
    const met = new Set<StoreCall>();
    world.setFaults({
      secretsManager(call) {
        const at = CALLS.find((name) => STORE_CALLS[name](call));
        if (at === undefined || met.has(at)) return undefined;
        met.add(at);
        return fault;
      },
    });

    // when
    const outcome = await tickOnce(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met.size).toBe(6);
    expect(outcome).toBe("rotated");
    expect(world.secretsManager.labels(TOKEN_SECRET)[LABEL.attempt]).not.toBe(fenceBefore);
    expect(after).toEqual([]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
    expect(await renewAgain(world)).toBe("rotated");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

/** Where and how often access is denied, how the run ends, and what the hour after it brings. */
type Denial = readonly ["once" | "always", StoreCall, outcome: string, after: readonly string[]];

const DENIALS: readonly Denial[] = [
  ["always", "reading the labels", "StoreUnavailable", ["rotated"]],
  ["always", "reading the pair", "StoreUnavailable", ["rotated"]],
  ["always", "reading the client credentials", "StoreUnavailable", ["rotated"]],
  ["always", "fencing", "StoreUnavailable", ["rotated"]],
  ["once", "staging", "rotated", []],
  ["always", "promoting", "PromotionRefused", ["settled"]],
];

it.concurrent.each(DENIALS)(
  "asks XT once in all when access is denied %s in a run while %s",
  async (times, at, outcome, outcomesAfter) => {
    await inWorld({}, async (world) => {
      // given
      await renewOnce(world);
      const armed = arm(world, at, DENIED, times);

      // when
      const met = await tickOnce(world);
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(armed.hits).toBe(1);
      expect(met).toBe(outcome);
      expect(after).toEqual(outcomesAfter);
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
      expect(await renewAgain(world)).toBe("rotated");
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    });
  },
);
