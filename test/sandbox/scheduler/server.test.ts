import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { expect, it } from "vitest";
import { LEAST, NOW_MS, start } from "./started.ts";

const ARN = "arn:aws:scheduler:us-east-1:123456789012:schedule/desks/user-42";

it("creates a schedule with defaults for the fields that are left out", async () => {
  const { client } = await start();

  const created = await client.send(new CreateScheduleCommand(LEAST));
  const got = await client.send(new GetScheduleCommand({ GroupName: "desks", Name: "user-42" }));

  expect(created).toMatchObject({ ScheduleArn: ARN });
  expect({ ...got, $metadata: undefined }).toEqual({
    Arn: ARN,
    GroupName: "desks",
    Name: "user-42",
    State: "ENABLED",
    CreationDate: new Date("2026-11-23T12:00:00Z"),
    LastModificationDate: new Date("2026-11-23T12:00:00Z"),
    ScheduleExpression: "rate(15 minutes)",
    ScheduleExpressionTimezone: "UTC",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: "arn:aws:lambda:us-east-1:123456789012:function:tick:live",
      RoleArn: "arn:aws:iam::123456789012:role/tick",
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    },
    ActionAfterCompletion: "NONE",
  });
});

it("stores every field of a schedule", async () => {
  const { client } = await start();
  const all = {
    ...LEAST,
    Description: "ticks user-42",
    ScheduleExpression: "cron(0/15 * * * ? *)",
    ScheduleExpressionTimezone: "Asia/Singapore",
    State: "DISABLED",
    FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 5 },
    Target: {
      ...LEAST.Target,
      Input: '{"connection":"user-42"}',
      DeadLetterConfig: { Arn: "arn:aws:sqs:us-east-1:123456789012:dead" },
      RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 },
    },
  } as const;

  await client.send(new CreateScheduleCommand(all));

  expect(await client.send(new GetScheduleCommand({ GroupName: "desks", Name: "user-42" }))).toMatchObject(all);
});

it("refuses a taken name, even for the same client token", async () => {
  const { client } = await start();
  await client.send(new CreateScheduleCommand({ ...LEAST, ClientToken: "one" }));

  const again = client.send(new CreateScheduleCommand({ ...LEAST, ClientToken: "one" }));

  await expect(again).rejects.toMatchObject({
    name: "ConflictException",
    message: "Schedule user-42 already exists.",
    $metadata: { httpStatusCode: 409 },
  });
});

it("lets two groups have a schedule of one name", async () => {
  const { client } = await start();
  await client.send(new CreateScheduleCommand(LEAST));

  const other = await client.send(new CreateScheduleCommand({ ...LEAST, GroupName: undefined }));

  expect(other.ScheduleArn).toBe("arn:aws:scheduler:us-east-1:123456789012:schedule/default/user-42");
});

it("replaces a whole schedule: what an update leaves out gets its default", async () => {
  let nowMs = NOW_MS;
  const { client } = await start({ now: () => nowMs });
  const { Target } = LEAST;
  await client.send(
    new CreateScheduleCommand({ ...LEAST, State: "DISABLED", Target: { ...Target, Input: "{}" }, Description: "old" }),
  );
  nowMs += 60_000;

  const updated = await client.send(new UpdateScheduleCommand({ ...LEAST, ScheduleExpression: "rate(1 hour)" }));
  const got = await client.send(new GetScheduleCommand({ GroupName: "desks", Name: "user-42" }));

  expect(updated.ScheduleArn).toBe(ARN);
  expect(got).toMatchObject({
    State: "ENABLED",
    ScheduleExpression: "rate(1 hour)",
    CreationDate: new Date("2026-11-23T12:00:00Z"),
    LastModificationDate: new Date("2026-11-23T12:01:00Z"),
  });
  expect([got.Description, got.Target?.Input]).toEqual([undefined, undefined]);
});

it("deletes a schedule once", async () => {
  const { client } = await start();
  await client.send(new CreateScheduleCommand(LEAST));

  await client.send(new DeleteScheduleCommand({ GroupName: "desks", Name: "user-42" }));
  const again = client.send(new DeleteScheduleCommand({ GroupName: "desks", Name: "user-42" }));

  await expect(again).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Schedule user-42 does not exist.",
    $metadata: { httpStatusCode: 404 },
  });
});

