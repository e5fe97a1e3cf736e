import { expect, it } from "vitest";
import { coldStart, context, ENVIRONMENT, start } from "./fixtures/cold-handler.ts";

const DAY_SECONDS = 86_400;

it("measures a rotation in one line, under the connection alone", async () => {
  // given
  const { handler, metrics } = await start();

  // when
  await handler({}, context());

  // then
  expect(metrics()).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: "XtTokenRotation",
            Dimensions: [["connection"]],
            Metrics: [
              { Name: "ExchangeLatency", Unit: "Milliseconds" },
              { Name: "ExposureWindow", Unit: "Milliseconds" },
              { Name: "SecondsToAccessExpiry", Unit: "Seconds" },
              { Name: "SecondsToRefreshExpiry", Unit: "Seconds" },
              { Name: "SecondsSinceLastSuccess", Unit: "Seconds" },
              { Name: "Heartbeat", Unit: "Count" },
              { Name: "Rotations", Unit: "Count" },
            ],
          },
        ],
      },
      connection: "xt/token",
      ExchangeLatency: expect.any(Number),
      ExposureWindow: expect.any(Number),
      SecondsToAccessExpiry: expect.closeTo(DAY_SECONDS, -1.5),
      SecondsToRefreshExpiry: expect.closeTo(180 * DAY_SECONDS, -1.5),
      SecondsSinceLastSuccess: 0,
      Heartbeat: 1,
      Rotations: 1,
    },
  ]);
});

it("measures an idle tick by its heartbeat and by how long the pair lives", async () => {
  // given
  const { handler, metrics } = await start();
  await handler({}, context());

  // when
  await handler({}, context({ awsRequestId: "request-2" }));

  // then
  expect(namesIn(metrics()[1])).toEqual([
    "SecondsToAccessExpiry",
    "SecondsToRefreshExpiry",
    "SecondsSinceLastSuccess",
    "Heartbeat",
  ]);
});

it("has a heartbeat for a connection that nobody has seeded yet, and says so", async () => {
  // given
  const { handler, metrics, secretsManager } = await start();
  secretsManager.createSecret("xt/empty");

  // when
  await handler({ secretId: "xt/empty" }, context());

  // then
  expect(metrics()).toEqual([{ _aws: expect.anything(), connection: "xt/empty", NotSeeded: 1, Heartbeat: 1 }]);
});

it("counts a halt, without a heartbeat", async () => {
  // given
  const { handler, metrics, secretsManager } = await start();
  secretsManager.put("xt/token", "not a pair");

  // when
  await handler({}, context());

  // then
  expect(namesIn(metrics()[0])).toEqual(["Halts"]);
});

it("counts a failure under its class, without a heartbeat, and still tells how old the pair is", async () => {
  // given
  const { handler, metrics, secretsManager } = await start();
  secretsManager.put("xt/client", '{"client_id":"client-1","client_secret":"wrong-secret"}');

  // when
  await handler({}, context()).catch(() => undefined);

  // then
  expect(namesIn(metrics()[0])).toEqual([
    "ExchangeLatency",
    "SecondsToRefreshExpiry",
    "SecondsSinceLastSuccess",
    "RotationRejected",
  ]);
});

it("writes nothing before the pair is safe and in use", async () => {
  // given
  const { handler, metrics, secretsManager } = await start();
  const written: number[] = [];
  secretsManager.setFaults(() => ({
    kind: "act",
    when: "after",
    act: () => {
      written.push(metrics().length);
    },
  }));

  // when
  await handler({}, context());

  // then
  expect(written).toEqual([0, 0, 0, 0, 0, 0]);
  expect(metrics()).toHaveLength(1);
});

it("has no metrics where it does not know the connection", async () => {
  // given
  const { handler, metrics } = await coldStart({ ...ENVIRONMENT, TOKEN_SECRET_ID: "" });

  // when
  await handler({}, context()).catch(() => undefined);

  // then
  expect(metrics()).toEqual([]);
});

/** The metrics in a line, in order. */
function namesIn(line: object | undefined): readonly string[] {
  const { _aws, connection, ...values } = { _aws: undefined, connection: undefined, ...line };
  return Object.keys(values);
}
