import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import type { Fault, FaultPlan } from "../../sandbox/faults.ts";
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
import {
  copiesIn,
  escrowOnePair,
  failFromTheAnswerOn,
  inEscrowWorld,
  meet,
  OUT,
  OUTAGE,
  WHILE_TIME_IS_LEFT_MS,
} from "./fixtures/escrow-world.ts";
import { STORE_CALLS } from "./fixtures/rotation-calls.ts";

const DENIED: Fault = {
  kind: "reply",
  when: "before",
  status: 400,
  body: '{"__type":"AccessDeniedException","Message":"the role may not do that"}',
};
const SAFE = { current: "newest", isLive: true, exchanges: ["granted", "granted"] };

const OUTAGES: readonly (readonly [string, Fault])[] = [
  ["answers 503", OUTAGE],
  ["drops every connection", { kind: "drop", when: "before" }],
];

it.concurrent.each(OUTAGES)(
  "loses nothing when Secrets Manager %s from XT's answer on for an hour",
  async (_, fault) => {
    await inEscrowWorld({ reuse: "single-use-revoking" }, async (world) => {
      // given
      await renewOnce(world);
      failFromTheAnswerOn(world, { secretsManager: () => fault });

      // when
      const met = outcomeOf(await world.tick());
      const copies = copiesIn(world);
      const during = await tickFor(world, HOUR_MS);
      world.setFaults({});
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(met).toBe("PairEscrowed");
      expect(copies).toBe(1);
      expect(during).toEqual(["StoreUnavailable", "StoreUnavailable", "StoreUnavailable", "StoreUnavailable"]);
      expect(after).toEqual(["settled"]);
      expect(standingOf(world)).toEqual(SAFE);
      expect(copiesIn(world)).toBe(0);
      expect(await renewAgain(world)).toBe("rotated");
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    });
  },
);

it.concurrent("loses nothing when nothing but the staging is denied for half an hour", async () => {
  await inEscrowWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    failFromTheAnswerOn(world, { secretsManager: meet("staging", DENIED) });

    // when
    const met = outcomeOf(await world.tick());
    const during = await tickFor(world, HOUR_MS / 2, { remainingMs: 2_000 });
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met).toBe("PairEscrowed");
    expect(during).toEqual(["PairEscrowed", "PairEscrowed"]);
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toEqual(SAFE);
    expect(copiesIn(world)).toBe(0);
  });
});

/** Lets so many stagings fail. */
function failStagings(times: number): FaultPlan {
  let stagings = 0;
  return (call) => {
    if (!STORE_CALLS.staging(call)) return undefined;
    stagings += 1;
    return stagings <= times ? OUTAGE : undefined;
  };
}

const RECOVERIES: readonly (readonly [string, number, FaultPlan | undefined, puts: number])[] = [
  ["after two failures, with the escrow unused", 2, undefined, 0],
  ["after five failures, with a copy in the escrow", 5, undefined, 1],
  ["after five failures, while Parameter Store is out too", 5, meet("filling the escrow", OUTAGE), 0],
];

it.concurrent.each(RECOVERIES)(
  "rotates in the same run when Secrets Manager recovers %s",
  async (_, failures, parameterStore, kept) => {
    await inEscrowWorld({}, async (world) => {
      // given
      await renewOnce(world);
      let most = 0;
      failFromTheAnswerOn(
        world,
        {
          secretsManager: failStagings(failures),
          parameterStore(call) {
            most = Math.max(most, copiesIn(world));
            return parameterStore?.(call);
          },
        },
        WHILE_TIME_IS_LEFT_MS,
      );

      // when
      const met = await tickOnce(world);
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(met).toBe("rotated");
      expect(after).toEqual([]);
      expect(most).toBe(kept);
      expect(copiesIn(world)).toBe(0);
      expect(standingOf(world)).toEqual(SAFE);
    });
  },
);

it.concurrent("never takes a pair for lost while the escrow cannot be asked, and adopts it when it can", async () => {
  await inEscrowWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    await escrowOnePair(world);
    world.setFaults({ parameterStore: meet("looking into the escrow", DENIED) });

    // when
    const during = await tickFor(world, HOUR_MS / 2);
    const asked = world.xt.exchanges.length;
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(during).toEqual(["StoreUnavailable", "StoreUnavailable"]);
    expect(asked).toBe(2);
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toEqual(SAFE);
    expect(copiesIn(world)).toBe(0);
  });
});

it.concurrent("settles, and leaves the copy, when it may not be deleted", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    await escrowOnePair(world);
    world.setFaults({ parameterStore: meet("clearing the escrow", DENIED) });

    // when
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toEqual(SAFE);
    expect(copiesIn(world)).toBe(1);
    expect(await renewAgain(world)).toBe("rotated");
  });
});

it.concurrent("says that the pair is lost when both stores are out until the run ends, and overwrites nothing", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const { [LABEL.current]: current } = world.secretsManager.labels(TOKEN_SECRET);
    const value = world.secretsManager.value(TOKEN_SECRET);
    failFromTheAnswerOn(world, { secretsManager: OUT, parameterStore: OUT });

    // when
    const met = await world.tick();
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met).toMatchObject({
      kind: "threw",
      name: "PairNotStored",
      message: expect.stringMatching(
        /^XT granted a pair and no store took it in time \(\w+\), the pair is most likely lost, type npx --no xt-token authorize$/,
      ),
    });
    expect(world.parameterStore.calls.length).toBeGreaterThan(1);
    expect(copiesIn(world)).toBe(0);
    expect(after).toEqual(["RotationRejected", "RotationRejected"]);
    expect(world.secretsManager.labels(TOKEN_SECRET)[LABEL.current]).toBe(current);
    expect(world.secretsManager.value(TOKEN_SECRET)).toBe(value);
  });
});

it.concurrent("lets a person's pair be when it was seeded while the older one lay in the escrow", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    await escrowOnePair(world);
    const { refreshToken } = world.xt.grant();
    world.secretsManager.put(TOKEN_SECRET, JSON.stringify({ refresh_token: refreshToken }));

    // when
    world.advance(15 * MINUTE_MS);
    const after = await tickOnce(world);

    // then
    expect(after).toBe("rotated");
    expect(world.xt.exchanges.at(-1)).toMatchObject({ presented: refreshToken, verdict: "granted" });
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

it.concurrent("spends no token again of which a person stored a copy while the escrow held its pair", async () => {
  await inEscrowWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    await escrowOnePair(world);
    world.secretsManager.put(TOKEN_SECRET, world.secretsManager.value(TOKEN_SECRET) ?? "");

    // when
    const after = await tickOnce(world);

    // then
    expect(after).toBe("settled");
    expect(standingOf(world)).toEqual(SAFE);
  });
});
