import type { Duration } from "aws-cdk-lib";
import { GraphWidget, type IWidget, MathExpression, Metric, Stats, TextWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { RotationDashboardProps } from "./rotation-dashboard.ts";
import { MEMORY_MB } from "./rotation-function.ts";

/** One to describe the token secret, two to read both secrets; what an idle tick calls, as nearly all of them are. */
const SECRETS_MANAGER_CALLS_PER_TICK = 3;

/** What is billed by use, as it is used, and a month of everything at list prices. */
export function costWidgets({ rotation, interval }: RotationDashboardProps): IWidget[] {
  const size = { width: 6, height: 6, leftYAxis: { min: 0, showUnits: false } };
  const options = { statistic: Stats.SUM, period: interval };
  const invocations = rotation.alias.metricInvocations({ ...options, label: "invocations" });
  // The library's own metric of a log group names no group, and would show the whole account's.
  const bytesLogged = new Metric({
    namespace: "AWS/Logs",
    metricName: "IncomingBytes",
    dimensionsMap: { LogGroupName: rotation.logGroup.logGroupName },
    label: "bytes",
    ...options,
  });
  return [
    new GraphWidget({
      ...size,
      title: "Calls",
      left: [
        rotation.scheduleGroup.metricAttempts({ ...options, label: "of the schedule" }),
        invocations,
        new MathExpression({
          label: "of Secrets Manager, about",
          expression: `${SECRETS_MANAGER_CALLS_PER_TICK} * invocations`,
          usingMetrics: { invocations },
          period: interval,
        }),
      ],
    }),
    new GraphWidget({
      ...size,
      title: "Lambda, GB-seconds",
      left: [
        new MathExpression({
          label: "GB-seconds",
          expression: `duration / 1000 * ${MEMORY_MB / 1_024}`,
          usingMetrics: { duration: rotation.alias.metricDuration(options) },
          period: interval,
        }),
      ],
    }),
    new GraphWidget({
      ...size,
      title: "Log, bytes",
      left: [bytesLogged],
    }),
    new TextWidget({ markdown: monthlyEstimate(interval), width: 6, height: 6 }),
  ];
}

/**
 * A month in USD. Lambda, the schedule, the queue and the topic stay within their free tiers or cost cents.
 * @see https://aws.amazon.com/cloudwatch/pricing/
 * @see https://aws.amazon.com/secrets-manager/pricing/
 */
function monthlyEstimate(interval: Duration): string {
  const ticks = 730 * (60 / interval.toMinutes());
  const calls = (ticks * SECRETS_MANAGER_CALLS_PER_TICK * 0.05) / 10_000;
  return [
    "| list prices, a month | USD |",
    "| --- | ---: |",
    "| 2 secrets | 0.80 |",
    `| ${Math.round(ticks).toLocaleString("en-US")} ticks of Secrets Manager calls | ${calls.toFixed(2)} |`,
    "| 4 metrics of every tick | 1.20 |",
    "| 16 metrics in alarms, 3 composite alarms | 3.10 |",
    "| this dashboard | 3.00 |",
    `| together | ${(0.8 + calls + 1.2 + 3.1 + 3).toFixed(2)} |`,
  ].join("\n");
}
