import { page } from "../aws-json/page.ts";
import type { Operation } from "../aws-json/service.ts";
import { readSchedule, ScheduleFields } from "./schedule-fields.ts";
import { DEFAULT_GROUP, type Schedule, type Schedules } from "./schedules.ts";

/** What an operation acts on. */
export interface World {
  readonly schedules: Schedules;
  /** When the request takes effect, in milliseconds since the epoch. */
  readonly nowMs: number;
}

const PAGING = { largest: 100, oddSize: "ValidationException", oddToken: "ValidationException" } as const;

/** The operations by name, so that tests can call them without HTTP. The input has the fields of the SDK's command. */
export const OPERATIONS: Readonly<Record<string, Operation<World>>> = {
  CreateSchedule(input, { schedules, nowMs }) {
    const { groupName, name, settings } = readSchedule("CreateSchedule", input);
    return { ScheduleArn: schedules.create(groupName, name, settings, nowMs).arn };
  },

  UpdateSchedule(input, { schedules, nowMs }) {
    const { groupName, name, settings } = readSchedule("UpdateSchedule", input);
    return { ScheduleArn: schedules.update(groupName, name, settings, nowMs).arn };
  },

  GetSchedule(input, { schedules }) {
    const fields = new ScheduleFields("GetSchedule", input, ["Name", "GroupName"]);
    return shown(schedules.find(fields.optionalName("GroupName") ?? DEFAULT_GROUP, fields.name("Name")));
  },

  DeleteSchedule(input, { schedules }) {
    const fields = new ScheduleFields("DeleteSchedule", input, ["Name", "GroupName", "ClientToken"]);
    fields.checkClientToken("ClientToken");
    schedules.remove(fields.optionalName("GroupName") ?? DEFAULT_GROUP, fields.name("Name"));
    return {};
  },

  ListSchedules(input, { schedules }) {
    const known = ["GroupName", "NamePrefix", "State", "MaxResults", "NextToken"] as const;
    const fields = new ScheduleFields("ListSchedules", input, known);
    const prefix = fields.optionalName("NamePrefix") ?? "";
    const state = fields.optionalOneOf("State", ["ENABLED", "DISABLED"]);
    const listed = schedules
      .list(fields.optionalName("GroupName"))
      .filter((schedule) => schedule.name.startsWith(prefix))
      .filter((schedule) => state === undefined || stateOf(schedule) === state);
    const { entries, next } = page(listed, ({ nth }) => nth, fields, PAGING);
    return { Schedules: entries.map(summaryOf), NextToken: next };
  },
};

function stateOf({ isEnabled }: Schedule): "ENABLED" | "DISABLED" {
  return isEnabled ? "ENABLED" : "DISABLED";
}

/** A list shows neither the schedule's expression nor its input. */
function summaryOf(schedule: Schedule) {
  return {
    Arn: schedule.arn,
    GroupName: schedule.groupName,
    Name: schedule.name,
    State: stateOf(schedule),
    CreationDate: schedule.createdAtMs / 1_000,
    LastModificationDate: schedule.modifiedAtMs / 1_000,
    Target: { Arn: schedule.target.arn },
  };
}

/** All of a schedule. JSON leaves out what is `undefined`. */
function shown(schedule: Schedule): object {
  const { target, flexibleMinutes } = schedule;
  return {
    ...summaryOf(schedule),
    Description: schedule.description,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    FlexibleTimeWindow:
      flexibleMinutes === undefined ? { Mode: "OFF" } : { Mode: "FLEXIBLE", MaximumWindowInMinutes: flexibleMinutes },
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      Input: target.input,
      DeadLetterConfig: target.deadLetterArn === undefined ? undefined : { Arn: target.deadLetterArn },
      RetryPolicy: {
        MaximumEventAgeInSeconds: target.maximumEventAgeInSeconds,
        MaximumRetryAttempts: target.maximumRetryAttempts,
      },
    },
    ActionAfterCompletion: "NONE",
  };
}
