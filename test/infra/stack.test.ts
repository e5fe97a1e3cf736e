import { expect, it } from "vitest";
import { stackTemplate } from "./synthesis.ts";

const template = stackTemplate();
const outputs = template.findOutputs("*");
const TOKEN_SECRET = { Ref: "RotationTokenSecretB20C8425" };
const CLIENT_SECRET = { Ref: "RotationClientSecret21B4195B" };
const ACCESS_TOKEN_SECRET = { Ref: "RotationAccessTokenSecret7536B1F5" };

it("prints what a person or a program needs next, each with a description", () => {
  // given the deployed stack
  // when
  const described = Object.entries(outputs).map(([name, output]) => [name, output["Description"]]);

  // then
  expect(described).toEqual([
    ["AccessTokenSecretArn", "Secret that workloads read"],
    ["TokenSecretArn", "Secret with the token pair; no workload reads it"],
    ["ClientSecretArn", "Secret that holds the client credentials"],
    ["FunctionName", "The rotation's function with its alias"],
    ["DeadLetterQueueUrl", "Queue of ticks that failed"],
    ["SeedCommand", "Type this next: it asks for the credentials"],
    ["TickCommand", "Type this to run one tick now instead of waiting for the schedule"],
    ["ScheduleGroupName", "Group of the schedules that tick connections"],
    ["ScheduleName", "Schedule that ticks the rotation"],
    ["CensusScheduleName", "Schedule of the hourly census"],
    ["ConnectionPrefix", "Beginning of the names of further connections' secrets"],
    ["AlarmTopicArn", "Topic that every alarm reports to"],
    ["DashboardUrl", "Shows how the rotation stands"],
  ]);
});

it("names every secret by its ARN, which every API takes", () => {
  // given the deployed stack
  // when
  const values = ["TokenSecretArn", "ClientSecretArn", "AccessTokenSecretArn"].map((name) => outputs[name]?.["Value"]);

  // then
  expect(values).toEqual([TOKEN_SECRET, CLIENT_SECRET, ACCESS_TOKEN_SECRET]);
});

it("prints the command that asks for the credentials, without any secret in it", () => {
  // given the deployed stack
  // when
  const command = outputs["SeedCommand"]?.["Value"];

  // then
  expect(command).toBe("npx --no xt-token seed");
});

it("prints the command that runs one tick through the alias", () => {
  // given the deployed stack
  // when
  const command = JSON.stringify(outputs["TickCommand"]?.["Value"]);

  // then
  expect(command).toContain('"aws lambda invoke --function-name "');
  expect(command).toContain(`":live --cli-binary-format raw-in-base64-out --payload '{}' /dev/stdout"`);
});

it("tells the command line where XT sends the browser, where that was set", () => {
  // given
  const registered = stackTemplate({ redirectUri: "https://desk.example/back" });

  // when
  const output = registered.findOutputs("RedirectUri")["RedirectUri"];

  // then
  expect(output).toEqual({
    Description: "Where XT sends the browser of a person who grants access",
    Value: "https://desk.example/back",
  });
});

it("names what a person looks at: the schedule, the topic and the dashboard", () => {
  // given the deployed stack
  // when
  const values = ["ScheduleGroupName", "ScheduleName", "AlarmTopicArn", "DashboardUrl"].map(
    (name) => outputs[name]?.["Value"],
  );

  // then
  expect(values).toEqual([
    "XtTokenRotation-Schedule-Group-F55E3AEA",
    { Ref: expect.stringMatching(/^RotationScheduleTick/) },
    { Ref: expect.stringMatching(/^MonitoringTopic/) },
    {
      "Fn::Join": [
        "",
        [
          "https://",
          { Ref: "AWS::Region" },
          ".",
          { "Fn::FindInMap": ["Consoles", { Ref: "AWS::Partition" }, "host"] },
          "/cloudwatch/home?region=",
          { Ref: "AWS::Region" },
          "#dashboards/dashboard/",
          { Ref: expect.stringMatching(/^MonitoringDashboard/) },
        ],
      ],
    },
  ]);
});

it("tags every secret, as Security Hub's SecretsManager.5 wants", () => {
  // given the deployed stack
  // when
  const secrets = Object.values(template.findResources("AWS::SecretsManager::Secret"));

  // then
  expect(secrets.map((secret) => secret["Properties"]["Tags"])).toEqual([
    [{ Key: "application", Value: "xt-token-rotation" }],
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
  expect(ids).toEqual([
    "RotationTokenSecretB20C8425",
    "RotationClientSecret21B4195B",
    "RotationAccessTokenSecret7536B1F5",
  ]);
});

it("names no endpoint and no console of another partition in a stack for China", () => {
  // given
  const arn = "arn:aws-cn:kms:cn-north-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";

  // when
  const { Mappings: mappings, ...china } = stackTemplate({
    env: { region: "cn-north-1", account: "111122223333" },
    encryptionKeyArn: arn,
  }).toJSON();

  // then
  const text = JSON.stringify(china);
  // What is left are service principals, which are called so in China too.
  expect([...new Set(text.match(/[\w.-]*amazonaws\.com[\w.]*/g))].sort()).toEqual([
    "cloudwatch.amazonaws.com",
    "lambda.amazonaws.com",
    "scheduler.amazonaws.com",
  ]);
  expect(text).toContain('"secretsmanager.cn-north-1.",{"Ref":"AWS::URLSuffix"}');
  expect(text).toContain('"ssm.cn-north-1.",{"Ref":"AWS::URLSuffix"}');
  expect(text).not.toMatch(/"arn:aws:|aws\.amazon\.com/);
  expect(mappings.Consoles["aws-cn"]).toEqual({ host: "console.amazonaws.cn" });
});
