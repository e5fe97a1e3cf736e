import { expect, it } from "vitest";
import { describeMetrics } from "../../../sandbox/scenarios/describe-metrics.ts";
import { readMetrics } from "../../../sandbox/scenarios/read-metrics.ts";

function metricLine(values: Readonly<Record<string, number>>): string {
  const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: "Count" }));
  const _aws = { Timestamp: 0, CloudWatchMetrics: [{ Namespace: "N", Dimensions: [["connection"]], Metrics }] };
  return JSON.stringify({ _aws, connection: "xt/token", ...values });
}

it("reads what the metric lines of an output declare, and nothing of its other lines", () => {
  const output = ["(node:1) Warning: old", metricLine({ Heartbeat: 1, Rotations: 1 }), '{"level":"INFO"}', ""].join(
    "\n",
  );

  expect(readMetrics(output)).toEqual({ Heartbeat: 1, Rotations: 1 });
});

it("lets the last of several runs speak", () => {
  const output = [metricLine({ Heartbeat: 1, SecondsToAccessExpiry: 9 }), metricLine({ SecondsToAccessExpiry: 99 })];

  expect(readMetrics(output.join("\n"))).toEqual({ Heartbeat: 1, SecondsToAccessExpiry: 99 });
});

it("tells counts first and then what is left, and leaves out durations and a refresh token's far end", () => {
  const metrics = {
    SecondsToAccessExpiry: 28_800,
    SecondsToRefreshExpiry: 100 * 86_400,
    SecondsSinceLastSuccess: 5,
    ExchangeLatency: 3,
    ExposureWindow: 4,
    Heartbeat: 1,
    Errors: 0,
  };

  expect(describeMetrics(metrics)).toBe("Heartbeat 1 · SecondsToAccessExpiry 28800 (8 h)");
});

it("tells a refresh token's end when it is near", () => {
  expect(describeMetrics({ SecondsToRefreshExpiry: 604_800 })).toBe("SecondsToRefreshExpiry 604800 (7 days)");
});

it.each([
  [{ ApproximateNumberOfMessagesVisible: 4, Errors: 0, InvocationDroppedCount: 0 }, ""],
  [{ ApproximateNumberOfMessagesVisible: 4, Errors: 1 }, "ApproximateNumberOfMessagesVisible 4 · Errors 1"],
  [
    { ApproximateNumberOfMessagesVisible: 4, InvocationDroppedCount: 1 },
    "ApproximateNumberOfMessagesVisible 4 · InvocationDroppedCount 1",
  ],
])("tells of letters where one was added, of %j: %j", (metrics, told) => {
  expect(describeMetrics(metrics)).toBe(told);
});
