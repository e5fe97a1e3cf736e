import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import { ESCROW_PREFIX, TOKEN_SECRET } from "../../sandbox/world.ts";
import { HOUR_MS, renewAgain, renewOnce, standingOf, tickFor, tickOnce } from "./fixtures/course.ts";
import {
  copiesIn,
  type EscrowCall,
  escrowOnePair,
  failFromTheAnswerOn,
  inEscrowWorld,
  meet,
  OUT,
  WHILE_TIME_IS_LEFT_MS,
} from "./fixtures/escrow-world.ts";

type When = "before" | "after";

const SAFE = { current: "newest", isLive: true, exchanges: ["granted", "granted"] };

/** Where a tick dies that adopts a pair, and what the hour after it brings. */
type Death = readonly [When, EscrowCall, outcomes: readonly string[]];

const DEATHS: readonly Death[] = [
  ["before", "looking into the escrow", ["settled"]],
  ["after", "looking into the escrow", ["settled"]],
  ["before", "staging", ["settled"]],
  ["after", "staging", ["settled"]],
  ["before", "promoting", ["settled"]],
  // AWSCURRENT has moved, so that nothing is left to settle. The ticks of the hour sweep the copy.
  ["after", "promoting", []],
  ["before", "clearing the escrow", []],
  ["after", "clearing the escrow", []],
];

it.concurrent.each(DEATHS)(
  "keeps the newest pair alive when the tick that adopts it dies %s %s",
  async (when, at, outcomes) => {
    await inEscrowWorld({ reuse: "single-use-revoking" }, async (world) => {
      // given
      await renewOnce(world);
      await escrowOnePair(world);
      const plan = meet(at, world.kill(when));
      world.setFaults({ secretsManager: plan, parameterStore: plan });

      // when
      const crashed = await tickOnce(world);
      const after = await tickFor(world, HOUR_MS);

      // then
      expect(crashed).toBe("died");
      expect(after).toEqual(outcomes);
      expect(standingOf(world)).toEqual(SAFE);
      expect(copiesIn(world)).toBe(0);
      expect(await renewAgain(world)).toBe("rotated");
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    });
  },
);

it.concurrent("loses nothing when the run dies as soon as the escrow has taken the pair", async () => {
  await inEscrowWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    failFromTheAnswerOn(world, {
      secretsManager: OUT,
      parameterStore: meet("filling the escrow", world.kill("after")),
    });

    // when
    const crashed = await tickOnce(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(crashed).toBe("died");
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toEqual(SAFE);
    expect(copiesIn(world)).toBe(0);
  });
});

it.concurrent("names the loss when the run dies before any store has taken the pair", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    failFromTheAnswerOn(world, {
      secretsManager: OUT,
      parameterStore: meet("filling the escrow", world.kill("before")),
    });

    // when
    const crashed = await tickOnce(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(crashed).toBe("died");
    expect(after).toEqual(["RotationRejected", "RotationRejected"]);
    expect(standingOf(world)).toMatchObject({ current: "older", isLive: false });
  });
});

it.concurrent("keeps the pair, and sweeps its copy, when the run dies between the promotion and the clearing of the escrow", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    let stagings = 0;
    failFromTheAnswerOn(
      world,
      {
        secretsManager(call) {
          stagings += 1;
          return stagings <= 5 ? OUT(call) : undefined;
        },
        parameterStore: meet("clearing the escrow", world.kill("before")),
      },
      WHILE_TIME_IS_LEFT_MS,
    );

    // when
    const crashed = await tickOnce(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(crashed).toBe("died");
    expect(after).toEqual([]);
    expect(standingOf(world)).toEqual(SAFE);
    expect(copiesIn(world)).toBe(0);
  });
});

it.concurrent("sweeps a copy of an older version's pair after the next renewal", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const { [LABEL.current]: older = "" } = world.secretsManager.labels(TOKEN_SECRET);
    world.parameterStore.put(`${ESCROW_PREFIX}${older}`, world.secretsManager.value(TOKEN_SECRET) ?? "");

    // when
    const met = await tickOnce(world);
    const copies = copiesIn(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect([met, copies]).toEqual(["rotated", 1]);
    expect(after).toEqual([]);
    expect(copiesIn(world)).toBe(0);
  });
});

it.concurrent("never sweeps a copy whose pair the token secret does not hold", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const foreign = JSON.stringify({ refresh_token: "a pair that is nowhere else" });
    world.parameterStore.put(`${ESCROW_PREFIX}${"f".repeat(64)}`, foreign);

    // when
    await tickOnce(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(after).toEqual([]);
    expect(copiesIn(world)).toBe(1);
  });
});
