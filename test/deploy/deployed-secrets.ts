import { type Answer, type Aws, type Call, textIn } from "./aws-calls.ts";
import type { DeployedFunction } from "./deployed-function.ts";
import type { Access, FurtherAccess, Held, Version } from "./deployment.ts";

const BY_HAND = '{"access_token":"by-hand"}';

/** The ARNs of the stack's secrets. */
export interface Secrets {
  readonly token: string;
  readonly client: string;
  readonly accessToken: string;
}

/** As the stack's outputs name them. */
export async function findSecrets(aws: Aws, stackName: string): Promise<Secrets> {
  const answer = await aws.call(["cloudformation", "describe_stacks", { StackName: stackName }]);
  const { Outputs: outputs } = Object(answer).output.Stacks[0];
  const value = (key: string) =>
    textIn(
      outputs.find((output: Readonly<Record<string, string>>) => output["OutputKey"] === key),
      "OutputValue",
    );
  return {
    token: value("TokenSecretArn"),
    client: value("ClientSecretArn"),
    accessToken: value("AccessTokenSecretArn"),
  };
}

export async function lookInto(aws: Aws, secrets: Secrets): Promise<Held> {
  const described = await aws.call(["secretsmanager", "describe_secret", { SecretId: secrets.token }]);
  const version = async (secretId: string) => versionIn(await aws.call(read(secretId)));
  return {
    token: await version(secrets.token),
    client: await version(secrets.client),
    accessToken: await version(secrets.accessToken),
    labels: Object(described).output?.VersionIdsToStages,
  };
}

/** With AWSCURRENT named: moto may answer with another version where it is not. */
function read(SecretId: string): Call {
  return ["secretsmanager", "get_secret_value", { SecretId, VersionStage: "AWSCURRENT" }];
}

function versionIn(answer: Answer): Version {
  if (answer.kind === "refused") return { versionId: undefined, value: answer };
  return {
    versionId: textIn(answer, "output", "VersionId"),
    value: JSON.parse(textIn(answer, "output", "SecretString")),
  };
}

/** Where nothing runs the function that the command line would ask: every secret gets a value as a person would put it there. */
export async function seedByHand(aws: Aws, secrets: Secrets, seed: string): Promise<void> {
  const { client_id, client_secret, refresh_token } = JSON.parse(seed);
  await aws.call(put(secrets.client, JSON.stringify({ client_id, client_secret })));
  await aws.call(put(secrets.token, JSON.stringify({ refresh_token })));
  await aws.call(put(secrets.accessToken, BY_HAND));
}

/** Tries with a role's permissions what a reader may and may not do. */
export async function tryAccess(aws: Aws, secrets: Secrets, roleArn: string): Promise<Access> {
  const session = await aws.assume(roleArn);
  return {
    readAccessToken: await aws.call(read(secrets.accessToken), session),
    describeAccessToken: await aws.call(describe(secrets.accessToken), session),
    writeAccessToken: await aws.call(put(secrets.accessToken, BY_HAND), session),
    readTokenPair: await aws.call(read(secrets.token), session),
    describeTokenPair: await aws.call(describe(secrets.token), session),
    writeTokenPair: await aws.call(put(secrets.token, BY_HAND), session),
    readClientSecret: await aws.call(read(secrets.client), session),
  };
}

/** Tries what roles may read of further connections. @param prefix beginning of their secrets' names */
export async function tryFurtherAccess(
  aws: Aws,
  prefix: string,
  roleArns: { readonly one: string; readonly all: string },
): Promise<FurtherAccess> {
  const [one, all] = [await aws.assume(roleArns.one), await aws.assume(roleArns.all)];
  const its = read(`${prefix}user-42/access-token`);
  const another = read(`${prefix}user-43/access-token`);
  const itsPair = read(`${prefix}user-42/pair`);
  return {
    oneReadsIts: await aws.call(its, one),
    oneReadsAnother: await aws.call(another, one),
    oneReadsItsPair: await aws.call(itsPair, one),
    allReadsIts: await aws.call(its, all),
    allReadsAnother: await aws.call(another, all),
    allReadsAPair: await aws.call(itsPair, all),
  };
}

/** Tries with the function's permissions what it must not do with connections. */
export async function tryMisuse(
  aws: Aws,
  { roleArn, environment }: Pick<DeployedFunction, "roleArn" | "environment">,
): Promise<Readonly<Record<string, Answer>>> {
  const session = await aws.assume(roleArn);
  const { CONNECTION_PREFIX: prefix, SCHEDULE_GROUP_NAME: GroupName, SCHEDULE_ROLE_ARN: RoleArn } = environment;
  const schedule = (place: object, target: object): Call => {
    const Target = { Arn: "arn:aws:lambda:us-east-1:123456789012:function:any", RoleArn, ...target };
    const when = { ScheduleExpression: "rate(1 hour)", FlexibleTimeWindow: { Mode: "OFF" } };
    return ["scheduler", "create_schedule", { Name: "misuse", GroupName, ...when, ...place, Target }];
  };
  return {
    makeSecretElsewhere: await aws.call(["secretsmanager", "create_secret", { Name: "elsewhere/pair" }], session),
    makeScheduleElsewhere: await aws.call(schedule({ GroupName: "default" }, {}), session),
    passAnotherRole: await aws.call(schedule({}, { RoleArn: roleArn }), session),
    readAccessToken: await aws.call(read(`${prefix}user-42/access-token`), session),
    deleteSecret: await aws.call(["secretsmanager", "delete_secret", { SecretId: `${prefix}user-42/pair` }], session),
    deleteSchedule: await aws.call(["scheduler", "delete_schedule", { GroupName, Name: "user-42" }], session),
  };
}

function describe(SecretId: string): Call {
  return ["secretsmanager", "describe_secret", { SecretId }];
}

function put(SecretId: string, SecretString: string): Call {
  return ["secretsmanager", "put_secret_value", { SecretId, SecretString }];
}
