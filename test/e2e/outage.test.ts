import { expect, it } from "vitest";
import { ENVIRONMENT } from "../../lambda/contract.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { TOKEN_SECRET } from "../../sandbox/world.ts";
import {
  HOUR_MS,
  MINUTE_MS,
  outcomeOf,
  reasonOf,
  renewAgain,
  renewOnce,
  standingOf,
  tickFor,
  tickOnce,
} from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";

const UNAVAILABLE = {
  kind: "reply",
  when: "before",
  status: 503,
  body: "<h1>Service unavailable",
} as const satisfies Fault;

it.concurrent("heals by itself when XT answers 503 for twelve hours, and asks once an hour at most", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const beganAtMs = world.now();
    world.setFaults({ xt: () => UNAVAILABLE });

    // when
    const met = outcomeOf(await world.tick());
    const during = await tickFor(world, 12 * HOUR_MS);
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met).toBe("ExchangeOutcomeUnknown");
    expect(during).toEqual(Array.from({ length: 13 }, () => "ExchangeOutcomeUnknown"));
    expect(after).toEqual(["rotated"]);
    const minutes = world.xt.exchanges.slice(1).map(({ at }) => Math.round((at - beganAtMs) / MINUTE_MS));
    expect(minutes).toEqual([0, 15, 45, 105, 165, 225, 285, 345, 405, 465, 525, 585, 645, 705, 765]);
    // The seed, two of the renewal before, fifteen attempts, fourteen pairs that never came, and the one that did.
    expect(world.secretsManager.versions(TOKEN_SECRET)).toHaveLength(33);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    expect(await renewAgain(world)).toBe("rotated");
  });
});

it.concurrent("asks XT no more often when every tick is delivered twice during an outage", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    world.setFaults({ xt: () => UNAVAILABLE });

    // when
    for (let quarter = 0; quarter < 12; quarter += 1) {
      await Promise.all([world.tick(), world.tick()]);
      world.advance(15 * MINUTE_MS);
    }

    // then
    expect(world.xt.exchanges.slice(1)).toHaveLength(5);
    expect(world.secretsManager.versions(TOKEN_SECRET)).toHaveLength(12);
  });
});

it.concurrent("halts after an unknown outcome when told to hold, and presents the token again when forced", async () => {
  await inWorld({}, async (world) => {
    // given
    const environment = { [ENVIRONMENT.unknownOutcomePolicy]: "hold" };
    await renewOnce(world);
    world.setFaults({ xt: () => UNAVAILABLE });

    // when
    const met = await tickOnce(world, { environment });
    const held = await tickFor(world, HOUR_MS, { environment });
    const reason = reasonOf(await world.tick({ environment }));
    const asked = world.xt.exchanges.length;
    const forced = await tickOnce(world, { environment, event: { force: true } });

    // then
    expect(met).toBe("ExchangeOutcomeUnknown");
    expect(held).toEqual(["halted", "halted", "halted", "halted"]);
    expect(reason).toBe("held");
    expect(asked).toBe(2);
    expect(forced).toBe("rotated");
    const exchanges = ["granted", "untouched", "granted"];
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges });
    expect(await renewAgain(world)).toBe("rotated");
  });
});

it.concurrent("does not hold when XT asked for fewer requests, since that spends nothing", async () => {
  await inWorld({}, async (world) => {
    // given
    const environment = { [ENVIRONMENT.unknownOutcomePolicy]: "hold" };
    await renewOnce(world);
    world.setFaults({ xt: () => ({ ...UNAVAILABLE, status: 429 }) });

    // when
    const met = await tickOnce(world, { environment });
    const after = await tickFor(world, HOUR_MS, { environment });

    // then
    expect(met).toBe("deferred");
    expect(after).toEqual(["rotated"]);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});
