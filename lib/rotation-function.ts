import { existsSync } from "node:fs";
import { AssetHashType, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import { Grant, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ENVIRONMENT, EVENT_SOURCE, type UnknownOutcomePolicy } from "../lambda/contract.ts";
import { buildBundle, LAMBDA_DIRECTORY, PREBUILT_DIRECTORY } from "./bundle.ts";
import { grantMakingConnections } from "./connection-access.ts";
import { type ConnectionPlace, connectionSecrets, EVERY_CONNECTION } from "./connection-secrets.ts";
import { type EscrowPlace, grantEscrowAccess } from "./escrow-access.ts";
import { grantNetworkInterfaces } from "./network-access.ts";
import type { RotationSchedule } from "./rotation-schedule.ts";
import { grantSecretAccess, type SecretAccess } from "./secret-access.ts";

/** What the function works on, and how. `XtTokenRotation` chooses the defaults. */
export interface RotationFunctionProps {
  readonly tokenSecret: ISecret;
  readonly clientSecret: ISecret;
  /** What workloads read. */
  readonly accessTokenSecret: ISecret;
  /** Where changes are announced. */
  readonly eventBus: IEventBus;
  /** Where pairs go that Secrets Manager does not take. */
  readonly escrow: EscrowPlace;
  /** Where the secrets of further connections are. */
  readonly connections: ConnectionPlace;
  /** The group and the role of the schedules that the function makes for further connections. */
  readonly schedules: Pick<RotationSchedule, "group" | "role">;
  /** When further connections are ticked. */
  readonly schedule: ScheduleExpression;
  /** Where events end that no run could finish. */
  readonly deadLetterQueue: IQueue;
  readonly baseUrl: string;
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  readonly exchangeTimeout: Duration;
  readonly logRetention: RetentionDays;
  readonly network?: RotationNetwork | undefined;
}

/** A network of the institution's own, out of which the function calls AWS and XT. */
export interface RotationNetwork {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups?: readonly ISecurityGroup[] | undefined;
}

/**
 * One vCPU. Below it the time between XT's answer and its durable write is bound by the CPU (40 to 58 ms at 256 MB), and that is
 * the time in which a crash loses the grant. The process itself would fit into a tenth; the difference costs cents a month.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export const MEMORY_MB = 1_769;

/** The longest exchange, the 30 s reserved for persisting, and a cold start; a run that needs longer is stuck. */
const TIMEOUT = Duration.minutes(2);

/** An event that waited this long is dropped: the next tick observes the same world and decides anew. */
const MAX_EVENT_AGE = Duration.minutes(5);

const TOKEN_SECRET_ACCESS: SecretAccess = {
  secret: ["DescribeSecret", "GetSecretValue", "ListSecretVersionIds", "PutSecretValue", "UpdateSecretVersionStage"],
  key: ["Decrypt", "GenerateDataKey"],
};

/** Without GetSecretValue: the function publishes the access token and never reads it back. */
const ACCESS_TOKEN_SECRET_ACCESS: SecretAccess = {
  secret: ["DescribeSecret", "PutSecretValue", "UpdateSecretVersionStage"],
  key: ["Decrypt", "GenerateDataKey"],
};

/**
 * The function that rotates, published behind the alias `live`: a deployment switches from one version to the next in one step.
 *
 * Concurrency is not reserved: accounts with the initial limits cannot deploy it, and two runs at once are harmless, since
 * only one of them passes the fence. There is no layer and no tracing: instrumentation records the outgoing request, whose
 * query holds the client secret and the refresh token.
 */
export class RotationFunction extends Construct {
  readonly function: LambdaFunction;
  readonly alias: Alias;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: RotationFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, "Logs", {
      retention: props.logRetention,
      // The trail of what happened to a grant is kept as long as the grant's secrets; retention empties it.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.function = new LambdaFunction(this, "Resource", {
      description: "Renews the XT.COM token pair before it expires and stores every pair that XT issues",
      code: bundledCode(),
      handler: "index.handler",
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: MEMORY_MB,
      timeout: TIMEOUT,
      role: this.createRole(props),
      vpc: props.network?.vpc,
      vpcSubnets: props.network?.vpcSubnets,
      securityGroups: props.network?.securityGroups && [...props.network.securityGroups],
      environment: environmentOf(props),
      deadLetterQueue: props.deadLetterQueue,
      tracing: Tracing.DISABLED,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.INFO,
    });
    this.alias = new Alias(this, "Live", {
      aliasName: "live",
      version: this.function.currentVersion,
      // Lambda's default of two more tries would spend the same token again within three minutes; the next tick is the retry.
      // Set here and not on the function: there it would cover $LATEST alone.
      retryAttempts: 0,
      maxEventAge: MAX_EVENT_AGE,
    });
  }

  private createRole(props: RotationFunctionProps): Role {
    const role = new Role(this, "Role", {
      description: "What the XT.COM token rotation may do",
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    });
    this.logGroup.grantWrite(role);
    grantSecretAccess(props.clientSecret, role, { secret: ["GetSecretValue"], key: ["Decrypt"] });
    const further = connectionSecrets(this, EVERY_CONNECTION, props.connections);
    for (const secret of [props.tokenSecret, further.pair]) grantSecretAccess(secret, role, TOKEN_SECRET_ACCESS);
    for (const secret of [props.accessTokenSecret, further.accessToken])
      grantSecretAccess(secret, role, ACCESS_TOKEN_SECRET_ACCESS);
    grantMakingConnections(role, props.connections.prefix, props.schedules);
    grantEscrowAccess(role, props.escrow, Stack.of(this));
    Grant.addToPrincipal({
      grantee: role,
      actions: ["events:PutEvents"],
      resourceArns: [props.eventBus.eventBusArn],
      conditions: { StringEquals: { "events:source": EVENT_SOURCE } },
    });
    if (props.network !== undefined) grantNetworkInterfaces(role);
    return role;
  }
}

