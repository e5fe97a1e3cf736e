import { Aws, CfnMapping, CfnOutput, type Duration, Stack, type StackProps, Tags } from "aws-cdk-lib";
import { EventBus } from "aws-cdk-lib/aws-events";
import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { commandLine } from "../lambda/contract.ts";
import { RotationMonitoring, type RotationMonitoringProps } from "./rotation-monitoring.ts";
import { XtTokenRotation, type XtTokenRotationProps } from "./xt-token-rotation.ts";

/** What any stack takes, what the constructs take, and what stands already, by its ARN: the settings that a person can choose, and a VPC. */
export interface XtTokenRotationStackProps
  extends StackProps,
    Omit<XtTokenRotationProps, "tokenSecret" | "clientSecret" | "accessTokenSecret" | "eventBus" | "encryptionKey">,
    Pick<RotationMonitoringProps, "alarms" | "dashboard" | "alarmEmail" | "runbookUrl"> {
  /**
   * Whole ARN of an existing secret with the token pair, such as that of a destroyed stack.
   * @default - a new, empty secret
   */
  readonly tokenSecretArn?: string;
  /**
   * Whole ARN of an existing secret with the client credentials.
   * @default - a new, empty secret
   */
  readonly clientSecretArn?: string;
  /**
   * Whole ARN of an existing secret that workloads read.
   * @default - a new, empty secret
   */
  readonly accessTokenSecretArn?: string;
  /**
   * ARN of the event bus to which changes are announced.
   * @default - the account's default bus
   */
  readonly eventBusArn?: string;
  /**
   * ARN of the key of the secrets; an alias is none.
   * @default - the account's `aws/secretsmanager` key
   */
  readonly encryptionKeyArn?: string;
  /**
   * ARN of a topic that every alarm reports to. Its policy must let CloudWatch publish, and so must its key.
   * @default - a new topic
   */
  readonly alarmTopicArn?: string;
  /**
   * Names of further connections whose schedules are in the template. All others are data.
   * @default - none
   */
  readonly connections?: readonly string[];
  /**
   * How much of the refresh token's life is left when its alarm rings.
   * @default Duration.days(7)
   */
  readonly refreshExpiryAlarm?: Duration;
  /**
   * Where XT sends the browser of a person who grants access, as registered at XT; `authorize` then needs no `--redirect-uri`.
   * @default - none
   */
  readonly redirectUri?: string;
}

/**
 * The rotation, its monitoring, and as outputs what a person or the command line needs.
 *
 * The names of the outputs and the ids of the constructs are an external contract.
 */
export class XtTokenRotationStack extends Stack {
  readonly rotation: XtTokenRotation;
  readonly monitoring: RotationMonitoring;

  constructor(scope: Construct, id: string, props: XtTokenRotationStackProps = {}) {
    super(scope, id, { description: "Keeps an OAuth grant at XT.COM alive", ...props });
    const encryptionKey =
      props.encryptionKeyArn === undefined ? undefined : Key.fromKeyArn(this, "EncryptionKey", props.encryptionKeyArn);
    const existing = (id: string, secretCompleteArn: string | undefined) =>
      secretCompleteArn === undefined
        ? undefined
        : Secret.fromSecretAttributes(this, id, { secretCompleteArn, encryptionKey });
    this.rotation = new XtTokenRotation(this, "Rotation", {
      tokenSecret: existing("ExistingTokenSecret", props.tokenSecretArn),
      clientSecret: existing("ExistingClientSecret", props.clientSecretArn),
      accessTokenSecret: existing("ExistingAccessTokenSecret", props.accessTokenSecretArn),
      eventBus:
        props.eventBusArn === undefined ? undefined : EventBus.fromEventBusArn(this, "EventBus", props.eventBusArn),
      encryptionKey,
      connectionPrefix: props.connectionPrefix,
      schedule: props.schedule,
      baseUrl: props.baseUrl,
      unknownOutcomePolicy: props.unknownOutcomePolicy,
      exchangeTimeout: props.exchangeTimeout,
      logRetention: props.logRetention,
      vpc: props.vpc,
      vpcSubnets: props.vpcSubnets,
      securityGroups: props.securityGroups,
    });
    for (const connection of props.connections ?? []) this.rotation.addConnection(connection);
    this.monitoring = new RotationMonitoring(this, "Monitoring", {
      rotation: this.rotation,
      alarms: props.alarms,
      dashboard: props.dashboard,
      alarmTopic:
        props.alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(this, "AlarmTopic", props.alarmTopicArn),
      alarmEmail: props.alarmEmail,
      runbookUrl: props.runbookUrl,
      refreshTokenExpiry: props.refreshExpiryAlarm,
    });
    // Security Hub's SecretsManager.5 wants every secret to carry a tag.
    Tags.of(this).add("application", "xt-token-rotation");
    this.addOutputs(props.redirectUri);
  }

  private addOutputs(redirectUri: string | undefined): void {
    const { rotation, monitoring } = this;
    const functionName = rotation.alias.functionName;
    // The command line looks for the stack under this name unless it is told another one.
    const ofStack = this.stackName === "XtTokenRotation" ? "" : ` --stack ${this.stackName}`;
    const output = (id: string, description: string, value: string) => new CfnOutput(this, id, { description, value });
    output("AccessTokenSecretArn", "Secret that workloads read", rotation.accessTokenSecret.secretArn);
    output("TokenSecretArn", "Secret with the token pair; no workload reads it", rotation.tokenSecret.secretArn);
    output("ClientSecretArn", "Secret that holds the client credentials", rotation.clientSecret.secretArn);
    output("FunctionName", "The rotation's function with its alias", functionName);
    output("DeadLetterQueueUrl", "Queue of ticks that failed", rotation.deadLetterQueue.queueUrl);
    output("SeedCommand", "Type this next: it asks for the credentials", commandLine(`seed${ofStack}`));
    output(
      "TickCommand",
      "Type this to run one tick now instead of waiting for the schedule",
      `aws lambda invoke --function-name ${functionName} --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout`,
    );
    if (redirectUri !== undefined)
      output("RedirectUri", "Where XT sends the browser of a person who grants access", redirectUri);
    output(
      "ScheduleGroupName",
      "Group of the schedules that tick connections",
      rotation.scheduleGroup.scheduleGroupName,
    );
    output("ScheduleName", "Schedule that ticks the rotation", rotation.tick.scheduleName);
    output("CensusScheduleName", "Schedule of the hourly census", rotation.census.scheduleName);
    output("ConnectionPrefix", "Beginning of the names of further connections' secrets", rotation.connectionPrefix);
    if (monitoring.topic !== undefined)
      output("AlarmTopicArn", "Topic that every alarm reports to", monitoring.topic.topicArn);
    if (monitoring.dashboard !== undefined)
      output("DashboardUrl", "Shows how the rotation stands", dashboardUrl(this, monitoring.dashboard.dashboardName));
  }
}

/** Where the consoles are, by partition. The isolated partitions are left out: from there nobody reaches XT. */
const CONSOLE_HOSTS = {
  aws: { host: "console.aws.amazon.com" },
  "aws-cn": { host: "console.amazonaws.cn" },
  "aws-us-gov": { host: "console.amazonaws-us-gov.com" },
  "aws-eusc": { host: "console.amazonaws-eusc.eu" },
};

function dashboardUrl(stack: Stack, name: string): string {
  const host = new CfnMapping(stack, "Consoles", { mapping: CONSOLE_HOSTS }).findInMap(Aws.PARTITION, "host");
  return `https://${stack.region}.${host}/cloudwatch/home?region=${stack.region}#dashboards/dashboard/${name}`;
}
