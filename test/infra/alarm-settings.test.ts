import { expect, it } from "vitest";
import { readSettings, SettingsError } from "../../lib/settings.ts";

const TOPIC_EXPECTED = "expected the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>";
const URL_EXPECTED = "expected an https URL without credentials, query or fragment";

it("reads whom to tell, when, and where the runbook is", () => {
  // given
  const context = {
    alarmEmail: "on-call@example.com",
    runbookUrl: "https://wiki.example/xt/runbook.md",
    refreshExpiryAlarmDays: "30",
  };

  // when
  const settings = readSettings(context);

  // then
  expect(settings).toMatchObject({
    alarmEmail: "on-call@example.com",
    runbookUrl: "https://wiki.example/xt/runbook.md",
  });
  expect(settings.refreshExpiryAlarm?.toDays()).toBe(30);
});

it("names every setting at fault at once, each with what was found", () => {
  // given
  const context = {
    alarmEmail: "on-call",
    alarmTopicArn: "pager",
    runbookUrl: "docs/runbook.md",
    refreshExpiryAlarmDays: "0",
  };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(
      [
        "alarmEmail: found 'on-call', expected one e-mail address",
        `alarmTopicArn: found 'pager', ${TOPIC_EXPECTED}`,
        `runbookUrl: found no URL, ${URL_EXPECTED}`,
        "refreshExpiryAlarmDays: found '0', expected a whole number from 1 to 90",
      ].join("\n"),
    ),
  );
});

it("takes the topic of somebody else", () => {
  // given
  const arn = "arn:aws:sns:eu-west-1:111122223333:pager";

  // when
  const settings = readSettings({ alarmTopicArn: arn });

  // then
  expect(settings.alarmTopicArn).toBe(arn);
});

it("refuses an address beside the topic of somebody else", () => {
  // given
  const context = { alarmEmail: "on-call@example.com", alarmTopicArn: "arn:aws:sns:eu-west-1:111122223333:pager" };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(
      "alarmEmail: found alarmEmail and alarmTopicArn, expected one of the two: subscribe the address to the topic",
    ),
  );
});

it.each(["a@b", "a@b.c, d@e.f", "<a@b.c>", "a b@c.de", ""])("refuses the address '%s'", (address) => {
  // given
  const context = { alarmEmail: address };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`alarmEmail: found '${address}', expected one e-mail address`));
});

it.each([
  "arn:aws:sns:eu-west-1:111122223333:pager:0a1b2c3d",
  "arn:aws:sqs:eu-west-1:111122223333:pager",
  "arn:aws:sns:eu-west-1:*:pager",
])("refuses the topic '%s'", (arn) => {
  // given
  const context = { alarmTopicArn: arn };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`alarmTopicArn: found '${arn}', ${TOPIC_EXPECTED}`));
});

it.each(["91", "-1", "7.5", "a week"])("refuses %s days before the refresh token expires", (days) => {
  // given
  const context = { refreshExpiryAlarmDays: days };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(`refreshExpiryAlarmDays: found '${days}', expected a whole number from 1 to 90`),
  );
});

it.each([
  ["https://wiki.example/xt#runbook", "a URL with a fragment"],
  ["http://wiki.example/xt", "the scheme http"],
])("refuses the runbook at %s, to which no anchor can be added or which nobody should trust", (runbookUrl, found) => {
  // given
  const context = { runbookUrl };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`runbookUrl: found ${found}, ${URL_EXPECTED}`));
});
