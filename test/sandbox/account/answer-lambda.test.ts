import { expect, it } from "vitest";
import { FURTHER_CONNECTIONS } from "../../../sandbox/world.ts";
import { start } from "./started.ts";

const NAME = "XtTokenRotation-Function";
const ARN = "arn:aws:lambda:us-east-1:123456789012:function:XtTokenRotation-Function";

interface Invoked {
  readonly status: number;
  readonly functionError: string | null;
  readonly executedVersion: string | null;
  readonly errorType: string | null;
  readonly payload: unknown;
}

async function invoke(url: string, body: string, name = `${NAME}:live`, query = "", type?: string): Promise<Invoked> {
  const response = await fetch(`${url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations${query}`, {
    method: "POST",
    body,
    headers: type === undefined ? {} : { "x-amz-invocation-type": type },
  });
  const text = await response.text();
  const { headers } = response;
  return {
    status: response.status,
    functionError: headers.get("x-amz-function-error"),
    executedVersion: headers.get("x-amz-executed-version"),
    errorType: headers.get("x-amzn-errortype"),
    payload: text === "" ? undefined : JSON.parse(text),
  };
}

it("runs the function with the event and Lambda's context, and answers what it returned", async () => {
  const { account } = await start();

  const invoked = await invoke(account.url, '{"connection":"desk-a"}');

  expect(invoked).toMatchObject({ status: 200, functionError: null, executedVersion: "1" });
  expect(invoked.payload).toMatchObject({
    outcome: "idle",
    event: { connection: "desk-a" },
    requestId: "00000000-0000-4000-8000-000000000001",
    arn: `${ARN}:live`,
    remainingMs: expect.closeTo(120_000, -4),
  });
});

it.each([
  '{"connection":"user-42","authorize":{"code":"c"}}',
  '{"connections":{"after":"user-41"}}',
  '{"connections":["user-42"]}',
  '{"census":true}',
])("hands %s to the function as it is", async (event) => {
  const { account } = await start();

  const { payload } = await invoke(account.url, event);

  expect(payload).toMatchObject({ event: JSON.parse(event) });
});

it("tells the function where the Scheduler is, and how further connections are kept", async () => {
  const { account, world } = await start(FURTHER_CONNECTIONS);

  const { payload } = await invoke(account.url, "{}");

  expect(payload).toMatchObject({ scheduler: world.scheduler.url, prefix: "xt/connections/" });
});

it.each([
  [NAME, "?Qualifier=live"],
  [`${NAME}:live`, "?Qualifier=live"],
  [ARN, "?Qualifier=live"],
  [`${ARN}:live`, ""],
  [NAME, ""],
])("finds the function as %s%s", async (name, query) => {
  const { account } = await start();

  const invoked = await invoke(account.url, "{}", name, query);

  expect(invoked.status).toBe(200);
});

it.each([
  ["another", ""],
  [`${NAME}:other`, ""],
  [NAME, "?Qualifier=other"],
  [`${NAME}:live`, "?Qualifier=other"],
])("finds no function as %s%s", async (name, query) => {
  const { account } = await start();

  const invoked = await invoke(account.url, "{}", name, query);

  expect(invoked).toMatchObject({ status: 404, errorType: "ResourceNotFoundException" });
});

it("answers 200 with the error where the function threw", async () => {
  const { account } = await start();

  const invoked = await invoke(account.url, '{"throw":true}');

  expect(invoked).toMatchObject({ status: 200, functionError: "Unhandled", executedVersion: "1" });
  expect(invoked.payload).toEqual({
    errorType: "RotationRejected",
    errorMessage: "the pair was rejected",
    trace: expect.arrayContaining([expect.stringMatching(/^ {4}at handler /)]),
  });
});

it("answers 200 with Lambda's own error where the process died", async () => {
  const { account } = await start();

  const invoked = await invoke(account.url, '{"die":true}');

  expect(invoked).toMatchObject({ status: 200, functionError: "Unhandled" });
  expect(invoked.payload).toMatchObject({
    errorType: "Runtime.ExitError",
    errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Runtime exited with error: signal: killed$/),
  });
});

it("answers an event at once and runs it afterwards", async () => {
  const { account, world } = await start();

  const invoked = await invoke(account.url, "{}", `${NAME}:live`, "", "Event");
  const next = await world.tick();

  expect(invoked).toMatchObject({ status: 202, payload: undefined });
  expect(next).toMatchObject({ result: { requestId: "00000000-0000-4000-8000-000000000002" } });
});

it("runs nothing for a dry run", async () => {
  const { account, world } = await start();

  const invoked = await invoke(account.url, "{}", `${NAME}:live`, "", "DryRun");
  const next = await world.tick();

  expect(invoked.status).toBe(204);
  expect(next).toMatchObject({ result: { requestId: "00000000-0000-4000-8000-000000000001" } });
});

it("refuses a payload that is no JSON", async () => {
  const { account } = await start();

  const invoked = await invoke(account.url, "{");

  expect(invoked).toMatchObject({ status: 400, errorType: "InvalidRequestContentException" });
});

it("tells the function's configuration under its name and its alias", async () => {
  const { account, world } = await start();

  const response = await fetch(`${account.url}/2015-03-31/functions/${NAME}/configuration?Qualifier=live`);

  expect(await response.json()).toMatchObject({
    FunctionName: NAME,
    FunctionArn: `${ARN}:live`,
    Version: "1",
    Timeout: 120,
    Environment: { Variables: { TOKEN_SECRET_ID: "xt/token", XT_BASE_URL: world.xt.url } },
  });
});
