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

// Nobody knows the names of what the function will make. So each policy ends in a wildcard, after a prefix that only this stack has.
const { escrowPrefix, connectionPrefix, scheduleGroup } = stack.rotation;
const secrets = `secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:${connectionPrefix}`;
const schedules = `scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${scheduleGroup.scheduleGroupName}`;
const wildcards = {
  [`ssm:<AWS::Region>:<AWS::AccountId>:parameter${escrowPrefix}*`]:
    "The wildcard covers the names below the escrow's own prefix, which no other program uses",
  [`${secrets}*`]:
    "The wildcard covers secrets of connections that do not exist yet; it makes and restores them, and reads none",
  [`${secrets}*/pair-??????`]: "The wildcard covers token secrets of connections that do not exist yet",
  [`${secrets}*/access-token-??????`]: "The wildcard covers access-token secrets of connections that do not exist yet",
  [`${schedules}/*`]: "The wildcard covers schedules of connections that do not exist yet, in the stack's own group",
};
for (const [resource, reason] of Object.entries(wildcards)) {
  const id = `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:${resource}]`;
  Validations.of(stack.rotation).acknowledge({ id, reason });
}
Validations.of(stack.rotation).acknowledge({
  id: "AwsSolutions-IAM5[Resource::*]",
  reason: "IAM cannot limit ListSecrets and ListSchedules to a resource; they show names and no values",
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
