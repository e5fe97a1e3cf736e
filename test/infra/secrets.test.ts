import { Key } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { expect, it } from "vitest";
import { constructTemplate, stackTemplate, statementsOf } from "./synthesis.ts";

const template = stackTemplate();
const secrets = template.findResources("AWS::SecretsManager::Secret");

it("keeps the logical ids of the three secrets, since another id would be a new, empty secret", () => {
  // given the deployed stack
  // when
  const ids = Object.keys(secrets);

  // then
  expect(ids).toEqual([
    "RotationTokenSecretB20C8425",
    "RotationClientSecret21B4195B",
    "RotationAccessTokenSecret7536B1F5",
  ]);
});

it("keeps every secret when the stack is deleted or replaces them, unless its first deployment fails", () => {
  // given the deployed stack
  // when
  const policies = Object.values(secrets).map((secret) => [secret["DeletionPolicy"], secret["UpdateReplacePolicy"]]);

  // then
  expect(policies).toEqual([
    ["RetainExceptOnCreate", "Retain"],
    ["RetainExceptOnCreate", "Retain"],
    ["RetainExceptOnCreate", "Retain"],
  ]);
});

it("makes every secret without a value, so that nothing can be mistaken for a token", () => {
  // given the deployed stack
  // when
  const properties = Object.values(secrets).map((secret) => Object.keys(secret["Properties"]));

  // then
  expect(properties).toEqual([
    ["Description", "Tags"],
    ["Description", "Tags"],
    ["Description", "Tags"],
  ]);
});

it("says in each description what fills the secret", () => {
  // given the deployed stack
  // when
  const descriptions = Object.values(secrets).map((secret) => secret["Properties"]["Description"]);

  // then
  expect(descriptions).toEqual([
    "XT.COM token pair of one connection; seeded once with `npx --no xt-token seed`, then rotated automatically",
    "XT.COM client credentials; seeded with `npx --no xt-token seed`, only ever read by the rotation",
    "XT.COM access token of one connection; workloads read it, only the rotation writes it",
  ]);
});

it("encrypts every secret with a given key", () => {
  // given
  const arn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";

  // when
  const encrypted = constructTemplate((stack) => ({ encryptionKey: Key.fromKeyArn(stack, "Key", arn) }));

  // then
  const keys = Object.values(encrypted.findResources("AWS::SecretsManager::Secret")).map(
    (secret) => secret["Properties"]["KmsKeyId"],
  );
  expect(keys).toEqual([arn, arn, arn]);
});

it("makes no secret of its own where all are given", () => {
  // given
  const arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:";

  // when
  const imported = constructTemplate((stack) => ({
    tokenSecret: Secret.fromSecretCompleteArn(stack, "Token", `${arn}token-AbCdEf`),
    clientSecret: Secret.fromSecretCompleteArn(stack, "Client", `${arn}client-AbCdEf`),
    accessTokenSecret: Secret.fromSecretCompleteArn(stack, "Access", `${arn}access-AbCdEf`),
  }));

  // then
  imported.resourceCountIs("AWS::SecretsManager::Secret", 0);
  imported.hasResourceProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: {
        TOKEN_SECRET_ID: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-AbCdEf",
        CLIENT_SECRET_ID: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:client-AbCdEf",
        ACCESS_TOKEN_SECRET_ID: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:access-AbCdEf",
      },
    },
  });
});

it("uses the secrets that the settings name, with their key, and says so in its outputs", () => {
  // given
  const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";
  const tokenSecretArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:token-AbCdEf";
  const clientSecretArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:client-AbCdEf";
  const accessTokenSecretArn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:access-AbCdEf";

  // when
  const again = stackTemplate({ tokenSecretArn, clientSecretArn, accessTokenSecretArn, encryptionKeyArn: keyArn });

  // then
  again.resourceCountIs("AWS::SecretsManager::Secret", 0);
  again.hasResourceProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: {
        TOKEN_SECRET_ID: tokenSecretArn,
        CLIENT_SECRET_ID: clientSecretArn,
        ACCESS_TOKEN_SECRET_ID: accessTokenSecretArn,
        ESCROW_KEY_ID: keyArn,
      },
    },
  });
  const outputs = again.findOutputs("*");
  expect(outputs["TokenSecretArn"]?.["Value"]).toBe(tokenSecretArn);
  expect(outputs["AccessTokenSecretArn"]?.["Value"]).toBe(accessTokenSecretArn);
  const onKey = statementsOf(again, "RotationFunctionRole").filter(({ Resource }) => Resource === keyArn);
  const contexts = onKey.map(({ Condition }) => Object(Condition).StringLike["kms:EncryptionContext:SecretARN"]);
  expect(contexts).toEqual(expect.arrayContaining([tokenSecretArn, clientSecretArn, accessTokenSecretArn]));
});
