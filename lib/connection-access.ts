import { Stack } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { secretArn } from "./connection-secrets.ts";
import type { RotationSchedule } from "./rotation-schedule.ts";

/**
 * Lets the rotation make and list further connections: secrets below one prefix, and schedules in one group with one role. It grants no
 * access to the secrets' values.
 *
 * The wildcards are needed: nobody knows the names before the connections exist, and IAM cannot limit the two listings to a resource.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export function grantMakingConnections(
  grantee: IGrantable,
  prefix: string,
  { group, role }: Pick<RotationSchedule, "group" | "role">,
): Grant {
  const onSecrets = Grant.addToPrincipal({
    grantee,
    // CreateSecret with tags needs TagResource.
    actions: ["secretsmanager:CreateSecret", "secretsmanager:TagResource", "secretsmanager:RestoreSecret"],
    resourceArns: [secretArn(group, `${prefix}*`)],
  });
  const onLists = Grant.addToPrincipal({
    grantee,
    actions: ["secretsmanager:ListSecrets", "scheduler:ListSchedules"],
    resourceArns: ["*"],
  });
  const onSchedules = Grant.addToPrincipal({
    grantee,
    actions: ["scheduler:CreateSchedule", "scheduler:UpdateSchedule"],
    resourceArns: [
      Stack.of(group).formatArn({
        service: "scheduler",
        resource: "schedule",
        resourceName: `${group.scheduleGroupName}/*`,
      }),
    ],
  });
  const onRole = Grant.addToPrincipal({
    grantee,
    actions: ["iam:PassRole"],
    resourceArns: [role.roleArn],
    conditions: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
  });
  return onSecrets.combine(onLists).combine(onSchedules).combine(onRole);
}
