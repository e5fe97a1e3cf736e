import type { Template } from "aws-cdk-lib/assertions";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { RotationMonitoring, type RotationMonitoringProps } from "../../lib/rotation-monitoring.ts";
import { constructTemplate, only } from "./synthesis.ts";

/** A stack `Test` with one rotation and its monitoring. */
export function monitoringTemplate(
  props: Omit<RotationMonitoringProps, "rotation"> = {},
  schedule?: ScheduleExpression,
): Template {
  return constructTemplate(
    () => (schedule === undefined ? {} : { schedule }),
    (rotation, stack) => {
      new RotationMonitoring(stack, "Monitoring", { ...props, rotation });
    },
  );
}

/** The properties of each alarm, by the alarm's id. */
export function alarmsOf(template: Template): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
    ({ Properties }): Readonly<Record<string, unknown>> => Properties,
  );
  return Object.fromEntries(alarms.map((alarm) => [String(alarm["AlarmName"]).replace(/^.*-/, ""), alarm]));
}

/** One widget, as CloudWatch's dashboard body has it. */
export interface Widget {
  readonly type: "alarm" | "log" | "metric" | "text";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly query?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number; readonly label: string }[] };
    readonly yAxis?: { readonly left?: { readonly max?: number } };
  };
}

/** The dashboard's widgets, with what only the deployment knows in angle brackets. */
export function widgetsOf(template: Template): readonly Widget[] {
  const body = flatten(only(template, "AWS::CloudWatch::Dashboard")["DashboardBody"]);
  const { widgets }: { readonly widgets: readonly Widget[] } = JSON.parse(body);
  return widgets;
}

/** A text that CloudFormation joins, with references in angle brackets. */
export function flatten(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) throw new Error(`found ${typeof value} in a body`);
  if ("Fn::Join" in value && Array.isArray(value["Fn::Join"])) return value["Fn::Join"][1].map(flatten).join("");
  if ("Ref" in value) return `<${value.Ref}>`;
  if ("Fn::GetAtt" in value && Array.isArray(value["Fn::GetAtt"])) return `<${value["Fn::GetAtt"].join(".")}>`;
  throw new Error(`found ${Object.keys(value).join(", ")} in a body`);
}
