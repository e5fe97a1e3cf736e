import { afterEach, expect, it, vi } from "vitest";
import { askCloudFormation, readStack } from "../../../bin/connection/stack.ts";
import { scheduleCheck } from "../../../bin/doctor/check-schedule.ts";
import { startCannedService } from "../fixtures/canned-service.ts";
import { startConnection } from "../fixtures/connection.ts";

const NAMING = { stackName: "stack-1", options: {}, environment: {}, region: "eu-west-1" };
const STACK = { stackName: "stack-1", functionName: "rotation:live", schedule: { group: "group-1", name: "tick-1" } };

afterEach(() => void vi.unstubAllEnvs());

function stubAws(variable: string, url: string): void {
  vi.stubEnv(variable, url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example");
}

it("reads the stack's outputs from CloudFormation", async () => {
  const output = (key: string, value: string) =>
    `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;
  const outputs = output("TokenSecretArn", "arn-1") + output("FunctionName", "rotation:live");
  const stack = `<member><StackName>stack-1</StackName><Outputs>${outputs}</Outputs></member>`;
  const answer = `<DescribeStacksResponse><DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  const { url, received } = await startCannedService(200, "text/xml", answer);
  stubAws("AWS_ENDPOINT_URL_CLOUDFORMATION", url);

  const read = await askCloudFormation(NAMING);

  expect(read).toEqual({ TokenSecretArn: "arn-1", FunctionName: "rotation:live" });
  expect(received).toMatchObject([{ body: expect.stringMatching(/Action=DescribeStacks&.*StackName=stack-1/) }]);
});

it.each([
  ["ValidationError", /ValidationError, eu-west-1 has no such stack: check --stack, --region and the account, or name/],
  ["AccessDenied", /AccessDenied, allow cloudformation:DescribeStacks, or name both secrets with --token-secret/],
  ["ExpiredToken", /ExpiredToken, the AWS credentials are expired or wrong, sign in again/],
])("says what to do when CloudFormation answers %s", async (code, sentence) => {
  const answer = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`;
  const { url } = await startCannedService(400, "text/xml", answer);
  stubAws("AWS_ENDPOINT_URL_CLOUDFORMATION", url);

  await expect(askCloudFormation(NAMING)).rejects.toThrow(sentence);
});

it("knows the redirect URI that the stack was deployed with", () => {
  const outputs = { TokenSecretArn: "arn-1", ClientSecretArn: "arn-2", FunctionName: "rotation:live" };

  const { deployment } = readStack("stack-1", { ...outputs, RedirectUri: "https://desk.example/back" });

  expect(deployment.redirectUri).toBe("https://desk.example/back");
});

it("asks the Scheduler for the stack's schedule", async () => {
  const { target, surroundings } = await startConnection();
  const answer = {
    State: "ENABLED",
    ScheduleExpression: "rate(15 minutes)",
    Target: { Arn: "a:function:rotation:live" },
  };
  const { url, received } = await startCannedService(200, "application/json", JSON.stringify(answer));
  stubAws("AWS_ENDPOINT_URL_SCHEDULER", url);
  const examination = { target: { ...target, stack: STACK }, surroundings, client: surroundings.client };

  const remark = await scheduleCheck(examination).examine();

  expect(remark).toEqual({ kind: "good", sentence: "rate(15 minutes), enabled, invokes rotation:live" });
  expect(received).toMatchObject([{ method: "GET", path: "/schedules/tick-1?groupName=group-1" }]);
});

it("says that the schedule is gone, and what to create", async () => {
  const { target, surroundings } = await startConnection();
  const { url } = await startCannedService(404, "application/json", '{"__type":"ResourceNotFoundException"}');
  stubAws("AWS_ENDPOINT_URL_SCHEDULER", url);
  const examination = { target: { ...target, stack: STACK }, surroundings, client: surroundings.client };

  expect(await scheduleCheck(examination).examine()).toEqual({
    kind: "bad",
    sentence: "GetSchedule on group-1/tick-1 failed with ResourceNotFoundException",
    next: expect.stringMatching(
      /^somebody deleted it: create it .*, every 15 minutes, for rotation:live with input \{\}$/,
    ),
  });
});
