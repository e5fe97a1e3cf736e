import type { DescribeSecretResponse } from "@aws-sdk/client-secrets-manager";
import { connectionSecretNames, DEFAULT_CONNECTION, ENVIRONMENT } from "../lambda/contract.ts";
import { commandLineFor, type Options } from "./arguments.ts";
import { CommandFailure } from "./failure.ts";

/** The function of one connection, found. */
export interface Target {
  readonly connection: string;
  /** Absent where the function was named without a stack. */
  readonly stackName: string | undefined;
  /** The stack's outputs by name. */
  readonly outputs: Readonly<Record<string, string | undefined>>;
  /** With its alias. */
  readonly functionName: string;
  readonly functionArn: string;
  readonly region: string;
  readonly account: string;
  /** An endpoint of the person's own instead of AWS's. */
  readonly endpoint: string | undefined;
  /** The function's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logGroup: string | undefined;
  /** How long the function may run, in milliseconds. */
  readonly timeoutMs: number;
  /** Completes words such as `rotate --now` to what a person types for this connection. */
  commandLine(words: string): string;
}

/**
 * Finds the function by its stack or by its own name, and reads how it is set up.
 *
 * @throws CommandFailure
 */
export async function findTarget(options: Options): Promise<Target> {
  const { LambdaClient, GetFunctionConfigurationCommand } = await import("@aws-sdk/client-lambda");
  const regionInArn = /^arn:[\w-]+:lambda:([\w-]+):/.exec(options.function ?? "")?.[1];
  const client = new LambdaClient(regionInArn === undefined ? {} : { region: regionInArn });
  const region = await client.config.region().catch(() => {
    throw new CommandFailure("no AWS Region is configured, set AWS_REGION or choose an AWS_PROFILE that has one");
  });
  const stackName = options.function === undefined ? options.stack : undefined;
  const outputs = stackName === undefined ? {} : await readOutputs(stackName, region);
  const functionName = options.function ?? outputs["FunctionName"];
  if (functionName === undefined) {
    throw new CommandFailure(
      `the stack ${stackName} in ${region} has no output FunctionName, give the right stack with --stack or the function with --function`,
    );
  }
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const found = await callAws("lambda:GetFunctionConfiguration", functionName, region, () => client.send(command));
  const { FunctionArn: functionArn = "" } = found;
  return {
    connection: options.connection,
    stackName,
    outputs,
    functionName,
    functionArn,
    region,
    account: functionArn.split(":")[4] ?? "unknown",
    endpoint: process.env["AWS_ENDPOINT_URL_LAMBDA"] ?? process.env["AWS_ENDPOINT_URL"],
    environment: found.Environment?.Variables ?? {},
    logGroup: found.LoggingConfig?.LogGroup,
    timeoutMs: (found.Timeout ?? 900) * 1_000,
    commandLine: (words) => commandLineFor(options, words),
  };
}

async function readOutputs(stackName: string, region: string): Promise<Target["outputs"]> {
  const { CloudFormationClient, DescribeStacksCommand } = await import("@aws-sdk/client-cloudformation");
  const client = new CloudFormationClient({ region });
  const command = new DescribeStacksCommand({ StackName: stackName });
  const answer = await callAws("cloudformation:DescribeStacks", stackName, region, () => client.send(command));
  return Object.fromEntries(
    (answer.Stacks?.[0]?.Outputs ?? []).map(({ OutputKey: key = "", OutputValue: value }) => [key, value]),
  );
}

/** What AWS says about a secret without its value; `undefined` if the secret does not exist. @throws CommandFailure */
export async function describeSecret(secretId: string, region: string): Promise<DescribeSecretResponse | undefined> {
  const { SecretsManagerClient, DescribeSecretCommand } = await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({ region });
  const command = new DescribeSecretCommand({ SecretId: secretId });
  return callAws("secretsmanager:DescribeSecret", secretId, region, () => unlessAbsent(client.send(command)));
}

