import { expect } from "vitest";
import type { Connecting } from "./deployment.ts";
import { deployment, itDeploys, itRuns } from "./played.ts";

function connecting(): Connecting {
  const { connecting } = deployment();
  if (connecting === undefined) throw new Error("the example was not run");
  return connecting;
}

itDeploys("asks the institution's authorizer on each route of the example", () => {
  // given a deployment of the example
  // when
  const { routes } = deployment();

  // then
  expect([...routes].sort()).toEqual(["GET /callback, CUSTOM", "GET /connect, CUSTOM"]);
});

itRuns("sends a user to XT, takes the code back and connects the XT account to the user", () => {
  // given
  const { begun } = connecting();

  // when
  const { connected, held } = connecting();

  // then
  expect(begun.statusCode).toBe(302);
  expect(connected).toMatchObject({ statusCode: 200, body: expect.stringContaining("Your XT account is connected") });
  expect(held.accessToken).toMatchObject({
    access_token: expect.stringMatching(/^eyJ/),
    user_id: "12345678",
    connection: "user-42",
  });
  expect(held.pair).toMatchObject({ access_token: Object(held.accessToken).access_token });
});

itRuns("makes the user's schedule in the stack's group: as often as the template's, spread, and by the alias", () => {
  // given
  const { held } = connecting();

  // when
  const { schedule } = held;

  // then
  const connectedFunction =
    /^arn:aws:lambda:us-east-1:123456789012:function:XtTokenRotation-RotationFunction\w+-\w+:live$/;
  expect(schedule).toMatchObject({
    output: {
      Name: "user-42",
      State: "ENABLED",
      ScheduleExpression: "rate(30 minutes)",
      FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 5 },
      Target: {
        Arn: expect.stringMatching(connectedFunction),
        Input: '{"connection":"user-42"}',
        RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 300 },
      },
    },
  });
});

itRuns("refuses the way back without the cookie and with another state, and does not invoke the rotation", () => {
  // given the address to which XT sent the browser
  // when
  const { refused, isInvokedByRefused } = connecting();

  // then
  expect(refused.map(({ statusCode }) => statusCode)).toEqual([403, 403]);
  expect(isInvokedByRefused).toBe(false);
});

itRuns("shows the code in no page and in no log", () => {
  // given
  const { back, connected, printed } = connecting();

  // when
  const code = new URL(back).searchParams.get("code");

  // then
  expect(code).toMatch(/^[\w-]{36}$/);
  expect(printed).toContain("authorized");
  expect(JSON.stringify(connected) + printed).not.toContain(code);
});

itRuns("moves a user in who has a refresh token already: the census finds it, and a tick renews it", () => {
  // given
  const { seeding, census } = connecting().migrated;

  // when
  const { tick, held, isLive } = connecting().migrated;

  // then
  expect(seeding).toMatchObject({ exit: 0, stdout: expect.stringContaining("user-43 is a connection now") });
  expect(census).toMatchObject({ connections: 3, mended: ["user-43"] });
  expect(tick).toMatchObject({ body: { outcome: "rotated", connection: "user-43" } });
  expect(isLive).toBe(true);
  expect(held.accessToken).toMatchObject({ access_token: Object(held.pair).access_token });
});

itRuns("disconnects a user, and takes the connection back with the next code", () => {
  // given
  const { disconnecting, held } = connecting().disconnected;

  // when
  const { again, reconnected } = connecting().disconnected;

  // then
  expect(disconnecting.exit).toBe(0);
  expect(held).toEqual({
    pair: { kind: "refused", code: "InvalidRequestException" },
    accessToken: { kind: "refused", code: "InvalidRequestException" },
    schedule: { kind: "refused", code: "ResourceNotFoundException" },
  });
  expect(again).toMatchObject({ body: { outcome: "authorized", connection: "user-43" } });
  expect(reconnected.accessToken).toMatchObject({ access_token: Object(reconnected.pair).access_token });
  expect(reconnected.schedule).toMatchObject({ output: { State: "ENABLED" } });
});
