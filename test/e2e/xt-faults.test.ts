import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { TOKEN_SECRET } from "../../sandbox/world.ts";
import {
  HOUR_MS,
  MINUTE_MS,
  outcomeOf,
  renewAgain,
  renewOnce,
  standingOf,
  tickFor,
  tickOnce,
} from "./fixtures/course.ts";
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
  ["403 and a firewall's page", reply("before", 403, PAGE), "RequestTurnedAway"],
  ["451", reply("before", 451), "RequestTurnedAway"],
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
      const after = await tickFor(world, HOUR_MS);

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

/** How a refusal can be dressed, and XT's code in it. */
const REFUSALS: readonly (readonly [string, status: number, body: object, code: string])[] = [
  ["its envelope with 200", 200, { rc: 1, mc: "AUTH_101", ma: [], result: null }, "AUTH_101"],
  ["its envelope with 403", 403, { rc: 1, mc: "AUTH_101", ma: [], result: null }, "AUTH_101"],
  ["its envelope with 500", 500, { rc: 1, mc: "AUTH_101", ma: [], result: null }, "AUTH_101"],
  [
    "a returnCode and an error",
    200,
    { returnCode: 1, msgInfo: "failure", error: { code: "AUTH_101", msg: "no" }, result: null },
    "AUTH_101",
  ],
  ["RFC 6749's error", 400, { error: "invalid_grant" }, "invalid_grant"],
];

it.concurrent.each(REFUSALS)("takes %s for XT's own refusal, and names its code", async (_, status, body, code) => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    world.setFaults({ xt: () => ({ kind: "reply", when: "before", status, body: JSON.stringify(body) }) });

    // when
    const met = await world.tick();
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met).toMatchObject({ name: "RotationRejected", code });
    expect(world.secretsManager.labels(TOKEN_SECRET)[LABEL.rejected]).toBeDefined();
    expect(after).toEqual(["rotated"]);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

it.concurrent("speaks of the network and not of the token when a firewall turns requests away for hours", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    world.setFaults({ xt: () => reply("before", 403, PAGE) });

    // when
    const met = await world.tick();
    const during = await tickFor(world, 3 * HOUR_MS);
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met).toMatchObject({
      name: "RequestTurnedAway",
      code: "HTTP_403",
      message: expect.stringContaining("check the network"),
    });
    expect(new Set(during)).toEqual(new Set(["RequestTurnedAway"]));
    expect(after).toEqual(["rotated"]);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

it.concurrent("asks once an hour at most, and never within ten minutes, when XT asks for fewer requests for hours", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const beganAtMs = world.now();
    world.setFaults({ xt: () => reply("before", 429) });

    // when
    const met = outcomeOf(await world.tick());
    const during = await tickFor(world, 6 * HOUR_MS);
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met).toBe("deferred");
    expect(new Set(during)).toEqual(new Set(["deferred"]));
    expect(after).toEqual(["rotated"]);
    const minutes = world.xt.exchanges.slice(1).map(({ at }) => Math.round((at - beganAtMs) / MINUTE_MS));
    expect(minutes).toEqual([0, 15, 45, 105, 165, 225, 285, 345, 405]);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

/** The token is spent, and what was granted for it never arrives. */
const LOSSES: readonly (readonly [string, Fault])[] = [
  ["503", reply("after", 503, PAGE)],
  ["a dropped connection", { kind: "drop", when: "after" }],
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
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(met).toBe("ExchangeOutcomeUnknown");
      expect(after).toEqual(["RotationRejected", "RotationRejected"]);
      expect(standingOf(world)).toEqual({
        current: "older",
        isLive: false,
        exchanges: ["granted", "granted", "refused", "refused"],
      });
      expect(world.secretsManager.labels(TOKEN_SECRET)).toMatchObject({ AWSCURRENT: current, AWSPREVIOUS: previous });
    });
  },
);
