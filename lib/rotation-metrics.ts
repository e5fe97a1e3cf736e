import {
  MathExpression,
  type MathExpressionOptions,
  Metric,
  type MetricOptions,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import { type FAILURE, METRIC, METRIC_DIMENSION, METRIC_NAMESPACE } from "../lambda/contract.ts";

/** A metric that the function writes. */
export type RotationMetricName = (typeof METRIC)[keyof typeof METRIC] | (typeof FAILURE)[keyof typeof FAILURE];

/** What a period's values come to, the worst of them; counts, which are not named here, are added up. */
const STATISTIC: Partial<Readonly<Record<RotationMetricName, string>>> = {
  [METRIC.secondsToAccessExpiry]: Stats.MINIMUM,
  [METRIC.secondsToRefreshExpiry]: Stats.MINIMUM,
  [METRIC.secondsSinceLastSuccess]: Stats.MAXIMUM,
  [METRIC.exchangeLatency]: Stats.MAXIMUM,
  [METRIC.exposureWindow]: Stats.MAXIMUM,
};

/**
 * One of the function's own metrics.
 * @param connection the token secret as the function's environment names it: the value of the metrics' one dimension
 */
export function rotationMetric(connection: string, metricName: RotationMetricName, options?: MetricOptions): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { [METRIC_DIMENSION]: connection },
    statistic: STATISTIC[metricName] ?? Stats.SUM,
    ...options,
  });
}

/**
 * Share of the access token's life that is left, in percent; negative once it has expired. What has passed of that life is counted
 * from XT's answer, or from the moment at which a person seeded the pair.
 */
export function accessTokenLifeLeft(connection: string, options?: MathExpressionOptions): MathExpression {
  return new MathExpression({
    label: "access token's life left, %",
    ...options,
    expression: "100 * expiry / (expiry + age)",
    usingMetrics: {
      expiry: rotationMetric(connection, METRIC.secondsToAccessExpiry),
      age: rotationMetric(connection, METRIC.secondsSinceLastSuccess),
    },
  });
}
