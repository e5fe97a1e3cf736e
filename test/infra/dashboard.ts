import type { Template } from "aws-cdk-lib/assertions";
import { only } from "./synthesis.ts";

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
  };
}

/** The widgets, with what only the deployment knows in angle brackets. */
export function widgetsOf(template: Template): readonly Widget[] {
  const body = flatten(only(template, "AWS::CloudWatch::Dashboard")["DashboardBody"]);
  const { widgets }: { readonly widgets: readonly Widget[] } = JSON.parse(body);
  return widgets;
}

/** `Namespace Metric {dimensions}` of everything that is drawn, expressions apart, without repetition. */
export function metricsDrawn(widgets: readonly Widget[]): readonly string[] {
  const rows = widgets.flatMap(({ properties }) => properties.metrics ?? []);
  const drawn = rows.flatMap((row) => {
    const names = row.filter((cell) => typeof cell === "string");
    return names.length < 2 ? [] : [names.filter((_, index) => index < 2 || index % 2 === 1).join(" ")];
  });
  return [...new Set(drawn)];
}

function flatten(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) throw new Error(`found ${typeof value} in a body`);
  if ("Fn::Join" in value && Array.isArray(value["Fn::Join"])) return value["Fn::Join"][1].map(flatten).join("");
  if ("Ref" in value) return `<${value.Ref}>`;
  if ("Fn::GetAtt" in value && Array.isArray(value["Fn::GetAtt"])) return `<${value["Fn::GetAtt"].join(".")}>`;
  throw new Error(`found ${Object.keys(value).join(", ")} in a body`);
}