it.each([
  ["gets", new GetScheduleCommand({ Name: "user-42" })],
  ["gets", new GetScheduleCommand({ GroupName: "others", Name: "user-42" })],
  ["updates", new UpdateScheduleCommand({ ...LEAST, GroupName: undefined })],
  ["deletes", new DeleteScheduleCommand({ Name: "user-42" })],
])("%s no schedule of another group", async (_, command) => {
  const { client } = await start();
  await client.send(new CreateScheduleCommand(LEAST));

  const answer = client.send(command as GetScheduleCommand);

  await expect(answer).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it.each([
  ["creates no schedule in", new CreateScheduleCommand({ ...LEAST, GroupName: "others" })],
  ["lists no", new ListSchedulesCommand({ GroupName: "others" })],
])("%s group that nobody made", async (_, command) => {
  const { client } = await start();

  const answer = client.send(command as ListSchedulesCommand);

  await expect(answer).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Schedule group others does not exist.",
  });
});

it("lists a group without saying when its schedules are due and what they send", async () => {
  const { client } = await start();
  await client.send(new CreateScheduleCommand({ ...LEAST, Target: { ...LEAST.Target, Input: "{}" } }));
  await client.send(new CreateScheduleCommand({ ...LEAST, GroupName: "default", Name: "other" }));

  const { Schedules, NextToken } = await client.send(new ListSchedulesCommand({ GroupName: "desks" }));

  expect(NextToken).toBeUndefined();
  expect(Schedules).toEqual([
    {
      Arn: ARN,
      GroupName: "desks",
      Name: "user-42",
      State: "ENABLED",
      CreationDate: new Date("2026-11-23T12:00:00Z"),
      LastModificationDate: new Date("2026-11-23T12:00:00Z"),
      Target: { Arn: "arn:aws:lambda:us-east-1:123456789012:function:tick:live" },
    },
  ]);
});

it("lists all groups in the order of creation, by the beginning of a name and by state", async () => {
  const { client } = await start();
  for (const [Name, State, GroupName] of [
    ["user-1", "ENABLED", "desks"],
    ["user-2", "DISABLED", "desks"],
    ["desk-a", "ENABLED", "desks"],
    ["user-3", "ENABLED", "default"],
  ] as const) {
    await client.send(new CreateScheduleCommand({ ...LEAST, Name, State, GroupName }));
  }

  const { Schedules = [] } = await client.send(new ListSchedulesCommand({ NamePrefix: "user-", State: "ENABLED" }));

  expect(Schedules.map(({ Name }) => Name)).toEqual(["user-1", "user-3"]);
});

it("lists 250 schedules in pages of 100", async () => {
  const { client } = await start();
  for (let nth = 1; nth <= 250; nth += 1) {
    await client.send(new CreateScheduleCommand({ ...LEAST, Name: `user-${nth}` }));
  }

  const sizes: number[] = [];
  const names = new Set<string | undefined>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListSchedulesCommand({ GroupName: "desks", MaxResults: 100, NextToken }));
    sizes.push(page.Schedules?.length ?? 0);
    for (const { Name } of page.Schedules ?? []) names.add(Name);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);

  expect(sizes).toEqual([100, 100, 50]);
  expect(names.size).toBe(250);
});

it("continues a list if schedules were deleted in the meantime", async () => {
  const { client } = await start();
  for (const Name of ["a", "b", "c", "d"]) await client.send(new CreateScheduleCommand({ ...LEAST, Name }));
  const first = await client.send(new ListSchedulesCommand({ GroupName: "desks", MaxResults: 2 }));
  await client.send(new DeleteScheduleCommand({ GroupName: "desks", Name: "a" }));
  await client.send(new DeleteScheduleCommand({ GroupName: "desks", Name: "b" }));

  const { NextToken } = first;
  const second = await client.send(new ListSchedulesCommand({ GroupName: "desks", MaxResults: 2, NextToken }));

  expect(second.Schedules?.map(({ Name }) => Name)).toEqual(["c", "d"]);
});
