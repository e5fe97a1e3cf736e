import { expect, it } from "vitest";
import { ENVIRONMENT, LABEL } from "../../lambda/contract.ts";
import { ACCESS_TOKEN_SECRET, TOKEN_SECRET } from "../../sandbox/world.ts";
import { type Announcement, type Manner, startEventBus } from "../fixtures/event-bus.ts";
import { HOUR_MS, outcomeOf, renewOnce, standingOf } from "./fixtures/course.ts";
import { inWorld, type PlayedWorld } from "./fixtures/in-world.ts";
import { findLeaks, secretsOf } from "./fixtures/leaks.ts";
import { isInStep } from "./fixtures/published.ts";

/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:1";

interface Announced {
  readonly announcements: readonly Announcement[];
  readonly bodies: readonly string[];
}

/** Plays one story in a world whose function has an event bus. `onRequest` gets each announcement when it arrives. */
async function inAnnouncedWorld(
  manner: Manner | "is absent",
  play: (world: PlayedWorld, announced: Announced) => Promise<void>,
  onRequest: (world: PlayedWorld) => void = () => {},
): Promise<void> {
  await inWorld({}, async (world) => {
    const bus = manner === "is absent" ? undefined : await startEventBus(manner, () => onRequest(world));
    const settings = { [ENVIRONMENT.eventBusName]: "desks", AWS_ENDPOINT_URL_EVENTBRIDGE: bus?.url ?? NOWHERE };
    const tick: PlayedWorld["tick"] = (asked = {}) =>
      world.tick({ ...asked, environment: { ...settings, ...asked.environment } });
    const announced = bus ?? { announcements: [], bodies: [] };
    try {
      await play({ ...world, tick }, announced);
      expect(findLeaks(announced.bodies.join("\n"), secretsOf(world))).toEqual([]);
    } finally {
      await bus?.close();
    }
  });
}

it.concurrent("announces each publication once, when the pair is in use and its token is published", async () => {
  const inStepAtAnnouncement: boolean[] = [];
  await inAnnouncedWorld(
    "takes",
    async (world, { announcements }) => {
      // given
      await renewOnce(world);
      const { [LABEL.current]: first } = world.secretsManager.labels(TOKEN_SECRET);

      // when
      const outcomes = [outcomeOf(await world.tick()), outcomeOf(await world.tick())];

      // then
      const { [LABEL.current]: second } = world.secretsManager.labels(TOKEN_SECRET);
      const common = { bus: "desks", source: "xt-token-rotation", type: "XT Access Token Published" };
      expect(outcomes).toEqual(["rotated", "idle"]);
      expect(announcements).toEqual([
        {
          ...common,
          detail: {
            schema: 1,
            connection: "default",
            versionId: first,
            expiresAt: expect.stringMatching(/^2025-01-02T00:/),
          },
        },
        {
          ...common,
          detail: {
            schema: 1,
            connection: "default",
            versionId: second,
            expiresAt: expect.stringMatching(/^2025-01-02T16:/),
          },
        },
      ]);
      expect(inStepAtAnnouncement).toEqual([true, true]);
    },
    (world) => inStepAtAnnouncement.push(isInStep(world)),
  );
});

it.concurrent("announces when a person is needed, once, and when no longer", async () => {
  await inAnnouncedWorld("takes", async (world, { announcements }) => {
    // given
    await renewOnce(world);
    const { [LABEL.current]: good } = world.secretsManager.labels(TOKEN_SECRET);
    const already = announcements.length;

    // when
    world.secretsManager.put(TOKEN_SECRET, "not JSON");
    const outcomes = [outcomeOf(await world.tick()), outcomeOf(await world.tick())];
    world.secretsManager.moveLabel(TOKEN_SECRET, LABEL.current, good);
    outcomes.push(outcomeOf(await world.tick()), outcomeOf(await world.tick()));

    // then
    const told = announcements.slice(already).filter(({ type }) => type === "XT Connection State Changed");
    expect(outcomes).toEqual(["halted", "halted", "rotated", "idle"]);
    expect(told.map(({ detail }) => detail)).toEqual([
      {
        schema: 1,
        connection: "default",
        verdict: { severity: 4, code: "malformed", message: expect.stringMatching(/^malformed: /) },
      },
      {
        schema: 1,
        connection: "default",
        verdict: { severity: 0, code: "renewed", message: "renewed: XT granted a new pair" },
      },
    ]);
  });
});

it.concurrent.each<Manner | "is absent">(["declines", "refuses", "hangs", "is absent"])(
  "renews and publishes as ever where the event bus %s",
  async (manner) => {
    await inAnnouncedWorld(manner, async (world) => {
      // given
      await renewOnce(world);

      // when
      const outcome = outcomeOf(await world.tick());
      world.advance(HOUR_MS);
      const after = outcomeOf(await world.tick());

      // then
      expect([outcome, after]).toEqual(["rotated", "idle"]);
      expect(standingOf(world)).toMatchObject({ current: "newest", isLive: true });
      expect(isInStep(world)).toBe(true);
      expect(world.secretsManager.versions(ACCESS_TOKEN_SECRET)).toHaveLength(2);
    });
  },
);
