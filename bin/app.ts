import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readSettings, type Settings, SettingsError } from "../lib/settings.ts";
import { XtTokenRotationStack } from "../lib/xt-token-rotation-stack.ts";

const app = new App();
const settings = settingsOrExit();
// The id is fixed and only the stack's name a setting, so that `cdk deploy XtTokenRotation` always means this stack.
const stack = new XtTokenRotationStack(app, "XtTokenRotation", settings);

Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
// Every secret: the rule looks for Secrets Manager's native rotation, and docs/decisions/native-rotation.md says why it is not there. The
// client credentials can be changed at XT alone, by a person.
Validations.of(stack.rotation).acknowledge({
  id: "AwsSolutions-SMG4",
  reason: "EventBridge Scheduler rotates the token pair and its copy; XT offers no way to rotate client credentials",
});

// The escrow's parameters are named after versions that do not exist yet, so their policy must end in a wildcard.
Validations.of(stack.rotation).acknowledge({
  id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter${stack.rotation.escrowPrefix}*]`,
  reason: "The wildcard covers the names below the escrow's own prefix, which no other program uses",
});

/** A setting at fault is the caller's to mend: its message says how, and a stack trace would bury it. */
function settingsOrExit(): Settings {
  try {
    return readSettings(app.node.getAllContext());
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}
