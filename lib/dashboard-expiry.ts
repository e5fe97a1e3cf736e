import {
  Color,
  GraphWidget,
  type HorizontalAnnotation,
  type IWidget,
  MathExpression,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { METRIC } from "../lambda/contract.ts";
import { ACCESS_TOKEN_LIFE_LEFT_PERCENT } from "./rotation-alarms.ts";
import type { RotationDashboardProps } from "./rotation-dashboard.ts";

const SECONDS_PER_HOUR = 3_600;
const SECONDS_PER_DAY = 86_400;

/** Share of the life that is left when a renewal is due, rounded. It is drawn only: `rotation/renewal.ts` decides. */
const RENEWAL_LIFE_LEFT_PERCENT = 33;

/** How long the tokens still live: as numbers, then as lines, each with the value at which its alarm rings. */
export function expiryWidgets({ rotation, interval: period, refreshTokenExpiry }: RotationDashboardProps): IWidget[][] {
  const accessHours = new MathExpression({
    label: "access token expires in, hours",
    expression: `access / ${SECONDS_PER_HOUR}`,
    usingMetrics: { access: rotation.metricSecondsToAccessExpiry() },
    period,
  });
  const refreshDays = new MathExpression({
    label: "refresh token expires in, days",
    expression: `refresh / ${SECONDS_PER_DAY}`,
    usingMetrics: { refresh: rotation.metricSecondsToRefreshExpiry() },
    period,
  });
  const ageHours = new MathExpression({
    label: "last renewal, hours ago",
    expression: `age / ${SECONDS_PER_HOUR}`,
    usingMetrics: { age: rotation.metric(METRIC.secondsSinceLastSuccess) },
    period,
  });
  const half = { width: 12, height: 6 };
  return [
    [
      new SingleValueWidget({
        title: "As the last tick saw it",
        metrics: [accessHours, refreshDays, ageHours],
        width: 24,
        height: 3,
      }),
    ],
    [
      new GraphWidget({
        ...half,
        title: "Access token: life left, %",
        left: [rotation.metricAccessTokenLifeLeft({ period })],
        leftAnnotations: [
          { value: RENEWAL_LIFE_LEFT_PERCENT, label: "renewal is due", color: Color.GREY },
          ringsAt(ACCESS_TOKEN_LIFE_LEFT_PERCENT),
        ],
        leftYAxis: { min: 0, max: 100, showUnits: false },
      }),
      new GraphWidget({
        ...half,
        title: "Refresh token: expires in, days",
        left: [refreshDays],
        leftAnnotations: [ringsAt(refreshTokenExpiry.toDays({ integral: false }))],
        leftYAxis: { min: 0, showUnits: false },
      }),
    ],
  ];
}

function ringsAt(value: number): HorizontalAnnotation {
  return { value, label: "alarm", color: Color.RED };
}
