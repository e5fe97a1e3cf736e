import { AlarmStatusWidget, GraphWidget, type IWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { RotationDashboardProps } from "./rotation-dashboard.ts";

/** All alarms at a glance, and the heartbeats whose absence is the worst of them. */
export function aliveWidgets({ rotation, interval, alarms }: RotationDashboardProps): IWidget[] {
  const height = 5;
  return [
    new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 14, height }),
    new GraphWidget({
      title: "Ticks that ended well",
      left: [rotation.metricHeartbeat({ label: "heartbeats", period: interval })],
      leftYAxis: { min: 0, showUnits: false },
      width: 10,
      height,
    }),
  ];
}
