import { type Answer, type Aws, type Call, textIn } from "./aws-calls.ts";
import type { Access, Held } from "./deployment.ts";

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
  const [token, client] = await Promise.all([aws.call(read(secrets.token)), aws.call(read(secrets.client))]);
  return { token: valueIn(token), client: valueIn(client), labels: Object(described).output?.VersionIdsToStages };
}

/** With AWSCURRENT named: moto may answer with another version where it is not. */
function read(SecretId: string): Call {
  return ["secretsmanager", "get_secret_value", { SecretId, VersionStage: "AWSCURRENT" }];
}

function valueIn(answer: Answer): unknown {
  return answer.kind === "refused" ? answer : JSON.parse(textIn(answer, "output", "SecretString"));
}

/** Tries with a role's permissions what a reader may and may not do. */
export async function tryAccess(aws: Aws, secrets: Secrets, roleArn: string): Promise<Access> {
  // Whether or not the function has run: a reader that is refused by an empty secret would prove nothing.
  await aws.call(put(secrets.accessToken));
  const session = await aws.assume(roleArn);
  return {
    readAccessToken: await aws.call(read(secrets.accessToken), session),
    describeAccessToken: await aws.call(describe(secrets.accessToken), session),
    writeAccessToken: await aws.call(put(secrets.accessToken), session),
    readTokenPair: await aws.call(read(secrets.token), session),
    describeTokenPair: await aws.call(describe(secrets.token), session),
    writeTokenPair: await aws.call(put(secrets.token), session),
    readClientSecret: await aws.call(read(secrets.client), session),
  };
}

function describe(SecretId: string): Call {
  return ["secretsmanager", "describe_secret", { SecretId }];
}

function put(SecretId: string): Call {
  return ["secretsmanager", "put_secret_value", { SecretId, SecretString: '{"access_token":"by-hand"}' }];
}
