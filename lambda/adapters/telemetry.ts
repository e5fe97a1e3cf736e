import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { METRIC, METRIC_DIMENSION, METRIC_NAMESPACE, type RotationResult } from "../contract.ts";
import { RotationError } from "../rotation/errors.ts";
import type { Clock, Ports, Standing } from "../rotation/ports.ts";

/** What one run is measured by. */
export interface Telemetry {
  /** The same ports, each call of which is timed or counted on its way. */
  watch(ports: Omit<Ports, "gauge">): Ports;
  /** Writes the run's metrics in one line of standard output. To be called once, when the run has ended. */
  conclude(ending: RotationResult | RotationError): void;
}

/**
 * CloudWatch metrics in the embedded metric format: one line of the log, and no call. Everything is kept in memory until the run has
 * ended, so that nothing is written between XT's answer and its durable write.
 *
 * @param connection value of the one dimension
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createTelemetry(connection: string, clock: Clock): Telemetry {
  const measured = new Map<string, number>();
  let standing: Standing | undefined;
  let answeredAtMs: number | undefined;

  return {
    watch: (ports) => ({
      ...ports,
      gauge: {
        saw(seen) {
          standing = seen;
        },
      },
      endpoint: {
        async exchange(request) {
          const calledAtMs = performance.now();
          const answer = await ports.endpoint.exchange(request);
          answeredAtMs = performance.now();
          measured.set(METRIC.exchangeLatency, answeredAtMs - calledAtMs);
          return answer;
        },
      },
      store: {
        ...ports.store,
        async stage(...staging) {
          await ports.store.stage(...staging);
          // A pair from the escrow is staged without an exchange, and was safe all the time.
          if (answeredAtMs !== undefined) measured.set(METRIC.exposureWindow, performance.now() - answeredAtMs);
        },
      },
      escrow: {
        ...ports.escrow,
        async keep(...keeping) {
          const kept = await ports.escrow.keep(...keeping);
          if (kept === "kept") measured.set(METRIC.escrowedPairs, 1);
          return kept;
        },
        async find(id) {
          const found = await ports.escrow.find(id);
          if (found) measured.set(METRIC.escrowedPairs, 1);
          return found;
        },
      },
    }),
    conclude(ending) {
      write(connection, [...measured, ...standingMetrics(standing, clock.now()), ...endingMetrics(ending, standing)]);
    },
  };
}

type Measurement = readonly [name: string, value: number];

function standingMetrics(standing: Standing | undefined, nowMs: number): readonly Measurement[] {
  if (standing === undefined) return [];
  const { current, attempt } = standing;
  const open: readonly Measurement[] = attempt?.state === "open" ? [[METRIC.openAttempts, 1]] : [];
  if (current.kind === "absent") return [[METRIC.notSeeded, 1], ...open];
  if (current.kind === "malformed") return open;
  const { pair, createdAtMs } = current;
  const secondsTo = (name: string, atMs: number | undefined): readonly Measurement[] =>
    atMs === undefined ? [] : [[name, Math.round((atMs - nowMs) / 1_000)]];
  return [
    ...open,
    ...secondsTo(METRIC.secondsToAccessExpiry, pair.expiresAtMs),
    ...secondsTo(METRIC.secondsToRefreshExpiry, pair.refreshExpiresAtMs),
    [METRIC.secondsSinceLastSuccess, Math.round((nowMs - (pair.origin?.issuedAtMs ?? createdAtMs)) / 1_000)],
  ];
}

function endingMetrics(ending: RotationResult | RotationError, standing: Standing | undefined): readonly Measurement[] {
  if (ending instanceof RotationError) return [[ending.name, 1]];
  switch (ending.outcome) {
    case "rotated":
    case "settled":
      return [
        [METRIC.heartbeat, 1],
        [METRIC.rotations, 1],
      ];
    case "idle":
    case "deferred":
      return [[METRIC.heartbeat, 1]];
    case "halted":
      // Whoever deploys today and seeds tomorrow has a rotation that is well.
      return [[standing?.current.kind === "absent" ? METRIC.heartbeat : METRIC.halts, 1]];
  }
}

const UNITS: Readonly<Record<string, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  [METRIC.secondsToAccessExpiry]: MetricUnit.Seconds,
  [METRIC.secondsToRefreshExpiry]: MetricUnit.Seconds,
  [METRIC.secondsSinceLastSuccess]: MetricUnit.Seconds,
  [METRIC.exchangeLatency]: MetricUnit.Milliseconds,
  [METRIC.exposureWindow]: MetricUnit.Milliseconds,
};

const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
// Powertools' own dimension `service` tells nothing apart, and an alarm would have to name it.
metrics.clearDefaultDimensions();

function write(connection: string, measurements: readonly Measurement[]): void {
  metrics.addDimension(METRIC_DIMENSION, connection);
  for (const [name, value] of measurements) metrics.addMetric(name, UNITS[name] ?? MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}
