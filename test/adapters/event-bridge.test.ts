import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { createEventBridgeAnnouncer, noAnnouncer } from "../../lambda/adapters/event-bridge.ts";
import { EVENT_TYPE } from "../../lambda/contract.ts";
import { type Manner, startEventBus } from "../fixtures/event-bus.ts";

const DETAIL = { schema: 1, connection: "desk-a", versionId: "1".repeat(64), expiresAt: null } as const;
/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:1";

beforeEach(() => {
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** An announcer whose endpoint behaves like this, and what it warns of. */
async function announcerBefore(manner: Manner | "is absent") {
  const bus = manner === "is absent" ? undefined : await startEventBus(manner);
  onTestFinished(async () => bus?.close());
  vi.stubEnv("AWS_ENDPOINT_URL_EVENTBRIDGE", bus?.url ?? NOWHERE);
  const warnings: unknown[] = [];
  const announcer = createEventBridgeAnnouncer("desks", {
    warn: (message, fields) => warnings.push([message, fields]),
  });
  return { announcer, warnings, announcements: bus?.announcements ?? [] };
}

it("puts one event on the bus that it was given, with source, type and detail", async () => {
  const { announcer, announcements, warnings } = await announcerBefore("takes");

  await announcer.announce(EVENT_TYPE.published, DETAIL);

  expect(announcements).toEqual([
    {
      bus: "desks",
      source: "xt-token-rotation",
      type: "XT Access Token Published",
      detail: {
        schema: 1,
        connection: "desk-a",
        versionId: "1111111111111111111111111111111111111111111111111111111111111111",
        expiresAt: null,
      },
    },
  ]);
  expect(warnings).toEqual([]);
});

it.each<readonly [Manner | "is absent", string, object]>([
  ["declines", "the event bus did not take the announcement", { type: "XT Access Token Published" }],
  [
    "refuses",
    "the change could not be announced",
    { type: "XT Access Token Published", code: "AccessDeniedException" },
  ],
  ["is absent", "the change could not be announced", { type: "XT Access Token Published", code: "ECONNREFUSED" }],
])("warns and goes on, without a second request, where the endpoint %s", async (manner, message, fields) => {
  const { announcer, warnings, announcements } = await announcerBefore(manner);

  await announcer.announce(EVENT_TYPE.published, DETAIL);

  expect(warnings).toEqual([[message, fields]]);
  expect(announcements.length).toBeLessThanOrEqual(1);
});

it("waits three seconds at most for all announcements of a run where the endpoint hangs", async () => {
  // given
  const { announcer, warnings } = await announcerBefore("hangs");
  let nowMs = 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  const waited = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
    nowMs += ms;
    return AbortSignal.abort(new DOMException("it took too long", "TimeoutError"));
  });

  // when
  await announcer.announce(EVENT_TYPE.published, DETAIL);
  await announcer.announce(EVENT_TYPE.changed, DETAIL);
  await announcer.announce(EVENT_TYPE.published, DETAIL);

  // then
  const sum = waited.mock.calls.reduce((total, [ms]) => total + ms, 0);
  expect(waited).toHaveBeenCalled();
  expect(sum).toBe(3_000);
  expect(warnings.length).toBe(3);
});

it("announces nothing without a bus", async () => {
  await expect(noAnnouncer.announce(EVENT_TYPE.published, DETAIL)).resolves.toBeUndefined();
});
