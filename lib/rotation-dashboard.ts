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
import { ACCESS_TOKEN_LIFE_LEFT_PERCENT, CENSUS_MINUTES } from "./alarms.ts";
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

/** Share of the life that is left when a renewal is due at the latest, rounded. Only the graph uses it; `rotation/renewal.ts` decides. */
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
        [howManyConnections(props), whichConnectionsAreNotWell(props)],
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
    title: "How much of the access tokens' life is left, %?",
    left: [
      rotation.metricAccessTokenLifeLeft({ period, label: "median", statistic: Stats.p(50) }),
      rotation.metricAccessTokenLifeLeft({ period, label: "p10", statistic: Stats.p(10) }),
      rotation.metricAccessTokenLifeLeft({ period, label: "least" }),
    ],
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
    title: "How many days do the refresh tokens live?",
    left: [
      new MathExpression({
        label: "fewest days left",
        expression: `seconds / ${SECONDS_PER_DAY}`,
        usingMetrics: { seconds: rotation.metricSecondsToRefreshExpiry() },
        period,
      }),
    ],
    leftAnnotations: [alarmAt(refreshTokenExpiry.toDays({ integral: false }))],
    leftYAxis: { min: 0, showUnits: false },
  });
}

function howManyConnections({ rotation }: RotationDashboardProps): GraphWidget {
  const period = Duration.minutes(CENSUS_MINUTES);
  return new GraphWidget({
    ...HALF,
    title: "How many connections are there, and how many are unattended?",
    left: [rotation.metricConnections({ period, label: "connections" })],
    leftYAxis: { min: 0, showUnits: false },
    right: [rotation.metricConnectionsUnattended({ period, label: "unattended", color: Color.RED })],
    rightYAxis: { min: 0, showUnits: false },
  });
}

function whichConnectionsAreNotWell({ rotation }: RotationDashboardProps): LogQueryWidget {
  return new LogQueryWidget({
    ...HALF,
    title: "Which connections are not well?",
    logGroupNames: [rotation.logGroup.logGroupName],
    queryLines: [
      // Each tick ends with such a line. Only the newest line of a connection counts, so a connection that is well again is not listed.
      "filter ispresent(connection) and ispresent(severity)",
      "stats latest(severity) as newestSeverity, latest(message) as newestMessage by connection",
      "filter newestSeverity > 0",
      "sort newestSeverity desc, connection asc",
      "limit 20",
    ],
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
