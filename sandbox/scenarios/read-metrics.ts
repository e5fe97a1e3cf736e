/** What one tick wrote, by the metric's name. */
export type Metrics = Readonly<Record<string, number>>;

/** A line of the embedded metric format, as far as it is looked at. */
interface MetricLine {
  readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Metrics: readonly { readonly Name: string }[] }[] };
  readonly [name: string]: unknown;
}

/**
 * Reads the metrics out of what runs printed, as CloudWatch does. Where several runs wrote one, the last of them counts.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function readMetrics(output: string): Metrics {
  const metrics: Record<string, number> = {};
  for (const line of output.split("\n").filter((text) => text.startsWith('{"_aws":'))) {
    const written: MetricLine = JSON.parse(line);
    for (const { Metrics } of written._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics) metrics[Name] = Number(written[Name]);
    }
  }
  return metrics;
}
