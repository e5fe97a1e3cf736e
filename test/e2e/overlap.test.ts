import { expect, it } from "vitest";
import type { Call, FaultPlan } from "../../sandbox/faults.ts";
import type { World } from "../../sandbox/world.ts";
import { outcomeOf, renewAgain, renewOnce, standingOf } from "./fixtures/course.ts";
import { createGate, createMeeting, type Gate } from "./fixtures/gate.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { STORE_CALLS } from "./fixtures/rotation-calls.ts";

const REQUEST_ID = "c0ffee00-0000-4000-8000-000000000001";

/** The same event three times at once, as a duplicate delivery brings it: with one request id. */
async function deliverThrice(world: World, twoHaveEnded: Gate): Promise<readonly string[]> {
  let ended = 0;
  async function deliver(): Promise<string> {
    const ending = await world.tick({ requestId: REQUEST_ID });
    ended += 1;
    if (ended === 2) twoHaveEnded.open();
    return outcomeOf(ending);
  }
  const outcomes = await Promise.all([deliver(), deliver(), deliver()]);
  world.setFaults({});
  return outcomes.sort();
}

function isExchange({ operation }: Call): boolean {
  return operation === "token";
}

/** Lets something happen before each call of one kind takes effect. */
function hold(isHeld: (call: Call) => boolean, act: () => Promise<void>): FaultPlan {
  return (call) => (isHeld(call) ? { kind: "act", when: "before", act } : undefined);
}

/** All three have decided to refresh, and all but the first of them write when `late` opens. */
function holdTheFence(late: Gate): FaultPlan {
  const decided = createMeeting(3);
  let fences = 0;
  return hold(STORE_CALLS.fencing, async () => {
    fences += 1;
    const isFirst = fences === 1;
    await decided();
    if (!isFirst) await late.pass();
  });
}

type Arrange = (world: World, twoHaveEnded: Gate) => void;

const meetAtTheFence: Arrange = (world, { pass }) => {
  world.setFaults({ secretsManager: hold(STORE_CALLS.fencing, createMeeting(3)), xt: hold(isExchange, pass) });
};

const meetTheExchange: Arrange = (world, { pass }) => {
  const late = createGate();
  world.setFaults({
    secretsManager: holdTheFence(late),
    xt: hold(isExchange, () => {
      late.open();
      return pass();
    }),
  });
};

const comeAfterThePromotion: Arrange = (world) => {
  const late = createGate();
  const fence = holdTheFence(late);
  world.setFaults({
    secretsManager: (call) =>
      STORE_CALLS.promoting(call) ? { kind: "act", when: "after", act: late.open } : fence(call),
  });
};

const OVERLAPS: readonly (readonly [string, Arrange])[] = [
  ["meet at the fence", meetAtTheFence],
  ["come to the fence when the first is at the exchange", meetTheExchange],
  ["come to the fence when the first has promoted", comeAfterThePromotion],
];

/** Processes start longer than they run, so one meeting of them has to do. */
const DELIVERIES = [
  ...OVERLAPS.map(([how, arrange]) => ["calls in one process", how, "warm", arrange] as const),
  ["processes", "meet at the fence", "cold", meetAtTheFence] as const,
];

it.concurrent.each(DELIVERIES)(
  "asks XT once when three deliveries of one event, %s, %s",
  async (_what, _how, start, arrange) => {
    await inWorld({ start, reuse: "single-use-revoking" }, async (world) => {
      // given
      await renewOnce(world);
      const twoHaveEnded = createGate();
      arrange(world, twoHaveEnded);

      // when
      const outcomes = await deliverThrice(world, twoHaveEnded);

      // then
      expect(outcomes).toEqual(["idle", "idle", "rotated"]);
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
      expect(await renewAgain(world)).toBe("rotated");
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    });
  },
);

it.concurrent("asks XT once when three deliveries of one event start in the same millisecond", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    const twoHaveEnded = createGate();
    meetAtTheFence(world, twoHaveEnded);

    // when
    const outcomes = await world.inOneMillisecond(() => deliverThrice(world, twoHaveEnded));

    // then
    expect(outcomes).toEqual(["idle", "idle", "rotated"]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
  });
});

it.concurrent("promotes one pair when three deliveries of one event meet at the promotion", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    const staged = createGate();
    const fence = holdTheFence(staged);
    const promotion = hold(STORE_CALLS.promoting, createMeeting(3));
    world.setFaults({
      secretsManager: (call) =>
        STORE_CALLS.staging(call) ? { kind: "act", when: "after", act: staged.open } : (fence(call) ?? promotion(call)),
    });

    // when
    const outcomes = await deliverThrice(world, createGate());

    // then
    expect(outcomes).toEqual(["rotated", "settled", "settled"]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
  });
});
