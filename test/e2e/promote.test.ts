import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import { ESCROW_PREFIX, TOKEN_SECRET } from "../../sandbox/world.ts";
import { HOUR_MS, outcomeOf, pairAt, renewAgain, renewOnce, standingOf, tickFor } from "./fixtures/course.ts";
import { copiesIn, escrowOnePair, inEscrowWorld } from "./fixtures/escrow-world.ts";
import type { PlayedWorld } from "./fixtures/in-world.ts";

async function promote(world: PlayedWorld, versionId: string): Promise<string> {
  return outcomeOf(await world.tick({ event: { promote: { versionId } } }));
}

/** A pair that only the escrow took, and the version that it is meant for. */
async function escrowed(world: PlayedWorld): Promise<string> {
  await renewOnce(world);
  await escrowOnePair(world);
  return Object.keys(world.parameterStore.parameters())[0]?.slice(ESCROW_PREFIX.length) ?? "";
}

it.concurrent("puts a version back in use that a person's pair replaced", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const replaced = world.secretsManager.labels(TOKEN_SECRET)[LABEL.current] ?? "";
    world.secretsManager.put(TOKEN_SECRET, JSON.stringify({ refresh_token: "a-token-that-xt-never-issued" }));

    // when
    const outcome = await promote(world, replaced);
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(outcome).toBe("settled");
    expect(after).toEqual(["rotated"]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
  });
});

it.concurrent("puts a pair in use that only the escrow holds, and deletes the copy", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    const issued = await escrowed(world);

    // when
    const outcome = await promote(world, issued);

    // then
    expect(outcome).toBe("settled");
    expect(world.secretsManager.labels(TOKEN_SECRET)[LABEL.current]).toBe(issued);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
    expect(copiesIn(world)).toBe(0);
    expect(await renewAgain(world)).toBe("rotated");
  });
});

it.concurrent("puts a pair of the escrow in use beside the void record that took its place", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    const issued = await escrowed(world);
    const parent = world.secretsManager.labels(TOKEN_SECRET)[LABEL.current];
    const record = JSON.stringify({ schema: 1, kind: "void", parent, attempt: 1 });
    world.secretsManager.put(TOKEN_SECRET, record, { versionId: issued, labels: [LABEL.void] });

    // when
    const outcome = await promote(world, issued);

    // then
    expect(outcome).toBe("settled");
    expect(world.secretsManager.value(TOKEN_SECRET, issued)).toBe(record);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
    expect(copiesIn(world)).toBe(0);
    expect(await renewAgain(world)).toBe("rotated");
  });
});

it.concurrent("puts nothing in use under an id that no store knows", async () => {
  await inEscrowWorld({}, async (world) => {
    // given
    await renewOnce(world);
    const before = pairAt(world, LABEL.current);

    // when
    const outcome = await promote(world, "f".repeat(64));

    // then
    expect(outcome).toBe("NotPromotable");
    expect(pairAt(world, LABEL.current)).toEqual(before);
  });
});
