import { Duration } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  Color,
  Dashboard,
  GraphWidget,
  type HorizontalAnnotation,
  LogQueryWidget,
  MathExpression,
  Stats,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { ACCESS_TOKEN_LIFE_LEFT_PERCENT } from "./alarms.ts";
import type { XtTokenRotation } from "./xt-token-rotation.ts";

/** What the dashboard shows. */
export interface RotationDashboardProps {
  /** Unique in the account. */
  readonly name: string;
  readonly rotation: XtTokenRotation;
  /** The longest time between two ticks: the width of one point. */
  readonly interval: Duration;
  /** None where there are no alarms. */
  readonly alarms: readonly Alarm[];
  /** Where the alarm RefreshTokenExpiring rings. */
  readonly refreshTokenExpiry: Duration;
  readonly runbookUrl: string;
}

const SECONDS_PER_DAY = 86_400;

/** Share of the life that is left when a renewal is due, rounded. It is drawn only: `rotation/renewal.ts` decides. */
const RENEWAL_LIFE_LEFT_PERCENT = 33;

/** Half of a row; CloudWatch's grid has 24 columns. */
const HALF = { width: 12, height: 6 } as const;
const ROW = { width: 24 } as const;

/** One dashboard whose titles are an operator's questions, from top to bottom in the order in which they are asked. */
export class RotationDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: RotationDashboardProps) {
    super(scope, id);
    const { name, alarms, runbookUrl } = props;
    this.dashboard = new Dashboard(this, "Resource", {
      dashboardName: name,
      // A day shows a renewal of a token that lives a day.
      defaultInterval: Duration.days(1),
      widgets: [
        [
          new TextWidget({
            ...ROW,
            height: 1,
            markdown: `Type \`npx --no xt-token status\` first. Runbook: ${runbookUrl}`,
          }),
        ],
        alarms.length === 0
          ? []
          : [new AlarmStatusWidget({ ...ROW, height: 3, title: "Does an alarm ring?", alarms: [...alarms] })],
        [howTicksEnd(props), howTheFunctionRuns(props)],
        [accessTokenLife(props), refreshTokenLife(props)],
        [lastTrouble(props)],
      ],
    });
  }
}

function howTicksEnd({ rotation, interval: period }: RotationDashboardProps): GraphWidget {
  return new GraphWidget({
    ...HALF,
    title: "Do ticks end well? (0 well, 3 heals by itself, 4 a person is needed)",
    left: [
      rotation.metricSeverity({ period, label: "worst" }),
      rotation.metricSeverity({ period, label: "best", statistic: Stats.MINIMUM }),
    ],
    leftYAxis: { min: 0, max: 5, showUnits: false },
  });
}

function howTheFunctionRuns({ rotation: { alias }, interval: period }: RotationDashboardProps): GraphWidget {
  return new GraphWidget({
    ...HALF,
    title: "Does the function run, fail, or get slow?",
    left: [
      alias.metricInvocations({ period, label: "runs" }),
      alias.metricErrors({ period, label: "failed runs", color: Color.RED }),
    ],
    leftYAxis: { min: 0, showUnits: false },
    right: [alias.metricDuration({ period, label: "longest run, ms", statistic: Stats.MAXIMUM })],
    rightYAxis: { min: 0, showUnits: false },
  });
}

function accessTokenLife({ rotation, interval: period }: RotationDashboardProps): GraphWidget {
  return new GraphWidget({
    ...HALF,
    title: "How much of the access token's life is left, %?",
    left: [rotation.metricAccessTokenLifeLeft({ period, label: "life left" })],
    leftAnnotations: [
      { value: RENEWAL_LIFE_LEFT_PERCENT, label: "renewal is due", color: Color.GREY },
      alarmAt(ACCESS_TOKEN_LIFE_LEFT_PERCENT),
    ],
    leftYAxis: { min: 0, max: 100, showUnits: false },
  });
}

function refreshTokenLife({ rotation, interval: period, refreshTokenExpiry }: RotationDashboardProps): GraphWidget {
  return new GraphWidget({
    ...HALF,
    title: "How many days does the refresh token live?",
    left: [
      new MathExpression({
        label: "days left",
        expression: `seconds / ${SECONDS_PER_DAY}`,
        usingMetrics: { seconds: rotation.metricSecondsToRefreshExpiry() },
        period,
      }),
    ],
    leftAnnotations: [alarmAt(refreshTokenExpiry.toDays({ integral: false }))],
    leftYAxis: { min: 0, showUnits: false },
  });
}

function lastTrouble({ rotation }: RotationDashboardProps): LogQueryWidget {
  return new LogQueryWidget({
    ...ROW,
    height: 6,
    title: "What warned or failed lately?",
    logGroupNames: [rotation.logGroup.logGroupName],
    queryLines: [
      "fields @timestamp, level, connection, message",
      // Lambda itself tells of a run that its timeout cut off.
      'filter level in ["WARN", "ERROR"] or record.status = "timeout"',
      "sort @timestamp desc",
      "limit 20",
    ],
  });
}

function alarmAt(value: number): HorizontalAnnotation {
  return { value, label: "alarm", color: Color.RED };
}
