import { Duration, Stack } from "aws-cdk-lib";
import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { EventBus, type IEventBus } from "aws-cdk-lib/aws-events";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Alias, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { type ILogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type ISchedule, ScheduleExpression, type ScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import {
  DEFAULT_BASE_URL,
  DEFAULT_UNKNOWN_OUTCOME_POLICY,
  EXCHANGE_TIMEOUT_MS,
  METRIC,
  type MetricName,
  metricNamespace,
  type UnknownOutcomePolicy,
} from "../lambda/contract.ts";
import { grantReading } from "./reader-access.ts";
import { RotationFunction, type RotationNetwork } from "./rotation-function.ts";
import { RotationSchedule } from "./rotation-schedule.ts";
import { grantSecretAccess } from "./secret-access.ts";
import { exchangeTimeoutFault, httpsUrlFault } from "./settings.ts";
import { scheduleFault } from "./tick-interval.ts";
import { UnseededSecret } from "./unseeded-secret.ts";

/** How one connection is rotated. */
export interface XtTokenRotationProps {
  /**
   * Secret with the client credentials; it is only ever read. Several connections of one institution can share it.
   * @default - a new, empty secret
   */
  readonly clientSecret?: ISecret;
  /**
   * Secret with the token pair.
   * @default - a new, empty secret
   */
  readonly tokenSecret?: ISecret;
  /**
   * Secret with the access token, which workloads read.
   * @default - a new, empty secret
   */
  readonly accessTokenSecret?: ISecret;
  /**
   * Bus to which the function sends an event when a new access token can be read, or when a person is needed.
   * @default - the account's default bus
   */
  readonly eventBus?: IEventBus;
  /**
   * Key for the secrets made here. Its policy must let the account's IAM policies decide, as KMS's default key policy does. An
   * imported secret brings its own key along. Readers of another account need one.
   * @default - the account's `aws/secretsmanager` key
   */
  readonly encryptionKey?: IKey;
  /**
   * When to look whether the pair is due; the policy, not the schedule, decides when to renew. Its longest pause between two ticks
   * is from 5 minutes to 4 hours. In a time zone other than UTC, a cron expression's counts an hour more, for the hour that is repeated.
   * @default - every 15 minutes
   */
  readonly schedule?: ScheduleExpression;
  /**
   * XT's base URL: https, without credentials, query or fragment.
   * @default "https://oapi.xt.com"
   */
  readonly baseUrl?: string;
  /**
   * What to do with a token whose exchange ended without an answer.
   * @default "replay"
   */
  readonly unknownOutcomePolicy?: UnknownOutcomePolicy;
  /**
   * Deadline over XT's whole answer, 1 to 60 seconds.
   * @default Duration.seconds(60)
   */
  readonly exchangeTimeout?: Duration;
  /**
   * How long the function's log is kept.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
  /**
   * Network that the function is connected to. It must lead to Secrets Manager, SSM, EventBridge, to KMS for a key of your own, and to
   * XT on the internet: by a NAT gateway alone, or by interface endpoints for AWS and a NAT gateway for XT.
   * @default - no VPC: the function reaches all of them
   */
  readonly vpc?: IVpc;
  /**
   * Subnets of the VPC. Public ones do not lead to the internet: a function there has no public address.
   * @default - the private subnets that have a way to the internet
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups of the function in the VPC. They must let it send HTTPS (TCP 443) and ask for names.
   * @default - a new one, which lets everything out and nothing in
   */
  readonly securityGroups?: readonly ISecurityGroup[];
}

/**
 * Keeps one connection's token pair alive: its secrets, the function that renews the pair, and the schedule that ticks it.
 * Nothing happens until a person has seeded the token secret and the client secret.
 * @throws Error for a base URL, a timeout or a schedule that cannot be used.
 */
export class XtTokenRotation extends Construct {
  /** Holds the access token in its AWSCURRENT version; workloads read it. */
  readonly accessTokenSecret: ISecret;
  /** Holds the token pair in its AWSCURRENT version; no workload reads it. */
  readonly tokenSecret: ISecret;
  /** Holds the client credentials. */
  readonly clientSecret: ISecret;
  readonly function: LambdaFunction;
  /** What the schedule invokes, and what a person should. */
  readonly alias: Alias;
  /** Holds ticks that failed or were never delivered; without any secret, and for 14 days, the longest that SQS keeps a message. */
  readonly deadLetterQueue: Queue;
  /** Holds the one schedule, so that the group's metrics tell of ticks that were never delivered. */
  readonly scheduleGroup: ScheduleGroup;
  /** What ticks the rotation. */
  readonly tick: ISchedule;
  /** When it ticks. */
  readonly schedule: ScheduleExpression;
  /** The function's log. */
  readonly logGroup: ILogGroup;

  /** Beginning of the names of the SSM parameters to which pairs go that Secrets Manager does not take. */
  readonly escrowPrefix: string;

  constructor(scope: Construct, id: string, props: XtTokenRotationProps = {}) {
    super(scope, id);
    // With the construct's address, or two connections of one stack would share it.
    this.escrowPrefix = `/xt-token-rotation/${Stack.of(this).stackName}/${this.node.addr}/`;
    this.tokenSecret =
      props.tokenSecret ??
      new UnseededSecret(this, "TokenSecret", {
        description:
          "XT.COM token pair of one connection; seeded once with `npx --no xt-token seed`, then rotated automatically",
        encryptionKey: props.encryptionKey,
      }).secret;
    this.clientSecret =
      props.clientSecret ??
      new UnseededSecret(this, "ClientSecret", {
        description: "XT.COM client credentials; seeded with `npx --no xt-token seed`, only ever read by the rotation",
        encryptionKey: props.encryptionKey,
      }).secret;
    this.accessTokenSecret =
      props.accessTokenSecret ??
      new UnseededSecret(this, "AccessTokenSecret", {
        description: "XT.COM access token of one connection; workloads read it, only the rotation writes it",
        encryptionKey: props.encryptionKey,
      }).secret;
    this.deadLetterQueue = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const exchangeTimeout = props.exchangeTimeout ?? Duration.millis(EXCHANGE_TIMEOUT_MS.default);
    this.schedule = checked("schedule", props.schedule ?? ScheduleExpression.rate(Duration.minutes(15)), scheduleFault);
    const rotation = new RotationFunction(this, "Function", {
      tokenSecret: this.tokenSecret,
      clientSecret: this.clientSecret,
      accessTokenSecret: this.accessTokenSecret,
      eventBus: props.eventBus ?? EventBus.fromEventBusName(this, "DefaultEventBus", "default"),
      escrow: {
        prefix: this.escrowPrefix,
        encryptionKey: props.encryptionKey ?? this.tokenSecret.encryptionKey,
      },
      deadLetterQueue: this.deadLetterQueue,
      baseUrl: checked("baseUrl", props.baseUrl ?? DEFAULT_BASE_URL, httpsUrlFault),
      unknownOutcomePolicy: props.unknownOutcomePolicy ?? DEFAULT_UNKNOWN_OUTCOME_POLICY,
      exchangeTimeout: checked("exchangeTimeout", exchangeTimeout, exchangeTimeoutFault),
      logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      network: networkOf(props),
    });
    this.function = rotation.function;
    this.alias = rotation.alias;
    this.logGroup = rotation.logGroup;
    const { group, tick } = new RotationSchedule(this, "Schedule", {
      schedule: this.schedule,
      target: this.alias,
      deadLetterQueue: this.deadLetterQueue,
    });
    this.scheduleGroup = group;
    this.tick = tick;
  }

  /**
   * Lets a workload read the access token, in this account or in another one. Every way to read a secret works with it, AWS's caching
   * libraries too.
   * @throws Error where the workload is in another account and the access-token secret has no key of its own
   */
  grantReadAccessToken(grantee: IGrantable): Grant {
    return grantReading(this.accessTokenSecret, grantee);
  }

  /**
   * Lets a grantee of this account read the token pair. Whoever holds the refresh token can spend it, and the connection is then lost.
   * For the time in which a workload moves over to the access-token secret, and for nothing else.
   */
  grantReadTokenPairIncludingRefreshToken(grantee: IGrantable): Grant {
    return grantSecretAccess(this.tokenSecret, grantee, { secret: ["GetSecretValue"], key: ["Decrypt"] });
  }

  /** One of the function's own metrics, over all connections; by default the worst value of a period. */
  metric(metricName: MetricName, options?: MetricOptions): Metric {
    const namespace = metricNamespace(this.function.functionName);
    return new Metric({ namespace, metricName, statistic: WORST[metricName], ...options });
  }

  /** How bad it is: 0 well, 3 it heals by itself, 4 a person is needed. Each tick writes it. */
  metricSeverity(options?: MetricOptions): Metric {
    return this.metric(METRIC.severity, options);
  }

  /** Share of the access token's life that is left, in percent, negative once it has expired; a renewal is due at 33. */
  metricAccessTokenLifeLeft(options?: MetricOptions): Metric {
    return this.metric(METRIC.accessTokenLifeLeft, options);
  }

  /** Until the refresh token expires, in seconds, negative afterwards. */
  metricSecondsToRefreshExpiry(options?: MetricOptions): Metric {
    return this.metric(METRIC.secondsToRefreshExpiry, options);
  }

  /** How long a pair has been received and is not in use, in seconds; written only while one waits. */
  metricSecondsOutOfPlace(options?: MetricOptions): Metric {
    return this.metric(METRIC.secondsOutOfPlace, options);
  }
}

/** The statistic that finds a period's worst value. */
const WORST: Readonly<Record<MetricName, string>> = {
  [METRIC.severity]: Stats.MAXIMUM,
  [METRIC.accessTokenLifeLeft]: Stats.MINIMUM,
  [METRIC.secondsToRefreshExpiry]: Stats.MINIMUM,
  [METRIC.secondsOutOfPlace]: Stats.MAXIMUM,
};

/** @throws Error where subnets or security groups are given without their VPC */
function networkOf({ vpc, vpcSubnets, securityGroups }: XtTokenRotationProps): RotationNetwork | undefined {
  if (vpc !== undefined) return { vpc, vpcSubnets, securityGroups };
  if ((vpcSubnets ?? securityGroups) === undefined) return undefined;
  throw new Error("vpc: found none beside vpcSubnets or securityGroups, expected the VPC that they are in");
}

/** @throws Error that names the prop and its fault */
function checked<T>(name: string, value: T, faultOf: (value: T) => string | undefined): T {
  const fault = faultOf(value);
  if (fault === undefined) return value;
  throw new Error(`${name}: ${fault}`);
}
