import { expect, it } from "vitest";
import type { FaultPlan } from "../../sandbox/faults.ts";
import { ACCESS_TOKEN_SECRET, CLIENT_SECRET, TOKEN_SECRET } from "../../sandbox/world.ts";
import { inspect } from "./fixtures/course.ts";
import { escrowOnePair, inEscrowWorld, OUT } from "./fixtures/escrow-world.ts";
import type { PlayedWorld } from "./fixtures/in-world.ts";

const DENIED = { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' } as const;

function denying(operation: string): FaultPlan {
  return (call) => (call.operation === operation ? DENIED : undefined);
}

/** The stand-in for XT tells the true time, so the world's clock must not leave it. */
async function inWorldOfToday(play: (world: PlayedWorld) => Promise<void>): Promise<void> {
  await inEscrowWorld({ beginsAtMs: Date.now() }, async (world) => {
    world.seed();
    await world.tick();
    await play(world);
  });
}

it.concurrent("finds nothing wrong in a healthy world, and changes nothing in it", async () => {
  await inWorldOfToday(async (world) => {
    // given
    const labels = world.secretsManager.labels(TOKEN_SECRET);
    const versions = world.secretsManager.versions(TOKEN_SECRET);

    // when
    const { verdict, tick, current, attempt, pairs, escrow, checks } = await inspect(world);

    // then
    expect(verdict).toMatchObject({ severity: 0, next: null });
    expect(tick.code).toBe("not-due");
    expect(current).toMatchObject({ place: "token secret", use: "in-use", userId: "12345678", attempt: 1 });
    expect(attempt).toBeNull();
    expect(pairs.map(({ use }) => use)).toEqual(["in-use", "not-promotable"]);
    expect(escrow).toEqual({ state: "asked", code: null });
    expect(checks.map(({ name, severity }) => [name, severity])).toEqual([
      ["token-secret", 0],
      ["client-secret", 0],
      ["access-token-secret", 0],
      ["escrow", 0],
      ["xt", 0],
      ["clock", 0],
    ]);
    expect(world.secretsManager.labels(TOKEN_SECRET)).toEqual(labels);
    expect(world.secretsManager.versions(TOKEN_SECRET)).toEqual(versions);
    expect(world.xt.exchanges.map(({ verdict }) => verdict)).toEqual(["granted", "refused"]);
  });
});

/** What is broken, and the checks that say so. */
const BROKEN: readonly (readonly [string, (world: PlayedWorld) => void, checks: readonly string[], verdict: string])[] =
  [
    ["XT answers 503", (world) => world.setFaults({ xt: OUT }), ["xt 3"], "not-due"],
    [
      "a firewall stands before XT",
      (world) =>
        world.setFaults({ xt: () => ({ kind: "reply", when: "before", status: 403, body: "<h1>Request blocked" }) }),
      ["xt 4"],
      "not-due",
    ],
    [
      "no pair may be written",
      (world) => world.setFaults({ secretsManager: denying("PutSecretValue") }),
      ["token-secret 4"],
      "not-due",
    ],
    [
      "AWSCURRENT may not be moved",
      (world) => world.setFaults({ secretsManager: denying("UpdateSecretVersionStage") }),
      ["token-secret 4"],
      "not-due",
    ],
    [
      "versions may not be listed",
      (world) => world.setFaults({ secretsManager: denying("ListSecretVersionIds") }),
      ["token-secret 4"],
      "not-due",
    ],
    [
      "the escrow may not be listed",
      (world) => world.setFaults({ parameterStore: denying("GetParametersByPath") }),
      ["escrow 4"],
      "not-due",
    ],
    [
      "the client secret holds a note",
      (world) => void world.secretsManager.put(CLIENT_SECRET, "ask Ann"),
      ["client-secret 4"],
      "client-credentials",
    ],
    [
      "the token secret is deleted",
      (world) => world.secretsManager.deleteSecret(TOKEN_SECRET),
      ["token-secret 4"],
      "store-unavailable",
    ],
    [
      "Secrets Manager is out",
      (world) => world.setFaults({ secretsManager: OUT }),
      ["token-secret 3", "client-secret 3", "access-token-secret 3"],
      "store-unavailable",
    ],
  ];

it.concurrent.each(BROKEN)("answers, and says what is wrong, when %s", async (_, destroy, broken, code) => {
  await inWorldOfToday(async (world) => {
    // given
    destroy(world);

    // when
    const { verdict, checks } = await inspect(world);

    // then
    expect(checks.filter(({ severity }) => severity > 0).map(({ name, severity }) => `${name} ${severity}`)).toEqual(
      broken,
    );
    expect(verdict.code).toBe(code);
  });
});

it.concurrent("shows a pair that only the escrow holds, and what a tick would do", async () => {
  await inWorldOfToday(async (world) => {
    // given
    world.advance(17 * 60 * 60_000);
    await escrowOnePair(world);

    // when
    const { tick, pairs, attempt } = await inspect(world);

    // then
    expect(tick.code).toBe("settle");
    expect(attempt).toMatchObject({ attempt: 1, state: "open" });
    expect(pairs[0]).toMatchObject({ place: "escrow", use: "promotable", labels: [] });
  });
});

it.concurrent("says that workloads can read nothing once the access-token secret is scheduled for deletion", async () => {
  await inWorldOfToday(async (world) => {
    // given
    world.secretsManager.deleteSecret(ACCESS_TOKEN_SECRET);

    // when
    const ticked = await world.tick();
    const { verdict, checks } = await inspect(world);

    // then
    const remedy = expect.stringMatching(
      /^DescribeSecret on xt\/access-token .* if the secret is scheduled for deletion, restore it$/,
    );
    expect(ticked).toMatchObject({ kind: "threw", name: "StoreUnavailable", message: remedy });
    expect(verdict).toMatchObject({ severity: 4, code: "store-unavailable", message: remedy });
    expect(checks).toContainEqual({ name: "access-token-secret", severity: 4, message: remedy, next: null });
  });
});
