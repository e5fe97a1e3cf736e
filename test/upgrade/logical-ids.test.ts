import { expect, it } from "vitest";
import { stackTemplate } from "../infra/synthesis.ts";

/**
 * The logical ids of earlier templates. CloudFormation replaces a resource whose id changes; with a secret, the grant is lost. The role of the
 * schedules must stay too: schedules that the function made name it, and no deployment changes those.
 */
const DEPLOYED = {
  RotationTokenSecretB20C8425: "AWS::SecretsManager::Secret",
  RotationClientSecret21B4195B: "AWS::SecretsManager::Secret",
  RotationFunctionLogsCC6507BB: "AWS::Logs::LogGroup",
  RotationDeadLettersD3FBCA02: "AWS::SQS::Queue",
  RotationFunctionRole04C809CD: "AWS::IAM::Role",
  RotationFunction4F6B5A8F: "AWS::Lambda::Function",
  RotationFunctionLive68245CC9: "AWS::Lambda::Alias",
  RotationScheduleGroup015D9232: "AWS::Scheduler::ScheduleGroup",
  RotationScheduleRoleB3406043: "AWS::IAM::Role",
  RotationScheduleTick6EAF2FA5: "AWS::Scheduler::Schedule",
  RotationScheduleCensusE9634BF4: "AWS::Scheduler::Schedule",
  MonitoringTopic53EBA00F: "AWS::SNS::Topic",
  MonitoringDashboard2B969E55: "AWS::CloudWatch::Dashboard",
};

const { Resources: resources } = stackTemplate().toJSON();

it("keeps the logical ids under which resources are deployed", () => {
  // given the template of this version
  // when
  const kept = Object.keys(DEPLOYED).map((id) => [id, resources[id]?.Type]);

  // then
  expect(Object.fromEntries(kept)).toEqual(DEPLOYED);
});

it("keeps the secrets and the log when CloudFormation replaces or deletes their resources", () => {
  // given the template of this version
  // when
  const ids = ["RotationTokenSecretB20C8425", "RotationClientSecret21B4195B", "RotationFunctionLogsCC6507BB"];
  const policies = ids.flatMap((id) => [resources[id]?.DeletionPolicy, resources[id]?.UpdateReplacePolicy]);

  // then
  expect(new Set(policies)).toEqual(new Set(["RetainExceptOnCreate", "Retain"]));
});

it("looks for further connections, and puts their schedules, where the version before did", () => {
  // given the template of this version
  // when
  const { Variables: variables } = resources["RotationFunction4F6B5A8F"]?.Properties.Environment ?? {};

  // then
  expect(variables).toMatchObject({
    CONNECTION_PREFIX: "XtTokenRotation/Rotation/",
    SCHEDULE_GROUP_NAME: "XtTokenRotation-Schedule-Group-F55E3AEA",
  });
});

it("looks for escrowed pairs where the version before wrote them", () => {
  // given the template of this version
  // when
  const { Variables: variables } = resources["RotationFunction4F6B5A8F"]?.Properties.Environment ?? {};

  // then
  expect(variables.ESCROW_PARAMETER_PREFIX).toBe(
    "/xt-token-rotation/XtTokenRotation/c868b58920a6583db0e0882a893fefcc33a9f9257d/",
  );
});
