import type { VersionId } from "../../lambda/rotation/ports.ts";
import type { Target } from "./command.ts";

/** What shows the function's warnings and failures of the last hours; `undefined` where nobody named the stack. It needs the AWS CLI v2. */
export function logCommandLine({ stack, region }: Target): string | undefined {
  if (stack === undefined) return undefined;
  const where = regionWords(region);
  const group =
    `aws lambda get-function-configuration --function-name ${stack.functionName}${where} ` +
    "--query LoggingConfig.LogGroup --output text";
  return `aws logs tail "$(${group})"${where} --since 3h --filter-pattern '{ $.level = "WARN" || $.level = "ERROR" }'`;
}

/** What deletes one copy from the escrow. */
export function deleteCopyCommandLine({ config, region }: Target, versionId: VersionId): string {
  return `aws ssm delete-parameter --name ${config.escrow?.prefix ?? ""}${versionId}${regionWords(region)}`;
}

function regionWords(region: string | undefined): string {
  return region === undefined ? "" : ` --region ${region}`;
}
