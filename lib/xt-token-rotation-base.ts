import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct, type IConstruct } from "constructs";
import { DEFAULT_CONNECTION, METRIC, type MetricName, metricNamespace } from "../lambda/contract.ts";
import { type ConnectionPlace, connectionSecrets, EVERY_CONNECTION } from "./connection-secrets.ts";
import { grantReading, grantReadingInAccount } from "./reader-access.ts";
import { connectionsFault } from "./settings.ts";

/** A rotation of this app, or of another one that is deployed already. */
export interface IXtTokenRotation extends IConstruct {
  /** Name of the function with its alias: what a backend and a person invoke. */
  readonly functionName: string;
  /** ARN of the function with its alias. */
  readonly functionArn: string;
  /** Holds the access token of `default` in its AWSCURRENT version; workloads read it. */
  readonly accessTokenSecret: ISecret;
  /** Beginning of the names of further connections' secrets, with its closing slash; absent if a rotation was imported without it. */
  readonly connectionPrefix?: string | undefined;
  /**
   * Lets a workload read the access token of one connection. Every way to read a secret works with it, AWS's caching libraries too. Another
   * account can read the access token of `default` only.
   *
   * @param connection by default `default`. A further connection need not exist yet
   * @throws Error if no connection can have the name; if the workload is in another account, and the connection is a further one or the
   * access-token secret of `default` has no key of its own; if the rotation was imported without its prefix, and the connection is a
   * further one
   */
  grantReadAccessToken(grantee: IGrantable, connection?: string): Grant;
  /**
   * Lets a workload of this account read the access token of every connection, also of connections that do not exist yet.
   * @throws Error if the workload is in another account, or the rotation was imported without its prefix
   */
  grantReadAllAccessTokens(grantee: IGrantable): Grant;
  /** Lets a backend invoke the function: to authorize, to inspect, to rotate now. No answer holds a secret. */
  grantInvoke(grantee: IGrantable): Grant;
  /**
   * Lets a callback handler send authorization codes to the function. It grants what `grantInvoke` grants, because IAM reads no events.
   */
  grantAuthorize(grantee: IGrantable): Grant;
  /** One of the function's own metrics, over all connections; by default the worst value of a period. */
  metric(metricName: MetricName, options?: MetricOptions): Metric;
  /** How bad it is: 0 well, 3 it heals by itself, 4 a person is needed. Each tick writes it. */
  metricSeverity(options?: MetricOptions): Metric;
  /** Share of the access token's life that is left, in percent, 0 once it has expired; a renewal is due between 38 and 33. */
  metricAccessTokenLifeLeft(options?: MetricOptions): Metric;
  /** Until the refresh token expires, in seconds, negative afterwards. */
  metricSecondsToRefreshExpiry(options?: MetricOptions): Metric;
  /** How long a pair has been received and is not in use, in seconds; written only while one waits. */
  metricSecondsOutOfPlace(options?: MetricOptions): Metric;
  /** How many connections there are; the hourly census writes it. */
  metricConnections(options?: MetricOptions): Metric;
  /** How many connections no tick looks after; the hourly census writes it. */
  metricConnectionsUnattended(options?: MetricOptions): Metric;
}

/** The statistic that finds a period's worst value. */
const WORST: Readonly<Record<MetricName, string>> = {
  [METRIC.severity]: Stats.MAXIMUM,
  [METRIC.accessTokenLifeLeft]: Stats.MINIMUM,
  [METRIC.secondsToRefreshExpiry]: Stats.MINIMUM,
  [METRIC.secondsOutOfPlace]: Stats.MAXIMUM,
  [METRIC.connections]: Stats.MAXIMUM,
  [METRIC.connectionsUnattended]: Stats.MAXIMUM,
};

const NEEDS_PREFIX =
  "connectionPrefix: found none, expected the prefix of the deployed rotation, which is its stack's output ConnectionPrefix";

/** What a rotation of this app and an imported one have in common. */
export abstract class XtTokenRotationBase extends Construct implements IXtTokenRotation {
  abstract readonly functionName: string;
  abstract readonly functionArn: string;
  /** The function's name without its alias. */
  protected abstract readonly unqualifiedName: string;
  abstract readonly accessTokenSecret: ISecret;
  abstract readonly connectionPrefix: string | undefined;
  /** Where further connections are; absent if a rotation was imported without its prefix. */
  protected abstract readonly connectionPlace: ConnectionPlace | undefined;
  private readonly furtherSecrets = new Map<string, ISecret>();

  grantReadAccessToken(grantee: IGrantable, connection = DEFAULT_CONNECTION): Grant {
    if (connection === DEFAULT_CONNECTION) return grantReading(this.accessTokenSecret, grantee);
    const fault = connectionsFault([connection]);
    if (fault !== undefined) throw new Error(`connection: ${fault}`);
    return grantReadingInAccount(this.furtherAccessTokenSecret(connection), grantee);
  }

  grantReadAllAccessTokens(grantee: IGrantable): Grant {
    const onFurther = grantReadingInAccount(this.furtherAccessTokenSecret(EVERY_CONNECTION), grantee);
    return onFurther.combine(grantReading(this.accessTokenSecret, grantee));
  }

  /** @throws Error if a rotation was imported without its prefix */
  protected furtherAccessTokenSecret(connection: string): ISecret {
    const known = this.furtherSecrets.get(connection);
    if (known !== undefined) return known;
    if (this.connectionPlace === undefined) throw new Error(NEEDS_PREFIX);
    const { accessToken } = connectionSecrets(this, connection, this.connectionPlace);
    this.furtherSecrets.set(connection, accessToken);
    return accessToken;
  }

  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["lambda:InvokeFunction"],
      resourceArns: [this.functionArn],
    });
  }

  grantAuthorize(grantee: IGrantable): Grant {
    return this.grantInvoke(grantee);
  }

  metric(metricName: MetricName, options?: MetricOptions): Metric {
    const namespace = metricNamespace(this.unqualifiedName);
    return new Metric({ namespace, metricName, statistic: WORST[metricName], ...options });
  }

  metricSeverity(options?: MetricOptions): Metric {
    return this.metric(METRIC.severity, options);
  }

  metricAccessTokenLifeLeft(options?: MetricOptions): Metric {
    return this.metric(METRIC.accessTokenLifeLeft, options);
  }

  metricSecondsToRefreshExpiry(options?: MetricOptions): Metric {
    return this.metric(METRIC.secondsToRefreshExpiry, options);
  }

  metricSecondsOutOfPlace(options?: MetricOptions): Metric {
    return this.metric(METRIC.secondsOutOfPlace, options);
  }

  metricConnections(options?: MetricOptions): Metric {
    return this.metric(METRIC.connections, options);
  }

  metricConnectionsUnattended(options?: MetricOptions): Metric {
    return this.metric(METRIC.connectionsUnattended, options);
  }
}
