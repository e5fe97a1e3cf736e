import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { XtTokenRotation, type XtTokenRotationProps } from "../../lib/xt-token-rotation.ts";
import { XtTokenRotationStack, type XtTokenRotationStackProps } from "../../lib/xt-token-rotation-stack.ts";

export const PROJECT_ROOT = join(import.meta.dirname, "..", "..");

/** An app with the project's own feature flags, which decide what the library generates, and without bundling, which costs time. */
export function appWithoutBundling(): App {
  const { context } = JSON.parse(readFileSync(join(PROJECT_ROOT, "cdk.json"), "utf8"));
  return new App({ context: { ...context, "aws:cdk:bundling-stacks": [] } });
}

/** The template of the deployed stack. */
export function stackTemplate(props: XtTokenRotationStackProps = {}): Template {
  return Template.fromStack(new XtTokenRotationStack(appWithoutBundling(), "XtTokenRotation", props));
}

/** The template of a stack that holds the construct and whatever a test puts around it. */
export function constructTemplate(
  propsIn: (stack: Stack) => XtTokenRotationProps,
  after: (rotation: XtTokenRotation, stack: Stack) => void = () => {},
): Template {
  const stack = new Stack(appWithoutBundling(), "Test");
  after(new XtTokenRotation(stack, "Rotation", propsIn(stack)), stack);
  return Template.fromStack(stack);
}

interface Policy {
  readonly Properties: {
    readonly Roles: readonly { readonly Ref: string }[];
    readonly PolicyDocument: { readonly Statement: readonly Readonly<Record<string, unknown>>[] };
  };
}

/** Every statement of every inline policy of the roles whose logical id starts so. */
export function statementsOf(template: Template, rolePrefix: string): readonly Readonly<Record<string, unknown>>[] {
  const policies: readonly Policy[] = Object.values(
    template.findResources("AWS::IAM::Policy") as Record<string, Policy>,
  );
  return policies
    .filter((policy) => policy.Properties.Roles.some((role) => role.Ref.startsWith(rolePrefix)))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);
}

/** The properties of the only resource of a type, of those whose logical id starts so. */
export function only(template: Template, type: string, idPrefix = ""): Readonly<Record<string, unknown>> {
  const resources = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(idPrefix));
  if (resources.length !== 1) throw new Error(`${type}: found ${resources.length}, expected one`);
  return resources[0]?.[1]["Properties"] ?? {};
}

/** The properties of the schedule that ticks `default`. */
export function tickOf(template: Template): Readonly<Record<string, unknown>> {
  return only(template, "AWS::Scheduler::Schedule", "RotationScheduleTick");
}
