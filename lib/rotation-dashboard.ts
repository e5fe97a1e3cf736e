import { Duration } from "aws-cdk-lib";
import { type AlarmBase, Dashboard, type IWidget, TextWidget } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { aliveWidgets } from "./dashboard-alive.ts";
import { costWidgets } from "./dashboard-cost.ts";
import { expiryWidgets } from "./dashboard-expiry.ts";
import { historyWidgets } from "./dashboard-history.ts";
import type { XtTokenRotation } from "./xt-token-rotation.ts";

/** What the dashboard shows. */
export interface RotationDashboardProps {
  /** Unique in the account. */
  readonly name: string;
  readonly rotation: XtTokenRotation;
  /** The longest time between two ticks: the width of one bar. */
  readonly interval: Duration;
  readonly alarms: readonly AlarmBase[];
  /** Where the alarm RefreshTokenExpiring rings. */
  readonly refreshTokenExpiry: Duration;
  readonly runbookUrl: string;
}

/** Columns of CloudWatch's grid: what the widths in one row add up to. */
const COLUMNS = 24;

/**
 * One dashboard, read from top to bottom as a person asks at night: is it alive, how long until a consumer notices, what happened
 * lately. What it costs is asked by day, and comes last.
 */
export class RotationDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: RotationDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, "Resource", {
      dashboardName: props.name,
      // A day shows a renewal of a token that lives a day.
      defaultInterval: Duration.days(1),
      widgets: [
        question(`Is it alive? · runbook: ${props.runbookUrl}`),
        aliveWidgets(props),
        question("How long until a consumer notices?"),
        ...expiryWidgets(props),
        question("What happened lately?"),
        ...historyWidgets(props),
        question("What does it cost?"),
        costWidgets(props),
      ],
    });
  }
}

function question(heading: string): IWidget[] {
  return [new TextWidget({ markdown: `## ${heading}`, width: COLUMNS, height: 1 })];
}
