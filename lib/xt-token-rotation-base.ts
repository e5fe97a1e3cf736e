import { Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct, type IConstruct } from "constructs";
import { METRIC, type MetricName, metricNamespace } from "../lambda/contract.ts";
import { grantReading } from "./reader-access.ts";

/** A rotation of this app, or of another one that is deployed already. */
export interface IXtTokenRotation extends IConstruct {
  /** Name of the function with its alias: what a backend and a person invoke. */
  readonly functionName: string;
  /** ARN of the function with its alias. */
  readonly functionArn: string;
  /** Holds the access token in its AWSCURRENT version; workloads read it. */
  readonly accessTokenSecret: ISecret;
  /**
   * Lets a workload read the access token, in this account or in another one. Every way to read a secret works with it, AWS's caching
   * libraries too.
   * @throws Error where the workload is in another account and the access-token secret has no key of its own
   */
  grantReadAccessToken(grantee: IGrantable): Grant;
  /** Lets a backend invoke the function: to authorize, to inspect, to rotate now. No answer holds a secret. */
  grantInvoke(grantee: IGrantable): Grant;
  /** One of the function's own metrics, over all connections; by default the worst value of a period. */
  metric(metricName: MetricName, options?: MetricOptions): Metric;
  /** How bad it is: 0 well, 3 it heals by itself, 4 a person is needed. Each tick writes it. */
  metricSeverity(options?: MetricOptions): Metric;
  /** Share of the access token's life that is left, in percent, negative once it has expired; a renewal is due at 33. */
  metricAccessTokenLifeLeft(options?: MetricOptions): Metric;
  /** Until the refresh token expires, in seconds, negative afterwards. */
  metricSecondsToRefreshExpiry(options?: MetricOptions): Metric;
  /** How long a pair has been received and is not in use, in seconds; written only while one waits. */
  metricSecondsOutOfPlace(options?: MetricOptions): Metric;
}

/** The statistic that finds a period's worst value. */
const WORST: Readonly<Record<MetricName, string>> = {
  [METRIC.severity]: Stats.MAXIMUM,
  [METRIC.accessTokenLifeLeft]: Stats.MINIMUM,
  [METRIC.secondsToRefreshExpiry]: Stats.MINIMUM,
  [METRIC.secondsOutOfPlace]: Stats.MAXIMUM,
};

/** What a rotation of this app and an imported one have in common. */
export abstract class XtTokenRotationBase extends Construct implements IXtTokenRotation {
  abstract readonly functionName: string;
  abstract readonly functionArn: string;
  /** The function's name without its alias. */
  protected abstract readonly unqualifiedName: string;
  abstract readonly accessTokenSecret: ISecret;

  grantReadAccessToken(grantee: IGrantable): Grant {
    return grantReading(this.accessTokenSecret, grantee);
  }

  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ["lambda:InvokeFunction"],
      resourceArns: [this.functionArn],
    });
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
}