/** The token secret of the connection, as far as it is known without the function. */
export function tokenSecretOf(target: Target): string | undefined {
  const { connection, environment, outputs } = target;
  if (connection !== DEFAULT_CONNECTION) return furtherSecretsOf(target)?.pair;
  return environment[ENVIRONMENT.tokenSecretId] ?? outputs["TokenSecretArn"];
}

/** Names of the secrets of a further connection; `undefined` if the function has no settings for further connections. */
export function furtherSecretsOf({ connection, environment }: Target) {
  const prefix = environment[ENVIRONMENT.connectionPrefix];
  return prefix === undefined ? undefined : connectionSecretNames(prefix, connection);
}

/** Name of the group that holds all schedules; `undefined` if neither the stack nor the function names it. */
export function scheduleGroupOf({ environment, outputs }: Target): string | undefined {
  return outputs["ScheduleGroupName"] ?? environment[ENVIRONMENT.scheduleGroupName];
}

/** The answer, or `undefined` if AWS says that the resource does not exist. */
export async function unlessAbsent<T>(sent: Promise<T>): Promise<T | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (errorCode(error) !== "ResourceNotFoundException") throw error;
    return undefined;
  }
}

/**
 * Calls AWS, and says in a sentence what went wrong: which action, on what, the error's name, and what to check. The error's own text is
 * left out, since it may repeat the request.
 *
 * @param action as IAM names it
 * @throws CommandFailure
 */
export async function callAws<T>(action: string, on: string, region: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw awsFailure(action, on, region, errorCode(error));
  }
}

export function awsFailure(action: string, on: string, region: string, code: string): CommandFailure {
  return new CommandFailure(`${action} on ${on} in ${region} failed with ${code}: ${remedy(action, on, code)}`);
}

/** The service's name for an error, or the system's where the service was not reached (`ECONNREFUSED`). */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "UnknownError";
  const word = error.name === "Error" && "code" in error ? String(error.code) : error.name;
  return /^\w{1,64}$/.test(word) ? word : "UnknownError";
}

/** How AWS's services and its SDK tell that they do not know who signed a request. */
const ABOUT_CREDENTIALS =
  /^(ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|CredentialsProviderError|TokenProviderError)/;

/** Failures before anything was sent. */
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** Whether a request that failed may have been carried out. */
export function mayBeDone(error: unknown): boolean {
  const status = error instanceof Error && "$metadata" in error ? statusIn(error.$metadata) : undefined;
  if (status !== undefined) return status >= 500;
  const code = errorCode(error);
  return !UNSENT.test(code) && !ABOUT_CREDENTIALS.test(code);
}

function statusIn(metadata: unknown): number | undefined {
  const isKnown = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata;
  return isKnown && typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}

function remedy(action: string, on: string, code: string): string {
  if (ABOUT_CREDENTIALS.test(code)) {
    return "the AWS credentials are missing, expired or wrong, sign in again (aws sso login) or choose another AWS_PROFILE";
  }
  if (code.startsWith("AccessDenied")) {
    const key = /^secretsmanager:(Put|Create)/.test(action)
      ? ", and kms:Decrypt and kms:GenerateDataKey on its key"
      : "";
    return `allow your role ${action} on it${key}, or choose another AWS_PROFILE (docs/operator-permissions.md)`;
  }
  if (UNSENT.test(code)) return "the address was not reached, check the network, AWS_REGION and AWS_ENDPOINT_URL";
  switch (code) {
    case "ValidationError":
      return "there is no such stack, check --stack, AWS_REGION and the account of your credentials";
    case "ResourceNotFoundException":
      return "it does not exist, check --stack or --function, AWS_REGION and the account of your credentials, or deploy the stack";
    case "InvalidRequestException":
      return `if the secret is marked for deletion, restore it: aws secretsmanager restore-secret --secret-id ${on}`;
    case "ResourceExistsException":
      return "somebody else wrote it at the same time, type npx --no xt-token status before you type this again";
    case "ThrottlingException":
    case "TooManyRequestsException":
      return "AWS asks for fewer requests, type the same command again in a minute";
    default:
      return "check the network, AWS_REGION and AWS_ENDPOINT_URL, then type the same command again";
  }
}
