import { Duration } from "aws-cdk-lib";
import { BASE_URL_EXPECTED } from "./base-url.ts";
import { httpsUrl, matching, type Setting, valueOr, wholeNumber } from "./setting.ts";

export const ALARM_EMAIL: Setting<string> = {
  key: "alarmEmail",
  expected: "one e-mail address",
  read: (text) => matching(text, /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/),
};

export const ALARM_TOPIC_ARN: Setting<string> = {
  key: "alarmTopicArn",
  expected: "the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>",
  read: (text) => matching(text, /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/),
};

export const RUNBOOK_URL: Setting<string> = {
  key: "runbookUrl",
  // The alarm adds the fragment.
  expected: BASE_URL_EXPECTED,
  read: httpsUrl,
};

/** In days. A longer notice than a refresh token's whole life would ring for ever; XT's documented lives are months. */
const REFRESH_EXPIRY_ALARM_DAYS = { min: 1, max: 90 } as const;

export const REFRESH_EXPIRY_ALARM: Setting<Duration> = {
  key: "refreshExpiryAlarmDays",
  expected: `a whole number from ${REFRESH_EXPIRY_ALARM_DAYS.min} to ${REFRESH_EXPIRY_ALARM_DAYS.max}`,
  read(text) {
    const days = wholeNumber(text);
    const isInBounds = days >= REFRESH_EXPIRY_ALARM_DAYS.min && days <= REFRESH_EXPIRY_ALARM_DAYS.max;
    return valueOr(isInBounds ? Duration.days(days) : undefined, text);
  },
};
