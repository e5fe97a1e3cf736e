import { Duration, Stack } from "aws-cdk-lib";
import type { Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";
import { RotationAlarms } from "./rotation-alarms.ts";
import { RotationDashboard } from "./rotation-dashboard.ts";
import { tickInterval } from "./tick-interval.ts";
import type { XtTokenRotation } from "./xt-token-rotation.ts";

/** Whom to tell of trouble, and when. */
export interface RotationMonitoringProps {
  readonly rotation: XtTokenRotation;
  /**
   * Topic that every alarm reports to. Its policy must let CloudWatch publish, and so must its key.
   * @default - a new topic
   */
  readonly alarmTopic?: ITopic | undefined;
  /**
   * Address to subscribe to the topic; its owner has to confirm.
   * @default - nobody is subscribed
   */
  readonly alarmEmail?: string | undefined;
  /**
   * Where the people who are told find the runbook.
   * @default "docs/runbook.md"
   */
  readonly runbookUrl?: string | undefined;
  /**
   * How much of the refresh token's life is left when its alarm rings.
   * @default Duration.days(7)
   */
  readonly refreshTokenExpiry?: Duration | undefined;
  /**
   * The longest time between two ticks.
   * @default - the longest pause of the schedule; needed where its expression is known at deployment only
   */
  readonly interval?: Duration | undefined;
}

/**
 * Watches one rotation: alarms in pairs of what fails and what does not run, a topic that they report to, and a dashboard.
 * @throws Error where both a topic and an address are given: whoever brings a topic subscribes to it where it is made.
 */
export class RotationMonitoring extends Construct {
  readonly topic: ITopic;
  readonly alarms: RotationAlarms;
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: RotationMonitoringProps) {
    super(scope, id);
    if (props.alarmTopic !== undefined && props.alarmEmail !== undefined)
      throw new Error("alarmEmail: found an alarmTopic beside it, expected one of the two");
    this.topic = props.alarmTopic ?? new AlarmTopic(this, "Topic", { email: props.alarmEmail }).topic;
    const { rotation } = props;
    const name = uniqueName(this);
    const runbookUrl = props.runbookUrl ?? "docs/runbook.md";
    const interval = props.interval ?? tickInterval(rotation.schedule);
    const refreshTokenExpiry = props.refreshTokenExpiry ?? Duration.days(7);
    this.alarms = new RotationAlarms(this, "Alarms", {
      rotation,
      interval,
      reporting: { namePrefix: name, topic: this.topic, runbookUrl },
      refreshTokenExpiry,
    });
    this.dashboard = new RotationDashboard(this, "Dashboard", {
      name,
      rotation,
      interval,
      alarms: Object.values(this.alarms.byId),
      refreshTokenExpiry,
      runbookUrl,
    }).dashboard;
  }
}

/** The stack's name and the way down to the construct: unique in the account and Region, and readable at night. */
function uniqueName(construct: Construct): string {
  const stack = Stack.of(construct);
  const way = construct.node.path.slice(stack.node.path.length + 1).split("/");
  return [stack.stackName, ...way].join("-");
}