/**
 * The published package holds the built bundle; a checkout builds it from the sources. Not `NodejsFunction`: its bundler is told less than
 * {@link buildBundle} needs, and would be a second build to keep equal.
 */
function bundledCode(): Code {
  if (existsSync(PREBUILT_DIRECTORY)) return Code.fromAsset(PREBUILT_DIRECTORY);
  return Code.fromAsset(LAMBDA_DIRECTORY, {
    // Hashed by what is shipped: a changed comment in a source file publishes no new version.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the type and never pulled: the local build either succeeds or throws.
      image: Runtime.NODEJS_24_X.bundlingImage,
      local: {
        tryBundle(outputDirectory) {
          buildBundle(outputDirectory);
          return true;
        },
      },
    },
  });
}

function environmentOf(props: RotationFunctionProps): Record<string, string> {
  const key = props.escrow.encryptionKey;
  return {
    [ENVIRONMENT.tokenSecretId]: props.tokenSecret.secretArn,
    [ENVIRONMENT.clientSecretId]: props.clientSecret.secretArn,
    [ENVIRONMENT.accessTokenSecretId]: props.accessTokenSecret.secretArn,
    // By its ARN, since a name is looked for in this account alone.
    [ENVIRONMENT.eventBusName]: props.eventBus.eventBusArn,
    [ENVIRONMENT.baseUrl]: props.baseUrl,
    [ENVIRONMENT.unknownOutcomePolicy]: props.unknownOutcomePolicy,
    [ENVIRONMENT.exchangeTimeoutMs]: String(props.exchangeTimeout.toMilliseconds()),
    [ENVIRONMENT.escrowParameterPrefix]: props.escrow.prefix,
    ...(key === undefined ? {} : { [ENVIRONMENT.escrowKeyId]: key.keyArn }),
    [ENVIRONMENT.connectionPrefix]: props.connections.prefix,
    [ENVIRONMENT.scheduleGroupName]: props.schedules.group.scheduleGroupName,
    [ENVIRONMENT.scheduleRoleArn]: props.schedules.role.roleArn,
    [ENVIRONMENT.tickSchedule]: props.schedule.expressionString,
  };
}
