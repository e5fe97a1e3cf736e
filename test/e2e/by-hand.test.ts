import { expect, it } from "vitest";
import { LABEL } from "../../lambda/contract.ts";
import { TOKEN_SECRET, type World } from "../../sandbox/world.ts";
import { HOUR_MS, outcomeOf, pairAt, reasonOf, renewAgain, renewOnce, standingOf, tickFor } from "./fixtures/course.ts";
import { inWorld } from "./fixtures/in-world.ts";
import { arm, type RotationCall } from "./fixtures/rotation-calls.ts";

/** A person authorises again and stores the refresh token alone. Returns it. */
function reseed({ xt, secretsManager }: World): string {
  const { refreshToken } = xt.grant();
  secretsManager.put(TOKEN_SECRET, JSON.stringify({ refresh_token: refreshToken }));
  return refreshToken;
}

const MOMENTS: readonly (readonly [string, "before" | "after", RotationCall])[] = [
  ["between the fence and the exchange", "after", "fencing"],
  ["while the exchange is under way", "before", "the exchange"],
  ["between the exchange and the staging", "before", "staging"],
  ["at the moment of the promotion", "before", "promoting"],
];

it.concurrent.each(MOMENTS)("leaves a person's pair in place when it is seeded %s", async (_, when, at) => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    let seeded: string | undefined;
    arm(world, at, {
      kind: "act",
      when,
      act() {
        seeded = reseed(world);
      },
    });

    // when
    const met = await world.tick();

    // then
    const issued = world.secretsManager.labels(TOKEN_SECRET)[LABEL.issued] ?? "";
    const { refreshToken: issuedToken } = pairAt(world, issued);
    expect(outcomeOf(met)).toBe("deferred");
    expect(reasonOf(met)).toBe("superseded");
    expect(met).toMatchObject({ result: { reason: expect.stringContaining(issued) } });
    expect(pairAt(world, LABEL.current)).toEqual({ refreshToken: seeded });
    expect(issuedToken).not.toBe(seeded);
    expect(world.xt.isLive(String(issuedToken))).toBe(true);

    // and when
    world.setFaults({});
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(after).toEqual(["rotated"]);
    expect(world.xt.exchanges.at(-1)).toMatchObject({ presented: seeded, verdict: "granted" });
    const exchanges = ["granted", "granted", "granted"];
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges });
    expect(pairAt(world, issued)).toEqual({ refreshToken: issuedToken });
    expect(await renewAgain(world)).toBe("rotated");
  });
});

it.concurrent("promotes the newest pair again when a person moves AWSCURRENT back to its parent", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    const parent = world.secretsManager.labels(TOKEN_SECRET)[LABEL.current];
    await world.tick();
    world.secretsManager.moveLabel(TOKEN_SECRET, LABEL.current, parent);

    // when
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
    expect(await renewAgain(world)).toBe("rotated");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

it.concurrent("promotes the newest pair when a person puts the previous pair's value in place as a new version", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    await world.tick();
    const previous = world.secretsManager.value(TOKEN_SECRET, LABEL.previous) ?? "";
    world.secretsManager.put(TOKEN_SECRET, previous);

    // when
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges: ["granted", "granted"] });
  });
});

it.concurrent("promotes the newest pair again when a person moves AWSCURRENT back by two generations that are due", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    await renewOnce(world);
    const grandparent = world.secretsManager.labels(TOKEN_SECRET)[LABEL.current];
    await world.tick();
    await renewAgain(world);
    world.secretsManager.moveLabel(TOKEN_SECRET, LABEL.current, grandparent);

    // when
    const after = await tickFor(world, HOUR_MS);

    // then
    expect(after).toEqual(["settled"]);
    expect(standingOf(world)).toEqual({
      current: "newest",
      isLive: true,
      exchanges: ["granted", "granted", "granted"],
    });
    expect(await renewAgain(world)).toBe("rotated");
    expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
  });
});

it.concurrent("promotes the newest pair again when a person moves AWSCURRENT back to a grandparent that is not due", async () => {
  await inWorld({ reuse: "single-use-revoking" }, async (world) => {
    // given
    world.seed();
    await world.tick();
    const grandparent = world.secretsManager.labels(TOKEN_SECRET)[LABEL.current];
    await world.tick({ event: { force: true } });
    await world.tick({ event: { force: true } });
    world.secretsManager.moveLabel(TOKEN_SECRET, LABEL.current, grandparent);

    // when
    const early = await tickFor(world, 15 * HOUR_MS);
    const late = await tickFor(world, 2 * HOUR_MS);

    // then
    expect(early).toEqual(["settled"]);
    expect(late).toEqual(["rotated"]);
    const exchanges = ["granted", "granted", "granted", "granted"];
    expect(standingOf(world)).toEqual({ current: "newest", isLive: true, exchanges });
  });
});
