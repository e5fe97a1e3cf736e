import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, it } from "vitest";
import { FURTHER_CONNECTIONS } from "../../../sandbox/world.ts";
import { LEAST } from "../scheduler/started.ts";
import { clientOptions, start } from "./started.ts";

it("describes the stack with the outputs that a command reads", async () => {
  const { account, world } = await start();
  const client = new CloudFormationClient(clientOptions(account));

  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: "XtTokenRotation" }));

  expect(stack?.StackStatus).toBe("CREATE_COMPLETE");
  expect(Object.fromEntries((stack?.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]))).toEqual({
    TokenSecretArn: expect.stringMatching(/:secret:xt\/token-\w{6}$/),
    AccessTokenSecretArn: expect.stringMatching(/:secret:xt\/access-token-\w{6}$/),
    ClientSecretArn: expect.stringMatching(/:secret:xt\/client-\w{6}$/),
    FunctionName: "XtTokenRotation-Function:live",
    AuthorizationUrl: world.xt.url,
    RedirectUri: `${world.xt.url}/redirected`,
    ScheduleGroupName: "XtTokenRotation-Group",
    ScheduleName: "XtTokenRotation-Tick",
    CensusScheduleName: "XtTokenRotation-Census",
  });
});

it("tells where further connections are, if the function keeps them", async () => {
  const { account } = await start(FURTHER_CONNECTIONS);
  const client = new CloudFormationClient(clientOptions(account));

  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({}));

  expect(stack?.Outputs).toContainEqual({ OutputKey: "ConnectionPrefix", OutputValue: "xt/connections/" });
});

it("has no other stack", async () => {
  const { account } = await start();
  const client = new CloudFormationClient(clientOptions(account));

  const described = client.send(new DescribeStacksCommand({ StackName: "Other" }));

  await expect(described).rejects.toMatchObject({
    name: "ValidationError",
    message: "Stack with id Other does not exist",
  });
});

it("has two schedules, enabled, that invoke the function's alias for ticks and for the census", async () => {
  const { account } = await start();
  const client = new SchedulerClient(clientOptions(account));
  const get = (GroupName: string | undefined, Name: string) => client.send(new GetScheduleCommand({ GroupName, Name }));

  const tick = await get("XtTokenRotation-Group", "XtTokenRotation-Tick");
  const census = await get("XtTokenRotation-Group", "XtTokenRotation-Census");
  const elsewhere = get(undefined, "XtTokenRotation-Tick");

  const Arn = "arn:aws:lambda:us-east-1:123456789012:function:XtTokenRotation-Function:live";
  expect(tick).toMatchObject({ State: "ENABLED", Target: { Arn, Input: "{}" } });
  expect(census).toMatchObject({ State: "ENABLED", Target: { Arn, Input: '{"census":true}' } });
  await expect(elsewhere).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("shows a command the schedules that the function makes, and lets it delete them", async () => {
  // given
  const { account, world } = await start();
  const ofFunction = new SchedulerClient({ ...clientOptions(account), endpoint: world.scheduler.url });
  const ofCommand = new SchedulerClient(clientOptions(account));
  const group = { GroupName: "XtTokenRotation-Group" };
  await ofFunction.send(new CreateScheduleCommand({ ...LEAST, ...group }));

  // when
  const { Schedules: before = [] } = await ofCommand.send(new ListSchedulesCommand(group));
  await ofCommand.send(new DeleteScheduleCommand({ ...group, Name: "user-42" }));
  const { Schedules: after = [] } = await ofFunction.send(new ListSchedulesCommand(group));

  // then
  expect(before.map(({ Name }) => Name)).toEqual(["XtTokenRotation-Tick", "XtTokenRotation-Census", "user-42"]);
  expect(after.map(({ Name }) => Name)).toEqual(["XtTokenRotation-Tick", "XtTokenRotation-Census"]);
});

it("lets a command put a secret into its recovery window", async () => {
  const { account } = await start();
  const client = new SecretsManagerClient(clientOptions(account));

  await client.send(new DeleteSecretCommand({ SecretId: "xt/token", RecoveryWindowInDays: 7 }));
  const described = await client.send(new DescribeSecretCommand({ SecretId: "xt/token" }));

  expect(described.DeletedDate).toBeInstanceOf(Date);
});

it("has no alarm", async () => {
  const { account } = await start();

  const response = await fetch(account.url, {
    method: "POST",
    headers: { "x-amz-target": "GraniteServiceVersion20100801.DescribeAlarms" },
    body: "{}",
  });

  expect(await response.json()).toEqual({ MetricAlarms: [], CompositeAlarms: [] });
});

it("answers for Secrets Manager and Parameter Store at the same address, refusals included", async () => {
  const { account, world } = await start();
  world.secretsManager.put("xt/client", "value");
  const secretsManager = new SecretsManagerClient(clientOptions(account));
  const parameterStore = new SSMClient(clientOptions(account));

  const read = await secretsManager.send(new GetSecretValueCommand({ SecretId: world.secretArns.client }));
  const absent = parameterStore.send(new GetParameterCommand({ Name: "/xt/escrow/none" }));

  expect(read).toMatchObject({ Name: "xt/client", SecretString: "value" });
  await expect(absent).rejects.toMatchObject({ name: "ParameterNotFound" });
});

it("cuts a connection that the stand-in behind it cuts", async () => {
  const { account, world } = await start();
  world.setFaults({ secretsManager: () => ({ kind: "reset", when: "before" }) });
  const client = new SecretsManagerClient(clientOptions(account));

  const read = client.send(new GetSecretValueCommand({ SecretId: "xt/client" }));

  await expect(read).rejects.toMatchObject({ code: "ECONNRESET" });
});

it("refuses what no stand-in knows by its name", async () => {
  const { account } = await start();

  const response = await fetch(`${account.url}/2015-03-31/layers`);

  expect(response.status).toBe(400);
  expect(response.headers.get("x-amzn-errortype")).toBe("UnknownOperationException");
  expect(await response.json()).toEqual({ Message: "the stand-in knows no GET /2015-03-31/layers" });
});
