import { METRIC, type MetricName, metricNamespace, type Severity } from "../contract.ts";

/** What one run ends with. */
export interface Summary {
  readonly severity?: Severity;
  /** In percent, 0 once the token has expired. */
  readonly accessTokenLifeLeft?: number | undefined;
  /** Negative once the token has expired. */
  readonly secondsToRefreshExpiry?: number | undefined;
  readonly secondsOutOfPlace?: number | undefined;
  readonly connections?: number;
  readonly connectionsUnattended?: number;
}

/** What of a connection is measured. Times are milliseconds since the epoch, absent where unknown. */
export interface Measurable {
  readonly severity: Severity;
  readonly nowMs: number;
  /** The pair in use; absent where the token secret holds none. */
  readonly current?:
    | {
        readonly issuedAtMs: number | undefined;
        readonly expiresAtMs: number | undefined;
        readonly refreshExpiresAtMs: number | undefined;
      }
    | undefined;
  /** When the oldest pair was received that is not in use and could be. */
  readonly outOfPlaceSinceMs?: number | undefined;
  /** When the token secret was made, where nobody has seeded it. */
  readonly unseededSinceMs?: number | undefined;
}

/** Who deploys today may seed tomorrow: until then nothing is wrong. */
const UNSEEDED_GRACE_MS = 24 * 60 * 60 * 1_000;

export function measure({ severity, nowMs, current, outOfPlaceSinceMs, unseededSinceMs }: Measurable): Summary {
  const isNew = unseededSinceMs !== undefined && nowMs - unseededSinceMs < UNSEEDED_GRACE_MS;
  return {
    severity: isNew ? 0 : severity,
    accessTokenLifeLeft: percentLeft(current?.issuedAtMs, current?.expiresAtMs, nowMs),
    secondsToRefreshExpiry: secondsBetween(nowMs, current?.refreshExpiresAtMs),
    secondsOutOfPlace: secondsBetween(outOfPlaceSinceMs, nowMs),
  };
}

function percentLeft(fromMs: number | undefined, toMs: number | undefined, nowMs: number): number | undefined {
  if (fromMs === undefined || toMs === undefined) return undefined;
  // A token that expired before it was issued has no life to divide by. An expired token counts as 0, because CloudWatch has no percentiles
  // for negative values: one expired connection would hide the percentiles of all others.
  return toMs > fromMs ? Math.max(0, ((toMs - nowMs) / (toMs - fromMs)) * 100) : 0;
}

function secondsBetween(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : Math.round((toMs - fromMs) / 1_000);
}

/** Writes the metrics of a run. */
export interface Telemetry {
  /** To be called once, when the run has ended: nothing may stand between XT's answer and the durable write. */
  conclude(summary: Summary): void;
}

/**
 * CloudWatch metrics in the embedded metric format: one line on standard output, and no call. A metric without a dimension has one set of
 * dimensions that is empty, `[[]]`. Powertools cannot write that: without a dimension it writes no set.
 *
 * @param functionName as Lambda tells it
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createTelemetry(functionName: string): Telemetry {
  return {
    conclude(summary) {
      const { severity, accessTokenLifeLeft, secondsToRefreshExpiry, secondsOutOfPlace } = summary;
      const all: readonly (readonly [name: MetricName, unit: string, value: number | undefined])[] = [
        [METRIC.severity, "None", severity],
        [METRIC.accessTokenLifeLeft, "Percent", accessTokenLifeLeft],
        [METRIC.secondsToRefreshExpiry, "Seconds", secondsToRefreshExpiry],
        [METRIC.secondsOutOfPlace, "Seconds", secondsOutOfPlace],
        [METRIC.connections, "Count", summary.connections],
        [METRIC.connectionsUnattended, "Count", summary.connectionsUnattended],
      ];
      const known = all.filter(([, , value]) => value !== undefined);
      const directive = {
        Namespace: metricNamespace(functionName),
        Dimensions: [[]],
        Metrics: known.map(([Name, Unit]) => ({ Name, Unit })),
      };
      const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
      const values = Object.fromEntries(known.map(([name, , value]) => [name, value]));
      // Not console.log: Lambda would put the line into an envelope of its own.
      process.stdout.write(`${JSON.stringify({ _aws, ...values })}\n`);
    },
  };
}
