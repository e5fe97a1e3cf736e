import { expect, it } from "vitest";
import { stackTemplate } from "./synthesis.ts";

const template = stackTemplate();
const outputs = template.findOutputs("*");
const TOKEN_SECRET = { Ref: "RotationTokenSecretB20C8425" };
const CLIENT_SECRET = { Ref: "RotationClientSecret21B4195B" };

it("prints what a person or a program needs next, each with a description", () => {
  // given the deployed stack
  // when
  const described = Object.entries(outputs).map(([name, output]) => [name, output["Description"]]);

  // then
  expect(described).toEqual([
    ["TokenSecretArn", "Secret whose AWSCURRENT version holds the token pair; workloads read it"],
    ["ClientSecretArn", "Secret that holds the client credentials"],
    ["FunctionName", "The rotation's function with its alias"],
    ["DeadLetterQueueUrl", "Queue of ticks that failed"],
    ["SeedCommand", "Type this next: it asks for the credentials"],
    ["TickCommand", "Type this to run one tick now instead of waiting for the schedule"],
  ]);
});

it("names both secrets by their ARNs, which every API takes", () => {
  // given the deployed stack
  // when
  const values = [outputs["TokenSecretArn"]?.["Value"], outputs["ClientSecretArn"]?.["Value"]];

  // then
  expect(values).toEqual([TOKEN_SECRET, CLIENT_SECRET]);
});

it("prints the command that seeds both secrets, without any secret in it", () => {
  // given the deployed stack
  // when
  const command = outputs["SeedCommand"]?.["Value"];

  // then
  expect(command).toEqual({
    "Fn::Join": ["", ["npx xt-token seed --token-secret ", TOKEN_SECRET, " --client-secret ", CLIENT_SECRET]],
  });
});

it("prints the command that runs one tick through the alias", () => {
  // given the deployed stack
  // when
  const command = JSON.stringify(outputs["TickCommand"]?.["Value"]);

  // then
  expect(command).toContain('"aws lambda invoke --function-name "');
  expect(command).toContain(`":live --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout"`);
});

it("tags both secrets, as Security Hub's SecretsManager.5 wants", () => {
  // given the deployed stack
  // when
  const secrets = Object.values(template.findResources("AWS::SecretsManager::Secret"));

  // then
  expect(secrets.map((secret) => secret["Properties"]["Tags"])).toEqual([
    [{ Key: "application", Value: "xt-token-rotation" }],
    [{ Key: "application", Value: "xt-token-rotation" }],
  ]);
});

it("calls the stack as it was told, with the same resources in it", () => {
  // given
  const renamed = stackTemplate({ stackName: "second-connection" });

  // when
  const ids = Object.keys(renamed.findResources("AWS::SecretsManager::Secret"));

  // then
  expect(ids).toEqual(["RotationTokenSecretB20C8425", "RotationClientSecret21B4195B"]);
});
