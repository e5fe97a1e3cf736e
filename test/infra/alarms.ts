import type { Template } from "aws-cdk-lib/assertions";

interface Stat {
  readonly Metric: MetricName & { readonly Dimensions: MetricAlarm["Dimensions"] };
  readonly Stat: string;
  readonly Period: number;
}

interface MetricName {
  readonly Namespace: string;
  readonly MetricName: string;
}

interface Acting {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: unknown;
  readonly OKActions?: unknown;
}

interface MetricAlarm extends Acting, Partial<MetricName> {
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Statistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly { readonly Id: string; readonly Expression?: string; readonly MetricStat?: Stat }[];
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly TreatMissingData: string;
}

interface Composite extends Acting {
  readonly AlarmRule: { readonly "Fn::Join": readonly [string, readonly (string | GetAtt)[]] };
  readonly ActionsSuppressor?: GetAtt;
  readonly ActionsSuppressorWaitPeriod?: number;
  readonly ActionsSuppressorExtensionPeriod?: number;
}

interface GetAtt {
  readonly "Fn::GetAtt": readonly [string, string];
}

const SIGN: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: ">=",
  LessThanThreshold: "<",
};

function propertiesOf<T>(template: Template, type: string): readonly (readonly [logicalId: string, T])[] {
  const resources: readonly (readonly [string, { readonly Properties: T }])[] = Object.entries(
    template.findResources(type),
  ).map(([id, { Properties }]) => [id, { Properties }]);
  return resources.map(([id, { Properties }]) => [id, Properties]);
}

/** The alarm's id: what its name says after the stack and the monitoring. */
function idOf({ AlarmName }: Acting): string {
  return AlarmName.replace(/^.*-Monitoring-/, "");
}

function actionsOf({ AlarmActions, OKActions }: Acting): readonly unknown[] {
  return [AlarmActions, OKActions].filter((actions) => actions !== undefined);
}

function dimensionsOf(dimensions: MetricAlarm["Dimensions"] = []) {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}

/** The metric alarms by their ids, in the words of a person. */
export function alarmsOf(template: Template) {
  const alarms = propertiesOf<MetricAlarm>(template, "AWS::CloudWatch::Alarm");
  return Object.fromEntries(
    alarms.map(([, alarm]) => [idOf(alarm), { ...readAlarm(alarm), actions: actionsOf(alarm) }]),
  );
}

function readAlarm(alarm: MetricAlarm) {
  const stats = (alarm.Metrics ?? []).flatMap(({ Id, MetricStat }) => (MetricStat ? [[Id, MetricStat] as const] : []));
  const seconds = alarm.Period ?? stats[0]?.[1].Period ?? Number.NaN;
  const shared = {
    comparison: `${SIGN[alarm.ComparisonOperator]} ${alarm.Threshold}`,
    missing: alarm.TreatMissingData,
    window: `${alarm.DatapointsToAlarm} of ${alarm.EvaluationPeriods} x ${seconds / 60} min`,
  };
  const expression = alarm.Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression;
  if (expression === undefined) {
    const metric = `${alarm.Namespace} ${alarm.MetricName} ${alarm.Statistic}`;
    return { ...shared, metric, dimensions: dimensionsOf(alarm.Dimensions) };
  }
  const operands = stats.map(([id, { Metric, Stat }]) => [
    id,
    { metric: `${Metric.Namespace} ${Metric.MetricName} ${Stat}`, dimensions: dimensionsOf(Metric.Dimensions) },
  ]);
  return { ...shared, metric: expression, operands: Object.fromEntries(operands) };
}

/** The composite alarms by their ids; other alarms are named by theirs. */
export function compositeAlarmsOf(template: Template) {
  const ids = new Map(
    propertiesOf<Acting>(template, "AWS::CloudWatch::Alarm").map(([logicalId, alarm]) => [logicalId, idOf(alarm)]),
  );
  const named = (reference: GetAtt) => ids.get(reference["Fn::GetAtt"][0]) ?? "";
  const composites = propertiesOf<Composite>(template, "AWS::CloudWatch::CompositeAlarm").map(([, alarm]) => {
    const parts = alarm.AlarmRule["Fn::Join"][1];
    const { ActionsSuppressor: suppressor } = alarm;
    const composite = {
      rule: parts.map((part) => (typeof part === "string" ? part.replaceAll('"', "") : named(part))).join(""),
      suppressor: suppressor && named(suppressor),
      waitMinutes: (alarm.ActionsSuppressorWaitPeriod ?? 0) / 60,
      extensionMinutes: (alarm.ActionsSuppressorExtensionPeriod ?? 0) / 60,
      actions: actionsOf(alarm),
    };
    return [idOf(alarm), composite] as const;
  });
  return Object.fromEntries(composites);
}

/** What notifications say, by the id of the alarm: its description, for every alarm that tells anybody. */
export function descriptionsOf(template: Template): Readonly<Record<string, string>> {
  const all = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"].flatMap((type) =>
    propertiesOf<Acting>(template, type).map(([, alarm]) => alarm),
  );
  const telling = all.filter((alarm) => actionsOf(alarm).length > 0);
  return Object.fromEntries(telling.map((alarm) => [idOf(alarm), alarm.AlarmDescription]));
}
