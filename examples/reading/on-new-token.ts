import { type IRuleTarget, Rule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";

/** Tells a target of each new access token of one connection. */
export function onNewToken(scope: Construct, target: IRuleTarget): Rule {
  return new Rule(scope, "NewXtToken", {
    eventPattern: {
      source: ["xt-token-rotation"],
      detailType: ["XT Access Token Published"],
      detail: { schema: [1], connection: ["default"] },
    },
    targets: [target],
  });
}
