import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, it } from "vitest";
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
  });
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

it("has one schedule, enabled, that invokes the function's alias", async () => {
  const { account } = await start();
  const client = new SchedulerClient(clientOptions(account));

  const schedule = await client.send(
    new GetScheduleCommand({ GroupName: "XtTokenRotation-Group", Name: "XtTokenRotation-Tick" }),
  );
  const other = client.send(new GetScheduleCommand({ Name: "XtTokenRotation-Tick" }));

  expect(schedule).toMatchObject({
    State: "ENABLED",
    Target: { Arn: "arn:aws:lambda:us-east-1:123456789012:function:XtTokenRotation-Function:live" },
  });
  await expect(other).rejects.toMatchObject({ name: "ResourceNotFoundException" });
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
