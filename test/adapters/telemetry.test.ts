import { expect, it, onTestFinished, vi } from "vitest";
import { createTelemetry, measure, type Summary } from "../../lambda/adapters/telemetry.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12, 0);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The lines that runs ending so print. */
function printed(...summaries: readonly Summary[]): readonly string[] {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  const telemetry = createTelemetry("rotation-1");
  for (const summary of summaries) telemetry.conclude(summary);
  return written;
}

it("writes one line without a dimension, in the function's own namespace", () => {
  // given
  const summary = {
    severity: 3,
    accessTokenLifeLeft: 12.5,
    secondsToRefreshExpiry: -60,
    secondsOutOfPlace: 7_200,
  } as const;

  // when
  const lines = printed(summary);

  // then
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\{"_aws":.*\}\n$/);
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: "XtTokenRotation/rotation-1",
          Dimensions: [[]],
          Metrics: [
            { Name: "Severity", Unit: "None" },
            { Name: "AccessTokenLifeLeft", Unit: "Percent" },
            { Name: "SecondsToRefreshExpiry", Unit: "Seconds" },
            { Name: "SecondsOutOfPlace", Unit: "Seconds" },
          ],
        },
      ],
    },
    Severity: 3,
    AccessTokenLifeLeft: 12.5,
    SecondsToRefreshExpiry: -60,
    SecondsOutOfPlace: 7_200,
  });
});

it("declares and writes only what is known, and nothing of the run before", () => {
  // given
  const before = { severity: 4, secondsOutOfPlace: 7_200 } as const;

  // when
  const [, line] = printed(before, { severity: 0 });

  // then
  expect(JSON.parse(line ?? "")).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        { Namespace: "XtTokenRotation/rotation-1", Dimensions: [[]], Metrics: [{ Name: "Severity", Unit: "None" }] },
      ],
    },
    Severity: 0,
  });
});

it("writes what a census counted, zero included, and no severity", () => {
  // given
  const census = { connections: 10_001, connectionsUnattended: 0 };

  // when
  const [line] = printed(census);

  // then
  expect(JSON.parse(line ?? "")).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: "XtTokenRotation/rotation-1",
          Dimensions: [[]],
          Metrics: [
            { Name: "Connections", Unit: "Count" },
            { Name: "ConnectionsUnattended", Unit: "Count" },
          ],
        },
      ],
    },
    Connections: 10_001,
    ConnectionsUnattended: 0,
  });
});

it("tells what is left of both tokens, and how long a pair has waited", () => {
  // given a token that has lived 18 of its 24 hours
  const current = {
    issuedAtMs: NOW_MS - 18 * HOUR_MS,
    expiresAtMs: NOW_MS + 6 * HOUR_MS,
    refreshExpiresAtMs: NOW_MS + 10 * DAY_MS,
  };

  // when
  const summary = measure({ severity: 3, nowMs: NOW_MS, current, outOfPlaceSinceMs: NOW_MS - 90 * MINUTE_MS });

  // then
  expect(summary).toEqual({
    severity: 3,
    accessTokenLifeLeft: 25,
    secondsToRefreshExpiry: 864_000,
    secondsOutOfPlace: 5_400,
  });
});

it("writes 0 for the life of an expired access token, and negative seconds for an expired refresh token", () => {
  // given a token that lived 10 hours and expired an hour ago
  const current = {
    issuedAtMs: NOW_MS - 11 * HOUR_MS,
    expiresAtMs: NOW_MS - HOUR_MS,
    refreshExpiresAtMs: NOW_MS - MINUTE_MS,
  };

  // when
  const { accessTokenLifeLeft, secondsToRefreshExpiry } = measure({ severity: 4, nowMs: NOW_MS, current });

  // then
  expect(accessTokenLifeLeft).toBe(0);
  expect(secondsToRefreshExpiry).toBe(-60);
});

it.each([
  ["no pair", undefined],
  ["a pair of unknown lifetimes", { issuedAtMs: NOW_MS, expiresAtMs: undefined, refreshExpiresAtMs: undefined }],
  ["a pair of unknown age", { issuedAtMs: undefined, expiresAtMs: NOW_MS, refreshExpiresAtMs: undefined }],
])("leaves out what is unknown of %s", (_name, current) => {
  // given the pair
  // when
  const summary = measure({ severity: 3, nowMs: NOW_MS, current });

  // then
  expect(summary).toEqual({ severity: 3 });
});

it("takes a token that expired before it was issued for one that has nothing left", () => {
  // given
  const current = { issuedAtMs: NOW_MS, expiresAtMs: NOW_MS - HOUR_MS, refreshExpiresAtMs: undefined };

  // when
  const { accessTokenLifeLeft } = measure({ severity: 3, nowMs: NOW_MS, current });

  // then
  expect(accessTokenLifeLeft).toBe(0);
});

it.each([
  ["a minute less than a day ago", NOW_MS - DAY_MS + MINUTE_MS, 0],
  ["a day ago", NOW_MS - DAY_MS, 4],
])(
  "says of a connection that nobody has seeded, and whose secret was made %s: %#",
  (_name, unseededSinceMs, expected) => {
    // given the connection
    // when
    const { severity } = measure({ severity: 4, nowMs: NOW_MS, unseededSinceMs });

    // then
    expect(severity).toBe(expected);
  },
);
