import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { TOKEN_SECRET } from "../../sandbox/world.ts";
import type { Reuse } from "../../sandbox/xt/grants.ts";
import { HOUR_MS, renewAgain, renewOnce, standingOf, tickFor, tickOnce } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { arm } from "./fixtures/rotation-calls.ts";

const PAGE = { headers: { "content-type": "text/html" }, body: "<html><h1>Please try again" };

function reply(
  when: "before" | "after",
  status: number,
  rest: Partial<typeof PAGE> & { location?: string } = {},
): Fault {
  const { location, headers = {}, body = "" } = rest;
  return { kind: "reply", when, status, headers: location === undefined ? headers : { location }, body };
}

/** The token is not spent, whatever the answer. */
const HARMLESS: readonly (readonly [string, Fault, outcome: string])[] = [
  ["500", reply("before", 500), "ExchangeOutcomeUnknown"],
  ["503", reply("before", 503, PAGE), "ExchangeOutcomeUnknown"],
  ["a dropped connection", { kind: "drop", when: "before" }, "ExchangeOutcomeUnknown"],
  ["429", reply("before", 429), "deferred"],
  ["302", reply("before", 302, { location: "/maintenance" }), "ExchangeOutcomeUnknown"],
  ["421", reply("before", 421), "ExchangeOutcomeUnknown"],
  ["a page with 200", reply("before", 200, PAGE), "ExchangeOutcomeUnknown"],
  ["an empty 200", reply("before", 200), "ExchangeOutcomeUnknown"],
];

it.concurrent.each(HARMLESS)(
  "heals at the next tick when XT answers %s and spent nothing",
  async (_, fault, outcome) => {
    await inWorld({}, async (world) => {
      // given
      await renewOnce(world);
      const armed = arm(world, "the exchange", fault, "always");

      // when
      const met = await tickOnce(world);
      const after = await tickFor(world, 3 * HOUR_MS);

      // then
      expect(armed.hits).toBe(1);
      expect(met).toBe(outcome);
      expect(after).toEqual(["rotated"]);
      const exchanges = ["granted", "untouched", "granted"];
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges });
      expect(await renewAgain(world)).toBe("rotated");
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    });
  },
);

/** The token is spent, and what was granted for it never arrives. */
const LOSSES: readonly (readonly [string, Fault])[] = [
  ["500", reply("after", 500)],
  ["503", reply("after", 503, PAGE)],
  ["a dropped connection", { kind: "drop", when: "after" }],
  ["a page with 200", reply("after", 200, PAGE)],
  ["an empty 200", reply("after", 200)],
];

it.concurrent.each(LOSSES)(
  "names the loss and overwrites nothing when XT answers %s to a spent token",
  async (_, fault) => {
    await inWorld({}, async (world) => {
      // given
      await renewOnce(world);
      const { [LABEL.current]: current, [LABEL.previous]: previous } = world.secretsManager.labels(TOKEN_SECRET);
      arm(world, "the exchange", fault, "always");

      // when
      const met = await tickOnce(world);
      const after = await tickFor(world, 3 * HOUR_MS);

      // then
      expect(met).toBe("ExchangeOutcomeUnknown");
      expect(after).toEqual(["RotationRejected", "RotationRejected", "RotationRejected", "RotationRejected"]);
      expect(standingOf(world)).toEqual({
        current: "older",
        isLive: false,
        exchanges: ["granted", "granted", "refused", "refused", "refused", "refused"],
      });
      expect(world.secretsManager.labels(TOKEN_SECRET)).toMatchObject({ AWSCURRENT: current, AWSPREVIOUS: previous });
    });
  },
);

const REUSES: readonly (readonly [string, Reuse])[] = [
  ["for good", "reusable"],
  ["for an hour", { graceMs: HOUR_MS }],
];

it.concurrent.each(
  LOSSES.flatMap(([name, fault]) => REUSES.map(([worth, reuse]) => [name, worth, fault, reuse] as const)),
)("heals at the next tick when XT answers %s to a spent token that is good %s", async (_name, _worth, fault, reuse) => {
  await inWorld({ reuse }, async (world) => {
    // given
    await renewOnce(world);
    arm(world, "the exchange", fault, "always");

    // when
    const met = await tickOnce(world);
    const after = await tickFor(world, 3 * HOUR_MS);

    // then
    expect(met).toBe("ExchangeOutcomeUnknown");
    expect(after).toEqual(["rotated"]);
    const exchanges = ["granted", "granted", "granted"];
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges });
    expect(await renewAgain(world)).toBe("rotated");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});
