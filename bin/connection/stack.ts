import { awsErrorName } from "../../lambda/adapters/aws-error.ts";
import { ENVIRONMENT } from "../../lambda/contract.ts";
import { CREDENTIALS_REMEDY, isAboutCredentials } from "../command-line/aws-failure.ts";
import type { Deployment } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import type { Naming } from "../command-line/naming.ts";

/** A stack's outputs by their names. */
export type Outputs = Readonly<Record<string, string>>;

/** @throws CommandFailure where the stack cannot be asked */
export type AskStack = (naming: Naming) => Promise<Outputs>;

/** What a stack says of its connection. */
export interface Stack {
  /** Under the names of the function's environment variables. */
  readonly settings: Naming["options"];
  readonly deployment: Deployment;
}

/** @throws CommandFailure where it is not a stack of ours */
export function readStack(stackName: string, outputs: Outputs): Stack {
  const missing = ["TokenSecretArn", "ClientSecretArn", "FunctionName"].filter((name) => !outputs[name]);
  if (missing.length > 0) {
    throw new CommandFailure(
      `the stack ${stackName} has no output ${missing.join(", ")}, name the stack that deployed the connection with --stack, or both ` +
        "secrets with --token-secret and --client-secret",
    );
  }
  const { FunctionName: functionName = "", ScheduleGroupName: group, ScheduleName: name } = outputs;
  const { RedirectUri: redirectUri } = outputs;
  return {
    settings: {
      [ENVIRONMENT.tokenSecretId]: outputs["TokenSecretArn"],
      [ENVIRONMENT.clientSecretId]: outputs["ClientSecretArn"],
      [ENVIRONMENT.baseUrl]: outputs["BaseUrl"],
      [ENVIRONMENT.unknownOutcomePolicy]: outputs["UnknownOutcomePolicy"],
      [ENVIRONMENT.exchangeTimeoutMs]: outputs["ExchangeTimeoutMs"],
      [ENVIRONMENT.escrowParameterPrefix]: outputs["EscrowParameterPrefix"],
      [ENVIRONMENT.escrowKeyId]: outputs["EscrowKeyId"],
    },
    deployment: { stackName, functionName, schedule: group && name ? { group, name } : undefined, redirectUri },
  };
}

/** Asks CloudFormation, whose client is loaded only here. */
export const askCloudFormation: AskStack = async ({ stackName, region }) => {
  const { CloudFormationClient, DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    return Object.fromEntries(
      (stack?.Outputs ?? []).map(({ OutputKey: key = "", OutputValue: value = "" }) => [key, value]),
    );
  } catch (error) {
    const code = awsErrorName(error);
    throw new CommandFailure(
      `DescribeStacks on ${stackName} failed with ${code}, ${remedy(code, await client.config.region())}`,
    );
  } finally {
    client.destroy();
  }
};

const NAME_THEM = "name both secrets with --token-secret and --client-secret";

function remedy(code: string, region: string): string {
  if (isAboutCredentials(code)) return CREDENTIALS_REMEDY;
  switch (code) {
    case "ValidationError":
      return `${region} has no such stack: check --stack, --region and the account, or ${NAME_THEM}`;
    case "AccessDenied":
    case "AccessDeniedException":
      return `allow cloudformation:DescribeStacks, or ${NAME_THEM}`;
    default:
      return `check the network and the region, or ${NAME_THEM}`;
  }
}
