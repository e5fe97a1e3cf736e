import { Duration, Stack } from "aws-cdk-lib";
import type { Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { RotationAlarms } from "./rotation-alarms.ts";
import { RotationDashboard } from "./rotation-dashboard.ts";
import { tickInterval } from "./tick-interval.ts";
import { uniqueName } from "./unique-name.ts";
import type { XtTokenRotation } from "./xt-token-rotation.ts";

/** Whom to tell of trouble, and when. */
export interface RotationMonitoringProps {
  readonly rotation: XtTokenRotation;
  /**
   * Whether there are alarms, and a topic that they report to.
   * @default true
   */
  readonly alarms?: boolean | undefined;
  /**
   * Whether there is a dashboard. It costs more than everything else together.
   * @default true
   */
  readonly dashboard?: boolean | undefined;
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
 * Watches one rotation: alarms, a topic that they report to, and a dashboard.
 * @throws Error where both a topic and an address are given, and where one of them is given and `alarms` is false
 */
export class RotationMonitoring extends Construct {
  /** Absent where `alarms` is false. */
  readonly topic?: ITopic;
  /** Absent where `alarms` is false. */
  readonly alarms?: RotationAlarms;
  /** Absent where `dashboard` is false. */
  readonly dashboard?: Dashboard;

  constructor(scope: Construct, id: string, props: RotationMonitoringProps) {
    super(scope, id);
    refuseContradictions(props);
    const { rotation, runbookUrl = "docs/runbook.md", refreshTokenExpiry = Duration.days(7) } = props;
    const shared = {
      rotation,
      runbookUrl,
      refreshTokenExpiry,
      interval: props.interval ?? tickInterval(rotation.schedule),
    };
    const name = uniqueName(this, "-");
    if (props.alarms !== false) {
      this.topic = props.alarmTopic ?? new AlarmTopic(this, "Topic", props.alarmEmail).topic;
      this.alarms = new RotationAlarms(this, "Alarms", { ...shared, namePrefix: name, topic: this.topic });
    }
    if (props.dashboard !== false) {
      const alarms = Object.values(this.alarms?.byId ?? {});
      this.dashboard = new RotationDashboard(this, "Dashboard", { ...shared, name, alarms }).dashboard;
    }
  }
}

function refuseContradictions({ alarms, alarmTopic, alarmEmail }: RotationMonitoringProps): void {
  if (alarmTopic !== undefined && alarmEmail !== undefined)
    throw new Error("alarmEmail: found an alarmTopic beside it, expected one of the two");
  if (alarms === false && (alarmTopic ?? alarmEmail) !== undefined)
    throw new Error("alarms: found false and somebody to tell, expected true, or no alarmTopic and no alarmEmail");
}

/**
 * The topic to which the alarms of this account publish. No key of the account encrypts it: `aws/sns` is closed to CloudWatch, so that
 * alarms would be lost without an error, and what they say is no secret.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, email: string | undefined) {
    super(scope, id);
    this.topic = new Topic(this, "Resource", { displayName: "XT.COM token rotation", enforceSSL: true });
    // TLS gives the topic a policy of its own, which takes the place of the default that lets the account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: "AllowAlarmsOfThisAccount",
        principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }
}
