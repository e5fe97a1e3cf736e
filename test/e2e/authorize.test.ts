import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import { CLIENT, CLIENT_SECRET, TOKEN_SECRET, type World } from "../../sandbox/world.ts";
import {
  authorize,
  HOUR_MS,
  MINUTE_MS,
  outcomeOf,
  reasonOf,
  renewAgain,
  renewOnce,
  standingOf,
  tickFor,
} from "./fixtures/course.ts";
import { copiesIn, failFromTheAnswerOn, inEscrowWorld, OUT } from "./fixtures/escrow-world.ts";
import { createGate } from "./fixtures/gate.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { arm, type RotationCall } from "./fixtures/rotation-calls.ts";

/** A person has stored the client credentials alone, and the first tick has found no pair. */
async function provide(world: World): Promise<void> {
  const { clientId, clientSecret } = CLIENT;
  world.secretsManager.put(CLIENT_SECRET, JSON.stringify({ client_id: clientId, client_secret: clientSecret }));
  expect(outcomeOf(await world.tick())).toBe("halted");
}

/** A connection that was seeded and renewed, whose pair is not due. */
async function renew(world: World): Promise<void> {
  world.seed();
  expect(outcomeOf(await world.tick())).toBe("rotated");
}

const BEGINNINGS = [
  ["an empty secret", provide, []],
  ["a pair in use", renew, ["granted"]],
] as const;

it.concurrent.each(BEGINNINGS)("puts the pair of a code in use over %s, and renews it", async (_, begin, before) => {
  await inWorld({}, async (world) => {
    // given
    await begin(world);

    // when
    const outcome = await authorize(world);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(outcome).toBe("authorized");
    expect(after).toEqual([]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: [...before, "granted"] });
    expect(world.xt.exchanges.at(-1)?.grantType).toBe("authorization_code");
    expect(await renewAgain(world)).toBe("rotated");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

it.concurrent.each(BEGINNINGS)(
  "exchanges a code once that is delivered twice at once over %s",
  async (_, begin, before) => {
    await inWorld({ reuse: "single-use-revoking" }, async (world) => {
      // given
      await begin(world);
      const otherEnded = createGate();
      world.setFaults({ xt: () => ({ kind: "act", when: "before", act: otherEnded.pass }) });
      const code = world.xt.code();
      async function deliver(): Promise<string> {
        const ending = await world.tick({ event: { authorize: { code } } });
        otherEnded.open();
        return reasonOf(ending);
      }

      // when
      const reasons = await Promise.all([deliver(), deliver()]);
      const later = await deliver();

      // then
      expect(reasons.sort()).toEqual(["authorization-at-work", "authorized"]);
      expect(later).toBe("authorized");
      expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: [...before, "granted"] });
    });
  },
);

it.concurrent("renews the pair of a code that is delivered once more after its renewal", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await provide(world);
    const code = world.xt.code();
    await authorize(world, code);
    const renewed = await renewAgain(world);

    // when
    const again = await authorize(world, code);

    // then
    expect([renewed, again]).toEqual(["rotated", "authorized"]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
  });
});

/** A tick every quarter of an hour. The secret may stay empty. Returns the outcomes other than `idle`. */
async function tickForAnHour(world: World): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    world.advance(15 * MINUTE_MS);
    outcomes.push(outcomeOf(await world.tick()));
  }
  return outcomes.filter((outcome) => outcome !== "idle");
}

/**
 * Where the run dies, what the hour after it brings to a pair in use that is not due and to an empty secret, and what becomes of the
 * same code when it is delivered once more.
 */
type Death = readonly [
  "before" | "after",
  RotationCall,
  seeded: readonly string[],
  empty: readonly string[],
  again: string,
];

const HALTED = ["halted", "halted", "halted", "halted"];

const DEATHS: readonly Death[] = [
  ["before", "reading the labels", [], HALTED, "authorized"],
  ["before", "fencing", [], HALTED, "authorized"],
  ["after", "fencing", [], HALTED, "AuthorizationFailed"],
  ["before", "the exchange", [], HALTED, "AuthorizationFailed"],
  ["after", "the exchange", [], HALTED, "AuthorizationFailed"],
  ["before", "staging", [], HALTED, "AuthorizationFailed"],
  ["after", "staging", ["settled"], ["settled"], "authorized"],
  ["before", "promoting", ["settled"], ["settled"], "authorized"],
  ["after", "promoting", [], [], "authorized"],
];

const BEGUN = DEATHS.flatMap(([when, at, seeded, empty, again]) => [
  [when, at, "a pair in use", renew, seeded, again] as const,
  [when, at, "an empty secret", provide, empty, again] as const,
]);

it.concurrent.each(BEGUN)(
  "loses nothing when the run dies %s %s over %s, and a new code always works",
  async (when, at, _, begin, outcomes, again) => {
    await inWorld({}, async (world) => {
      // given
      await begin(world);
      const code = world.xt.code();
      arm(world, at, world.kill(when));

      // when
      const crashed = await authorize(world, code);
      world.setFaults({});
      const after = await tickForAnHour(world);
      const repeated = await authorize(world, code);
      const anew = await authorize(world);

      // then
      expect(crashed).toBe("died");
      expect(after).toEqual(outcomes);
      expect(repeated).toBe(again);
      expect(anew).toBe("authorized");
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
      expect(await renewAgain(world)).toBe("rotated");
    });
  },
);

it.concurrent("keeps another user's pair aside until it is told to replace the account", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const { [LABEL.current]: inUse } = world.secretsManager.labels(TOKEN_SECRET);
    const code = world.xt.code("87654321");

    // when
    const aside = await world.tick({ event: { authorize: { code } } });
    const { [LABEL.current]: kept } = world.secretsManager.labels(TOKEN_SECRET);
    const replaced = await authorize(world, code, { replaceAccount: true });

    // then
    expect(reasonOf(aside)).toBe("other-account");
    expect(kept).toBe(inUse);
    expect(replaced).toBe("authorized");
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
  });
});

it.concurrent("names a code that XT refuses, and goes on with the pair in use", async () => {
  await inWorld({}, async (world) => {
    // given
    await renewOnce(world);

    // when
    const refused = outcomeOf(await world.tick({ event: { authorize: { code: "never-issued-code-1" } } }));
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(refused).toBe("AuthorizationRejected");
    expect(after).toEqual(["rotated"]);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

it.concurrent("puts a code's pair in use by a later tick, when only the escrow took it", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    failFromTheAnswerOn(world, { secretsManager: OUT });

    // when
    const met = await world.tick({ event: { authorize: { code: world.xt.code() } } });
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(met).toMatchObject({ kind: "threw", name: "PairEscrowed" });
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
    expect(copiesIn(world)).toBe(0);
  });
});

it.concurrent("goes on renewing the pair in use after a code that brought nothing, also with an escrow that is denied", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    await world.tick({ event: { authorize: { code: "never-issued" } } });
    world.setFaults({ parameterStore: OUT });

    // when
    const renewed = await renewAgain(world);

    // then
    expect(renewed).toBe("rotated");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});
