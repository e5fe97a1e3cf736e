import { type IRuleTarget, Rule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";

/** Tells a target of each user who must connect again. */
export function onPersonNeeded(scope: Construct, target: IRuleTarget): Rule {
  return new Rule(scope, "XtPersonNeeded", {
    eventPattern: {
      source: ["xt-token-rotation"],
      detailType: ["XT Connection State Changed"],
      detail: { schema: [1], connection: [{ prefix: "user-" }], verdict: { severity: [4] } },
    },
    targets: [target],
  });
}
