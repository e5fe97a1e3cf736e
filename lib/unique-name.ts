import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/**
 * The stack's name and the path to the construct: unique in the account and Region, and readable. Each part has only letters, digits,
 * hyphens and underscores. Names of alarms, dashboards and secrets allow these.
 */
export function uniqueName(construct: Construct, separator: "-" | "/"): string {
  const stack = Stack.of(construct);
  const path = construct.node.path.slice(stack.node.path.length + 1).split("/");
  // The stack's name stays as it is: it has no other characters, and may be a token.
  return [stack.stackName, ...path.map((id) => id.replaceAll(/[^\w-]/g, "-"))].join(separator);
}
