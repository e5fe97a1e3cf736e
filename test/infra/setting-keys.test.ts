import { expect, it } from "vitest";
import { readSettings, SettingsError } from "../../lib/settings.ts";

it.each([
  ["shedule", "schedule"],
  ["Schedule", "schedule"],
  ["baseURL", "baseUrl"],
  ["stackname", "stackName"],
  ["alarmMail", "alarmEmail"],
  ["alarmTopic", "alarmTopicArn"],
  ["tokenSecret", "tokenSecretArn"],
  ["accessTokenSecret", "accessTokenSecretArn"],
  ["eventBus", "eventBusArn"],
  ["exchangeTimeout", "exchangeTimeoutSeconds"],
  ["logRetention", "logRetentionDays"],
])("refuses the key %s and names %s", (key, meant) => {
  // given
  const context = { [key]: "rate(5 minutes)" };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`${key}: found a key that is not a setting, expected ${meant}`));
});

it("leaves alone what the CDK and others keep in the context", () => {
  // given
  const context = {
    "cli-telemetry": false,
    "@aws-cdk/core:checkSecretUsage": true,
    "aws:cdk:bundling-stacks": ["**"],
    "aws:cdk:enable-path-metadata": true,
    "availability-zones:account=111122223333:region=eu-west-1": ["eu-west-1a"],
    "hosted-zone:account=111122223333:domainName=example.com:region=eu-west-1": { Id: "/hostedzone/Z1" },
    "acknowledged-issue-numbers": [1],
    stage: "test",
    region: "eu-west-1",
  };

  // when
  const settings = readSettings(context);

  // then
  expect(Object.values(settings).filter((value) => value !== undefined)).toEqual([]);
});

it.each([
  ["stackName", "1 to 128 letters, digits and hyphens, starting with a letter"],
  ["redirectUri", "a whole URI without a fragment, as it is registered at XT"],
  ["alarmEmail", "one e-mail address"],
  ["schedule", "a rate(…) or cron(…) expression whose longest pause between two ticks is from 5 minutes to 4 hours"],
])("repeats no credentials of a URL that stands in %s", (key, expected) => {
  // given
  const context = { [key]: "https://kim:hunter2@desk.example/#back" };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`${key}: found 'https://[redacted]@desk.example/#back', expected ${expected}`));
});
