import { expect, it } from "vitest";
import { LEAST, start } from "./started.ts";

const { GroupName, FlexibleTimeWindow, ScheduleExpression, Target } = LEAST;
const BODY = { GroupName, FlexibleTimeWindow, ScheduleExpression, Target };

/** A request as it travels, without a client that fills in or checks anything. */
async function ask(url: string, method: string, path: string, body?: object | string, type = "application/json") {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: typeof body === "string" ? body : JSON.stringify(body), headers: { "content-type": type } }),
  });
  const answer: unknown = await response.json();
  return { status: response.status, type: response.headers.get("x-amzn-errortype"), answer };
}

it("answers a refusal in the spelling of the REST JSON protocol", async () => {
  const { standIn } = await start();

  const answer = await ask(standIn.url, "GET", "/schedules/user-42?groupName=desks");

  expect(answer).toEqual({
    status: 404,
    type: "ResourceNotFoundException",
    answer: { Message: "Schedule user-42 does not exist." },
  });
});

it.each<[string, object]>([
  ["no flexible window", { ...BODY, FlexibleTimeWindow: undefined }],
  ["no target", { ...BODY, Target: undefined }],
  ["no expression", { ...BODY, ScheduleExpression: undefined }],
  ["a window without a mode", { ...BODY, FlexibleTimeWindow: {} }],
  ["a window of another mode", { ...BODY, FlexibleTimeWindow: { Mode: "ON" } }],
  ["a flexible window without its minutes", { ...BODY, FlexibleTimeWindow: { Mode: "FLEXIBLE" } }],
  [
    "a flexible window of more than a day",
    { ...BODY, FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 1_441 } },
  ],
  ["minutes without a flexible window", { ...BODY, FlexibleTimeWindow: { Mode: "OFF", MaximumWindowInMinutes: 5 } }],
  ["a rate of seconds", { ...BODY, ScheduleExpression: "rate(30 seconds)" }],
  ["a rate of nothing", { ...BODY, ScheduleExpression: "rate(0 minutes)" }],
  ["a cron expression of five fields", { ...BODY, ScheduleExpression: "cron(0 * * * ?)" }],
  ["an unknown time zone", { ...BODY, ScheduleExpressionTimezone: "Mars/Olympus" }],
  ["another state", { ...BODY, State: "PAUSED" }],
  ["a group's name with a slash", { ...BODY, GroupName: "a/b" }],
  ["a client token with a dot", { ...BODY, ClientToken: "a.b" }],
  ["a target without a role", { ...BODY, Target: { Arn: Target.Arn } }],
  ["a target that is no ARN", { ...BODY, Target: { ...Target, Arn: "tick" } }],
  ["an input for Lambda that is no JSON", { ...BODY, Target: { ...Target, Input: "tick" } }],
  ["186 retries", { ...BODY, Target: { ...Target, RetryPolicy: { MaximumRetryAttempts: 186 } } }],
  ["an event age of 59 seconds", { ...BODY, Target: { ...Target, RetryPolicy: { MaximumEventAgeInSeconds: 59 } } }],
  ["an unknown field", { ...BODY, Expression: "rate(1 hour)" }],
])("refuses %s with 400", async (_, body) => {
  const { standIn } = await start();

  const { status, type } = await ask(standIn.url, "POST", "/schedules/user-42", body);

  expect([status, type]).toEqual([400, "ValidationException"]);
  expect(standIn.schedules.list("desks")).toEqual([]);
});

it.each([
  ["with a space", "user%2042"],
  ["with a slash", "user%2F42"],
  ["of 65 characters", "u".repeat(65)],
  ["that is no encoding", "user%ZZ"],
])("refuses a name %s", async (_, name) => {
  const { standIn } = await start();

  const { status, type } = await ask(standIn.url, "POST", `/schedules/${name}`, BODY);

  expect([status, type]).toEqual([400, "ValidationException"]);
});

it.each(["MaxResults=0", "MaxResults=101", "NextToken=later", "State=PAUSED", "GroupName=desks"])(
  "refuses a list of ?%s",
  async (query) => {
    const { standIn } = await start();

    const { status, type } = await ask(standIn.url, "GET", `/schedules?${query}`);

    expect([status, type]).toEqual([400, "ValidationException"]);
  },
);

it.each<[string, object | string, string | undefined]>([
  ["a size of the list that is no number", "", undefined],
  ["a body that is no JSON", "Target=tick", undefined],
  ["another content type", BODY, "text/plain"],
  ["a target that is no object", { ...BODY, Target: "tick" }, undefined],
])("cannot read %s", async (_, body, contentType) => {
  const { standIn } = await start();

  const { status, type } =
    body === ""
      ? await ask(standIn.url, "GET", "/schedules?MaxResults=ten")
      : await ask(standIn.url, "POST", "/schedules/user-42", body, contentType);

  expect([status, type]).toEqual([400, "SerializationException"]);
});

it("knows no groups of schedules", async () => {
  const { standIn } = await start();

  const answer = await ask(standIn.url, "GET", "/schedule-groups");

  expect(answer).toEqual({
    status: 404,
    type: "UnknownOperationException",
    answer: { Message: "the stand-in knows no GET /schedule-groups" },
  });
});
