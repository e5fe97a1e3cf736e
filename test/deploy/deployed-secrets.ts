import { type Answer, type Aws, type Call, textIn } from "./aws-calls.ts";
import type { Access, Held } from "./deployment.ts";

/** The ARNs of both secrets. */
export interface Secrets {
  readonly token: string;
  readonly client: string;
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
  return { token: value("TokenSecretArn"), client: value("ClientSecretArn") };
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
  const session = await aws.assume(roleArn);
  const write: Call = ["secretsmanager", "put_secret_value", { SecretId: secrets.token, SecretString: "{}" }];
  return {
    readTokenSecret: await aws.call(read(secrets.token), session),
    describeTokenSecret: await aws.call(["secretsmanager", "describe_secret", { SecretId: secrets.token }], session),
    writeTokenSecret: await aws.call(write, session),
    readClientSecret: await aws.call(read(secrets.client), session),
  };
}
