import type { ScheduleSettings, Schedules } from "./scheduler/schedules.ts";

/** What the stand-in for the account has deployed. The names look like those of a real deployment. */
export const STACK_NAME = "XtTokenRotation";
export const FUNCTION_NAME = "XtTokenRotation-Function";
export const ALIAS = "live";
export const FUNCTION_ARN = `arn:aws:lambda:us-east-1:123456789012:function:${FUNCTION_NAME}`;
export const SCHEDULE = { group: "XtTokenRotation-Group", name: "XtTokenRotation-Tick" } as const;
/** Name of the schedule of the census, in the same group. */
export const CENSUS = "XtTokenRotation-Census";
/** Role by which the schedules invoke the function. */
export const SCHEDULE_ROLE_ARN = "arn:aws:iam::123456789012:role/XtTokenRotation-ScheduleRole";
/** The Scheduler's shortest rate. `serve.ts` ticks more often. */
export const TICK_SCHEDULE = "rate(1 minute)";

/** Makes the stack's schedules. */
export function deploySchedules(schedules: Schedules, nowMs: number): void {
  const { group, name } = SCHEDULE;
  schedules.createGroup(group);
  schedules.create(group, name, sending({}, TICK_SCHEDULE), nowMs);
  schedules.create(group, CENSUS, sending({ census: true }, "rate(1 hour)"), nowMs);
}

function sending(event: object, expression: string): ScheduleSettings {
  return {
    description: undefined,
    expression,
    timeZone: "UTC",
    isEnabled: true,
    flexibleMinutes: undefined,
    target: {
      arn: `${FUNCTION_ARN}:${ALIAS}`,
      roleArn: SCHEDULE_ROLE_ARN,
      input: JSON.stringify(event),
      deadLetterArn: undefined,
      maximumEventAgeInSeconds: 300,
      maximumRetryAttempts: 2,
    },
  };
}
