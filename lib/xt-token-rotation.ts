import { Duration, Stack } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { EventBus, type IEventBus } from "aws-cdk-lib/aws-events";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Alias, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { type ILogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type ISchedule, ScheduleExpression, type ScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import {
  DEFAULT_BASE_URL,
  DEFAULT_UNKNOWN_OUTCOME_POLICY,
  EXCHANGE_TIMEOUT_MS,
  type UnknownOutcomePolicy,
} from "../lambda/contract.ts";
import { checked } from "./checked.ts";
import type { ConnectionPlace } from "./connection-secrets.ts";
import { ImportedRotation, type XtTokenRotationAttributes } from "./imported-rotation.ts";
import { RotationFunction, type RotationNetwork } from "./rotation-function.ts";
import { RotationSchedule } from "./rotation-schedule.ts";
import { grantSecretAccess } from "./secret-access.ts";
import { connectionPrefixFault, connectionsFault, exchangeTimeoutFault, httpsUrlFault } from "./settings.ts";
import { scheduleFault } from "./tick-interval.ts";
import { uniqueName } from "./unique-name.ts";
import { UnseededSecret } from "./unseeded-secret.ts";
import { type IXtTokenRotation, XtTokenRotationBase } from "./xt-token-rotation-base.ts";

/** What a rotation works with, and how. */
export interface XtTokenRotationProps {
  /**
   * Secret with the client credentials of all connections. The function only reads it. Several rotations can share it.
   * @default - a new, empty secret
   */
  readonly clientSecret?: ISecret;
  /**
   * Secret with the token pair of `default`.
   * @default - a new, empty secret
   */
  readonly tokenSecret?: ISecret;
  /**
   * Secret with the access token of `default`, which workloads read.
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
   * Beginning of the names of further connections' secrets; it ends with a slash. Two rotations must not have the same prefix: both would
   * renew the same pairs. To continue with the connections of a destroyed stack, use its prefix.
   * @default - the stack's name and the construct's path in it, such as `XtTokenRotation/Rotation/`
   */
  readonly connectionPrefix?: string;
  /**
   * When to look whether the pair is due; the policy, not the schedule, decides when to renew. Its longest pause between two ticks
   * is from 5 minutes to 4 hours. In a time zone other than UTC, a cron expression's counts an hour more, for the hour that is repeated.
   * The schedules that the function makes use the expression in UTC.
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
   * Network that the function is connected to. It must lead to XT on the internet, by a NAT gateway, and to Secrets Manager, SSM,
   * EventBridge and its Scheduler: by the same gateway, or by interface endpoints (`secretsmanager`, `ssm`, `events`, `scheduler`). None is
   * needed for KMS, which Secrets Manager and SSM ask themselves, and none for the log, which Lambda writes.
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

/** A further connection that is known at deployment. */
export interface XtConnection {
  readonly name: string;
  /** Holds the connection's access token. The function makes the secret when the first authorization code arrives. */
  readonly accessTokenSecret: ISecret;
  /** Lets a workload of this account read the connection's access token. */
  grantReadAccessToken(grantee: IGrantable): Grant;
}

/**
 * Keeps token pairs alive: the secrets of the connection `default`, the function that renews pairs, the schedule that ticks `default`, and
 * the schedule of the census.
 * Further connections are data: the function makes their secrets and schedules when their first authorization code arrives.
 * Nothing is renewed until a person has written the client credentials, and has seeded or authorized a connection.
 * @throws Error for a base URL, a timeout, a schedule or a prefix that cannot be used.
 */
export class XtTokenRotation extends XtTokenRotationBase {
  /** A rotation that another app deploys. Its metrics and grants can be used; alarms and the dashboard are for that app to make. */
  static fromXtTokenRotationAttributes(
    scope: Construct,
    id: string,
    attributes: XtTokenRotationAttributes,
  ): IXtTokenRotation {
    return new ImportedRotation(scope, id, attributes);
  }

  readonly accessTokenSecret: ISecret;
  readonly connectionPrefix: string;
  protected readonly connectionPlace: ConnectionPlace;
  /** Holds the token pair of `default` in its AWSCURRENT version; no workload reads it. */
  readonly tokenSecret: ISecret;
  /** Holds the client credentials. */
  readonly clientSecret: ISecret;
  readonly function: LambdaFunction;
  /** What the schedule invokes, and what a person should. */
  readonly alias: Alias;
  readonly functionName: string;
  readonly functionArn: string;
  protected readonly unqualifiedName: string;
  /** Holds ticks that failed or were never delivered; without any secret, and for 14 days, the longest that SQS keeps a message. */
  readonly deadLetterQueue: Queue;
  /** Holds all schedules of this rotation and no others, so the group's metrics show which ticks were never delivered. */
  readonly scheduleGroup: ScheduleGroup;
  /** The schedule that ticks `default`. */
  readonly tick: ISchedule;
  /** What looks once an hour whether ticks look after every connection. */
  readonly census: ISchedule;
  /** When it ticks. */
  readonly schedule: ScheduleExpression;
  /** The function's log. */
  readonly logGroup: ILogGroup;

  /** Beginning of the names of the SSM parameters to which pairs go that Secrets Manager does not take. */
  readonly escrowPrefix: string;
  private readonly schedules: RotationSchedule;
  private readonly added: string[] = [];

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
    // For everything that the function makes.
    const encryptionKey = props.encryptionKey ?? this.tokenSecret.encryptionKey;
    const prefix = checked(
      "connectionPrefix",
      props.connectionPrefix ?? `${uniqueName(this, "/")}/`,
      connectionPrefixFault,
    );
    this.connectionPrefix = prefix;
    this.connectionPlace = { prefix, encryptionKey };
    this.schedules = new RotationSchedule(this, "Schedule");
    this.scheduleGroup = this.schedules.group;
    const rotation = new RotationFunction(this, "Function", {
      tokenSecret: this.tokenSecret,
      clientSecret: this.clientSecret,
      accessTokenSecret: this.accessTokenSecret,
      eventBus: props.eventBus ?? EventBus.fromEventBusName(this, "DefaultEventBus", "default"),
      escrow: { prefix: this.escrowPrefix, encryptionKey },
      connections: this.connectionPlace,
      schedules: this.schedules,
      schedule: this.schedule,
      deadLetterQueue: this.deadLetterQueue,
      baseUrl: checked("baseUrl", props.baseUrl ?? DEFAULT_BASE_URL, httpsUrlFault),
      unknownOutcomePolicy: props.unknownOutcomePolicy ?? DEFAULT_UNKNOWN_OUTCOME_POLICY,
      exchangeTimeout: checked("exchangeTimeout", exchangeTimeout, exchangeTimeoutFault),
      logRetention: props.logRetention ?? RetentionDays.THREE_MONTHS,
      network: networkOf(props),
    });
    this.function = rotation.function;
    this.alias = rotation.alias;
    this.functionName = this.alias.functionName;
    this.functionArn = this.alias.functionArn;
    this.unqualifiedName = this.function.functionName;
    this.logGroup = rotation.logGroup;
    const target = { alias: this.alias, deadLetterQueue: this.deadLetterQueue };
    this.tick = this.schedules.addTick(this.schedule, target);
    this.census = this.schedules.addCensus(target);
  }

  /**
   * Puts the schedule of a further connection into the template, for the few connections that are known at deployment. The function makes
   * the secrets when the first authorization code arrives. If the function has already made a schedule of this name, the deployment fails:
   * CloudFormation does not take over what exists.
   *
   * @throws Error for a name that no connection can have, for `default`, and for a name that was added before
   */
  addConnection(name: string): XtConnection {
    checked("connection", [...this.added, name], connectionsFault);
    this.added.push(name);
    // Without a dead-letter queue, like the schedules that the function makes: the census finds connections that no tick looks after.
    this.schedules.addConnection(name, this.schedule, { alias: this.alias });
    return {
      name,
      accessTokenSecret: this.furtherAccessTokenSecret(name),
      grantReadAccessToken: (grantee) => this.grantReadAccessToken(grantee, name),
    };
  }

  /**
   * Lets a grantee of this account read the token pair. A holder of the refresh token can spend it, and then the connection is lost.
   * For the time in which a workload moves over to the access-token secret, and for nothing else.
   */
  grantReadTokenPairIncludingRefreshToken(grantee: IGrantable): Grant {
    return grantSecretAccess(this.tokenSecret, grantee, { secret: ["GetSecretValue"], key: ["Decrypt"] });
  }
}

/** @throws Error where subnets or security groups are given without their VPC */
function networkOf({ vpc, vpcSubnets, securityGroups }: XtTokenRotationProps): RotationNetwork | undefined {
  if (vpc !== undefined) return { vpc, vpcSubnets, securityGroups };
  if ((vpcSubnets ?? securityGroups) === undefined) return undefined;
  throw new Error("vpc: found none beside vpcSubnets or securityGroups, expected the VPC that they are in");
}
