import { expect, it, onTestFinished, vi } from "vitest";
import { createTickSchedules } from "../../lambda/adapters/tick-schedules.ts";
import type { Schedules } from "../../lambda/rotation/fleet-ports.ts";
import type { FaultPlan } from "../../sandbox/faults.ts";
import { type SchedulerStandIn, startScheduler } from "../../sandbox/scheduler/server.ts";
import { exception } from "./fixtures/store-over-http.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:rotation";
const ALIAS = `${FUNCTION}:live`;
const ROLE = "arn:aws:iam::123456789012:role/tick";

interface Subject {
  readonly standIn: SchedulerStandIn;
  readonly schedules: Schedules;
}

/** The real adapter and the real SDK over HTTP, before the empty group `desks`. Ends with the test. */
async function startSchedules({
  faults,
  functionArn = ALIAS,
  expression = "rate(15 minutes)",
}: {
  readonly faults?: FaultPlan;
  readonly functionArn?: string;
  readonly expression?: string;
} = {}): Promise<Subject> {
  const standIn = await startScheduler({ faults });
  standIn.schedules.createGroup("desks");
  vi.stubEnv("AWS_ENDPOINT_URL_SCHEDULER", standIn.url);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "example");
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await standIn.close();
  });
  const ticks = { groupName: "desks", roleArn: ROLE, expression };
  return { standIn, schedules: createTickSchedules(ticks, functionArn) };
}

/** A schedule as somebody may have left it. */
function leave({ standIn }: Subject, name: string, arn: string, isEnabled = true, groupName = "desks"): void {
  const target = { arn, roleArn: "arn:aws:iam::123456789012:role/old", input: "{}", deadLetterArn: undefined };
  const settings = { description: undefined, expression: "rate(1 hour)", timeZone: "UTC", isEnabled };
  const retries = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };
  standIn.schedules.create(
    groupName,
    name,
    { ...settings, flexibleMinutes: undefined, target: { ...target, ...retries } },
    0,
  );
}

const MADE = {
  description: "Looks whether the XT.COM token pair of one connection is due and renews it if so",
  expression: "rate(15 minutes)",
  timeZone: "UTC",
  isEnabled: true,
  flexibleMinutes: 5,
  target: {
    arn: ALIAS,
    roleArn: ROLE,
    input: '{"connection":"desk-a"}',
    deadLetterArn: undefined,
    maximumEventAgeInSeconds: 300,
    maximumRetryAttempts: 2,
  },
};

it("makes a schedule that ticks the connection and has its name", async () => {
  // given
  const { standIn, schedules } = await startSchedules();

  // when
  await schedules.make("desk-a");

  // then
  expect(standIn.schedules.find("desks", "desk-a")).toMatchObject(MADE);
});

it("gives the schedule the configured expression", async () => {
  // given
  const { standIn, schedules } = await startSchedules({ expression: "cron(0/20 * * * ? *)" });

  // when
  await schedules.make("desk-a");

  // then
  expect(standIn.schedules.find("desks", "desk-a").expression).toBe("cron(0/20 * * * ? *)");
});

it("leaves an existing schedule as it is", async () => {
  // given
  const subject = await startSchedules();
  leave(subject, "desk-a", ALIAS, false);

  // when
  await subject.schedules.make("desk-a");

  // then
  expect(subject.standIn.schedules.find("desks", "desk-a")).toMatchObject({
    isEnabled: false,
    expression: "rate(1 hour)",
  });
});

it("makes one schedule if the answer to its first attempt got lost", async () => {
  // given
  const { standIn, schedules } = await startSchedules({
    faults: ({ index }) => (index === 1 ? { kind: "drop", when: "after" } : undefined),
  });

  // when
  await schedules.make("desk-a");

  // then
  expect(standIn.calls.map(({ operation }) => operation)).toEqual(["CreateSchedule", "CreateSchedule"]);
  expect(standIn.schedules.list("desks")).toHaveLength(1);
});

it.each([true, false])("corrects a schedule and leaves it enabled or disabled, enabled: %s", async (isEnabled) => {
  // given
  const subject = await startSchedules();
  leave(subject, "desk-a", "arn:aws:lambda:us-east-1:123456789012:function:old:live", isEnabled);

  // when
  await subject.schedules.correct("desk-a", { isEnabled, isOurs: false });

  // then
  expect(subject.standIn.schedules.find("desks", "desk-a")).toMatchObject({ ...MADE, isEnabled });
});

it("lists only its own group, and says which schedules are enabled and invoke this function", async () => {
  // given
  const subject = await startSchedules();
  leave(subject, "ticking", ALIAS);
  leave(subject, "disabled", ALIAS, false);
  leave(subject, "other-alias", `${FUNCTION}:old`);
  leave(subject, "without-alias", FUNCTION);
  leave(subject, "elsewhere", ALIAS, true, "default");

  // when
  const listed = await subject.schedules.list();

  // then
  expect(Object.fromEntries(listed)).toEqual({
    ticking: { isEnabled: true, isOurs: true },
    disabled: { isEnabled: false, isOurs: true },
    "other-alias": { isEnabled: true, isOurs: false },
    "without-alias": { isEnabled: true, isOurs: false },
  });
});

it.each([
  ["without an alias", FUNCTION],
  ["by a version", `${FUNCTION}:17`],
  ["by $LATEST", `${FUNCTION}:$LATEST`],
])("takes every schedule for its own where it was invoked %s, which no schedule should", async (_how, functionArn) => {
  // given
  const subject = await startSchedules({ functionArn });
  leave(subject, "desk-a", ALIAS);

  // when
  const listed = await subject.schedules.list();

  // then
  expect(listed.get("desk-a")).toEqual({ isEnabled: true, isOurs: true });
});

it("lists 201 schedules page after page", async () => {
  // given
  const subject = await startSchedules();
  for (let user = 1; user <= 201; user += 1) leave(subject, `user-${user}`, ALIAS);

  // when
  const listed = await subject.schedules.list();

  // then
  expect(listed.size).toBe(201);
  expect(
    subject.standIn.calls.map(({ operation, input }) => [operation, input["GroupName"], input["MaxResults"]]),
  ).toEqual(Array(3).fill(["ListSchedules", "desks", 100]));
});

it.each([
  ["CreateSchedule", ({ schedules }: Subject) => schedules.make("desk-a"), "desks/desk-a"],
  [
    "UpdateSchedule",
    ({ schedules }: Subject) => schedules.correct("desk-a", { isEnabled: true, isOurs: false }),
    "desks/desk-a",
  ],
  ["ListSchedules", ({ schedules }: Subject) => schedules.list(), "desks"],
])("fails at once where %s is denied, and says what to allow", async (operation, ask, name) => {
  // given
  const subject = await startSchedules({ faults: () => exception(403, "AccessDeniedException") });

  // when
  const asking = ask(subject);

  // then
  await expect(asking).rejects.toMatchObject({
    name: "StoreUnavailable",
    operation,
    code: "AccessDeniedException",
    message:
      `${operation} on ${name} failed with AccessDeniedException, ` +
      `allow the function's role scheduler:${operation}, and iam:PassRole on the role of the schedules`,
  });
  expect(subject.standIn.calls).toHaveLength(1);
});

it("sends a request again while other programs use up the account's quota", async () => {
  // given
  const { standIn, schedules } = await startSchedules({
    faults: ({ index }) => (index <= 5 ? exception(429, "ThrottlingException") : undefined),
  });

  // when
  await schedules.make("desk-a");

  // then
  expect(standIn.schedules.list("desks")).toHaveLength(1);
});
