import { Fields, type Input, invalid, wrongType } from "../aws-json/fields.ts";
import { invalidRequest } from "../aws-json/refusal.ts";
import { DEFAULT_GROUP, type ScheduleSettings, type Target } from "./schedules.ts";

const NAME_LENGTH = 64;
const ARN_LENGTH = 1_600;
const EXPRESSION_LENGTH = 256;
const TIME_ZONE_LENGTH = 50;
const DESCRIPTION_LENGTH = 512;
const FLEXIBLE_MINUTES = { min: 1, max: 1_440 };
const RETRY_ATTEMPTS = { min: 0, max: 185 };
const EVENT_AGE_SECONDS = { min: 60, max: 86_400 };

const RATE = /^rate\([1-9]\d* (minute|hour|day)s?\)$/;
const CRON = /^cron\(\S+( \S+){5}\)$/;
const AT = /^at\(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\)$/;
/** The Scheduler has templates for these targets, and their input must be JSON. */
const TEMPLATED = /^arn:aws[\w-]*:(lambda|states|events):/;

/** Reads the fields that only requests to the Scheduler have. */
export class ScheduleFields<Name extends string> extends Fields<Name> {
  optionalName(field: Name): string | undefined {
    const name = this.optionalText(field, NAME_LENGTH);
    if (name !== undefined && !/^[0-9a-zA-Z-_.]+$/.test(name)) {
      throw invalid(field, "must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$");
    }
    return name;
  }

  name(field: Name): string {
    return this.optionalName(field) ?? this.text(field);
  }

  /** The token has no effect: see `Schedules.create`. */
  checkClientToken(field: Name): void {
    const token = this.optionalText(field, NAME_LENGTH);
    if (token !== undefined && !/^[a-zA-Z0-9-_]+$/.test(token)) {
      throw invalid(field, "must satisfy regular expression pattern: ^[a-zA-Z0-9-_]+$");
    }
  }

  arn(field: Name): string {
    const arn = this.text(field, ARN_LENGTH);
    if (!/^arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+$/.test(arn)) throw invalid(field, "must be an ARN");
    return arn;
  }

  optionalObject(field: Name): Input | undefined {
    const value = this.input[field] ?? undefined;
    if (value === undefined) return undefined;
    if (typeof value !== "object" || Array.isArray(value)) throw wrongType(field, "an object");
    return value as Input;
  }

  object(field: Name): Input {
    const value = this.optionalObject(field);
    if (value === undefined) throw invalid(field, "must not be null");
    return value;
  }
}

const KNOWN = [
  "Name",
  "GroupName",
  "ClientToken",
  "Description",
  "ScheduleExpression",
  "ScheduleExpressionTimezone",
  "State",
  "FlexibleTimeWindow",
  "Target",
] as const;

/** Reads the input of CreateSchedule and UpdateSchedule. */
export function readSchedule(
  operation: string,
  input: Input,
): { readonly groupName: string; readonly name: string; readonly settings: ScheduleSettings } {
  const fields = new ScheduleFields(operation, input, KNOWN);
  fields.checkClientToken("ClientToken");
  const expression = fields.text("ScheduleExpression", EXPRESSION_LENGTH);
  if (![RATE, CRON, AT].some((pattern) => pattern.test(expression))) {
    throw invalidRequest(`Invalid Schedule Expression ${expression}.`);
  }
  return {
    groupName: fields.optionalName("GroupName") ?? DEFAULT_GROUP,
    name: fields.name("Name"),
    settings: {
      description: fields.optionalText("Description", DESCRIPTION_LENGTH),
      expression,
      timeZone: readTimeZone(fields.optionalText("ScheduleExpressionTimezone", TIME_ZONE_LENGTH)),
      isEnabled: fields.optionalOneOf("State", ["ENABLED", "DISABLED"]) !== "DISABLED",
      flexibleMinutes: readWindow(fields.object("FlexibleTimeWindow")),
      target: readTarget(fields.object("Target")),
    },
  };
}

function readTimeZone(timeZone = "UTC"): string {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return timeZone;
  } catch {
    throw invalidRequest(`Invalid Schedule Expression Timezone ${timeZone}.`);
  }
}

function readWindow(input: Input): number | undefined {
  const fields = new ScheduleFields("FlexibleTimeWindow", input, ["Mode", "MaximumWindowInMinutes"]);
  const mode = fields.optionalOneOf("Mode", ["OFF", "FLEXIBLE"]) ?? fields.text("Mode");
  const minutes = fields.optionalInteger("MaximumWindowInMinutes", FLEXIBLE_MINUTES, "ValidationException");
  if (mode === "FLEXIBLE" && minutes === undefined) {
    throw invalidRequest("MaximumWindowInMinutes is required when the flexible time window mode is FLEXIBLE.");
  }
  if (mode === "OFF" && minutes !== undefined) {
    throw invalidRequest("MaximumWindowInMinutes must be absent when the flexible time window mode is OFF.");
  }
  return minutes;
}

function readTarget(input: Input): Target {
  const known = ["Arn", "RoleArn", "Input", "DeadLetterConfig", "RetryPolicy"] as const;
  const fields = new ScheduleFields("Target", input, known);
  const arn = fields.arn("Arn");
  const text = fields.optionalText("Input");
  if (text !== undefined && TEMPLATED.test(arn) && !isJson(text))
    throw invalidRequest("Invalid Target Input: no JSON.");
  const dead = new ScheduleFields("DeadLetterConfig", fields.optionalObject("DeadLetterConfig") ?? {}, ["Arn"]);
  const policy = fields.optionalObject("RetryPolicy") ?? {};
  const retry = new ScheduleFields("RetryPolicy", policy, ["MaximumEventAgeInSeconds", "MaximumRetryAttempts"]);
  const age = retry.optionalInteger("MaximumEventAgeInSeconds", EVENT_AGE_SECONDS, "ValidationException");
  const attempts = retry.optionalInteger("MaximumRetryAttempts", RETRY_ATTEMPTS, "ValidationException");
  return {
    arn,
    roleArn: fields.arn("RoleArn"),
    input: text,
    deadLetterArn: dead.optionalText("Arn", ARN_LENGTH),
    maximumEventAgeInSeconds: age ?? EVENT_AGE_SECONDS.max,
    maximumRetryAttempts: attempts ?? RETRY_ATTEMPTS.max,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
