import { GraphWidget, type IWidget, LogQueryWidget, SingleValueWidget, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FAILURE, METRIC } from "../lambda/contract.ts";
import type { RotationDashboardProps } from "./rotation-dashboard.ts";

/** Renewals and what stood in their way, counted and then drawn over time, how fast they were, and what the log said. */
export function historyWidgets({ rotation, interval: period }: RotationDashboardProps): IWidget[][] {
  const graph = { width: 8, height: 6, leftYAxis: { min: 0, showUnits: false } };
  const renewals = [
    rotation.metric(METRIC.rotations, { label: "rotations", period }),
    rotation.metric(METRIC.openAttempts, { label: "met an open attempt", period }),
    rotation.metric(METRIC.escrowedPairs, { label: "pair in the escrow", period }),
    rotation.metric(METRIC.halts, { label: "halted for a person", period }),
    rotation.metric(METRIC.notSeeded, { label: "not seeded", period }),
  ];
  // The sum comes first: what is drawn later lies above it, and names the class where both are the same.
  const failures = [
    rotation.alias.metricErrors({ label: "failed ticks", statistic: Stats.SUM, period }),
    ...Object.values(FAILURE).map((failure) => rotation.metric(failure, { label: failure, period })),
  ];
  return [
    [
      new SingleValueWidget({
        title: "Ticks in the time shown",
        metrics: [...renewals, ...failures],
        setPeriodToTimeRange: true,
        width: 24,
        height: 3,
      }),
    ],
    [
      new GraphWidget({ ...graph, title: "Rotations, and what waits", left: renewals }),
      new GraphWidget({ ...graph, title: "Failed ticks by class", left: failures }),
      new GraphWidget({
        ...graph,
        title: "Exchange and exposure window, ms",
        left: [
          rotation.metric(METRIC.exchangeLatency, { label: "XT's answer took", period }),
          rotation.metric(METRIC.exposureWindow, { label: "until the pair was safe", period }),
        ],
      }),
    ],
    [
      new LogQueryWidget({
        title: "Last warnings and errors",
        logGroupNames: [rotation.logGroup.logGroupName],
        queryLines: [
          "fields @timestamp, level, message, failure.name",
          // Lambda itself tells of a run that was cut off by its timeout.
          'filter level in ["WARN", "ERROR"] or record.status = "timeout"',
          "sort @timestamp desc",
          "limit 20",
        ],
        width: 24,
        height: 6,
      }),
    ],
  ];
}
