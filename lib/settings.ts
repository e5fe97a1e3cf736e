import { Duration } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { EXCHANGE_TIMEOUT_MS, UNKNOWN_OUTCOME_POLICIES, type UnknownOutcomePolicy } from "../lambda/contract.ts";
import { ALARM_EMAIL, ALARM_TOPIC_ARN, REFRESH_EXPIRY_ALARM, RUNBOOK_URL } from "./alarm-settings.ts";
import { BASE_URL_EXPECTED } from "./base-url.ts";
import { REDIRECT_URI } from "./redirect-uri.ts";
import { parseSchedule, SCHEDULE_EXPECTED } from "./schedule-setting.ts";
import { httpsUrl, matching, type Setting, valueOr, wholeNumber } from "./setting.ts";

/** What a person can set with `-c key=value` or in cdk.json; absent means the construct's default. */
export interface Settings {
  readonly stackName?: string;
  readonly schedule?: ScheduleExpression;
  readonly baseUrl?: string;
  readonly redirectUri?: string;
  readonly unknownOutcomePolicy?: UnknownOutcomePolicy;
  readonly exchangeTimeout?: Duration;
  readonly logRetention?: RetentionDays;
  readonly encryptionKeyArn?: string;
  readonly alarmEmail?: string;
  readonly alarmTopicArn?: string;
  readonly runbookUrl?: string;
  readonly refreshExpiryAlarm?: Duration;
}

/** Settings that cannot be used; the message has a line for each of them. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const STACK_NAME: Setting<string> = {
  key: "stackName",
  expected: "1 to 128 letters, digits and hyphens, starting with a letter",
  read: (text) => matching(text, /^[A-Za-z][A-Za-z0-9-]{0,127}$/),
};

const SCHEDULE: Setting<ScheduleExpression> = {
  key: "schedule",
  expected: SCHEDULE_EXPECTED,
  read: (text) => valueOr(parseSchedule(text), text),
};

const BASE_URL: Setting<string> = {
  key: "baseUrl",
  expected: BASE_URL_EXPECTED,
  read: httpsUrl,
};

const UNKNOWN_OUTCOME_POLICY: Setting<UnknownOutcomePolicy> = {
  key: "unknownOutcomePolicy",
  expected: UNKNOWN_OUTCOME_POLICIES.join(" or "),
  read: (text) =>
    valueOr(
      UNKNOWN_OUTCOME_POLICIES.find((policy) => policy === text),
      text,
    ),
};

const EXCHANGE_TIMEOUT: Setting<Duration> = {
  key: "exchangeTimeoutSeconds",
  expected: `a whole number from ${EXCHANGE_TIMEOUT_MS.min / 1_000} to ${EXCHANGE_TIMEOUT_MS.max / 1_000}`,
  read(text) {
    const milliseconds = wholeNumber(text) * 1_000;
    const isInBounds = milliseconds >= EXCHANGE_TIMEOUT_MS.min && milliseconds <= EXCHANGE_TIMEOUT_MS.max;
    return valueOr(isInBounds ? Duration.millis(milliseconds) : undefined, text);
  },
};

// INFINITE is the library's own word for a group that never forgets; CloudWatch knows no such number of days.
const RETENTION_DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === "number")
  .filter((days) => days !== RetentionDays.INFINITE);

const LOG_RETENTION: Setting<RetentionDays> = {
  key: "logRetentionDays",
  expected: `one of ${RETENTION_DAYS.join(", ")}`,
  read: (text) =>
    valueOr(
      RETENTION_DAYS.find((days) => days === wholeNumber(text)),
      text,
    ),
};

const ENCRYPTION_KEY_ARN: Setting<string> = {
  key: "encryptionKeyArn",
  // An alias would deploy and then deny every call: IAM matches the key's own ARN.
  expected: "the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, not of an alias",
  read: (text) =>
    matching(
      text,
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    ),
};

/**
 * Reads the settings from CDK context.
 * @param context looks one key up; `undefined` where it is not set
 * @throws SettingsError that names every setting at fault at once, what was found and what is expected
 */
export function readSettings(context: (key: string) => unknown): Settings {
  const faults: string[] = [];
  function read<T>(setting: Setting<T>): T | undefined {
    const raw = context(setting.key);
    if (raw === undefined || raw === null) return undefined;
    // cdk.json may hold numbers; the command line gives text only.
    const reading = setting.read(typeof raw === "string" ? raw : JSON.stringify(raw));
    if (reading.kind === "value") return reading.value;
    faults.push(`${setting.key}: found ${reading.found}, expected ${setting.expected}`);
    return undefined;
  }
  const settings: Settings = {
    stackName: read(STACK_NAME),
    schedule: read(SCHEDULE),
    baseUrl: read(BASE_URL),
    redirectUri: read(REDIRECT_URI),
    unknownOutcomePolicy: read(UNKNOWN_OUTCOME_POLICY),
    exchangeTimeout: read(EXCHANGE_TIMEOUT),
    logRetention: read(LOG_RETENTION),
    encryptionKeyArn: read(ENCRYPTION_KEY_ARN),
    alarmEmail: read(ALARM_EMAIL),
    alarmTopicArn: read(ALARM_TOPIC_ARN),
    runbookUrl: read(RUNBOOK_URL),
    refreshExpiryAlarm: read(REFRESH_EXPIRY_ALARM),
  };
  if (settings.alarmEmail !== undefined && settings.alarmTopicArn !== undefined)
    faults.push(
      "alarmEmail: found an alarmTopicArn beside it, expected one of the two: subscribe the address to the topic",
    );
  if (faults.length > 0) throw new SettingsError(faults.join("\n"));
  return settings;
}
