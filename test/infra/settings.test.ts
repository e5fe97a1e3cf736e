import { expect, it } from "vitest";
import { readSettings, SettingsError } from "../../lib/settings.ts";

const KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f";
const SCHEDULE_EXPECTED =
  "expected a rate(…) or cron(…) expression whose longest pause between two ticks is from 5 minutes to 4 hours";
const BASE_URL_EXPECTED = "expected an https URL without credentials, query or fragment";
const KEY_EXPECTED = "expected the ARN of a key, arn:aws:kms:<region>:<account>:key/<id>, not of an alias";
const RETENTION_EXPECTED =
  "expected one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";

it("leaves everything to the construct's defaults where nothing is set", () => {
  // given
  const context = { schedule: null };

  // when
  const settings = readSettings(context);

  // then
  expect(Object.values(settings).filter((value) => value !== undefined)).toEqual([]);
});

it("reads every setting from text, as the command line gives it", () => {
  // given
  const context = {
    stackName: "xt-second",
    schedule: "rate(10 minutes)",
    baseUrl: "https://xt.example/gateway",
    unknownOutcomePolicy: "hold",
    exchangeTimeoutSeconds: "60",
    logRetentionDays: "365",
    encryptionKeyArn: KEY_ARN,
  };

  // when
  const settings = readSettings(context);

  // then
  expect(settings).toMatchObject({
    stackName: "xt-second",
    schedule: { expressionString: "rate(10 minutes)" },
    baseUrl: "https://xt.example/gateway",
    unknownOutcomePolicy: "hold",
    logRetention: 365,
    encryptionKeyArn: KEY_ARN,
  });
  expect(settings.exchangeTimeout?.toMilliseconds()).toBe(60_000);
});

it("reads numbers too, as cdk.json may hold them", () => {
  // given
  const context = { exchangeTimeoutSeconds: 1, logRetentionDays: 14 };

  // when
  const settings = readSettings(context);

  // then
  expect(settings.exchangeTimeout?.toMilliseconds()).toBe(1_000);
  expect(settings.logRetention).toBe(14);
});

it("names every setting at fault at once", () => {
  // given
  const context = {
    stackName: "2nd",
    schedule: "rate(0 minutes)",
    baseUrl: "http://oapi.xt.com",
    unknownOutcomePolicy: "retry",
    exchangeTimeoutSeconds: "0",
    logRetentionDays: "31",
    encryptionKeyArn: "alias/xt",
  };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(
      [
        "stackName: found '2nd', expected 1 to 128 letters, digits and hyphens, starting with a letter",
        `schedule: found 'rate(0 minutes)', ${SCHEDULE_EXPECTED}`,
        `baseUrl: found the scheme http, ${BASE_URL_EXPECTED}`,
        "unknownOutcomePolicy: found 'retry', expected replay or hold",
        "exchangeTimeoutSeconds: found 0 seconds, expected from 1 to 60 seconds",
        `logRetentionDays: found '31', ${RETENTION_EXPECTED}`,
        `encryptionKeyArn: found 'alias/xt', ${KEY_EXPECTED}`,
      ].join("\n"),
    ),
  );
});

it.each([
  ["oapi.xt.com", "no URL"],
  ["", "no URL"],
  ["ftp://oapi.xt.com", "the scheme ftp"],
  ["http://localhost:8080", "the scheme http"],
  ["https://user@oapi.xt.com", "a URL with credentials"],
  ["https://:hunter2@oapi.xt.com", "a URL with credentials"],
  ["https://oapi.xt.com?client_secret=hunter2", "a URL with a query"],
  ["https://oapi.xt.com?", "a URL with a query"],
  ["https://oapi.xt.com#", "a URL with a fragment"],
])("refuses the base URL '%s' without repeating it", (baseUrl, found) => {
  // given
  const context = { baseUrl };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`baseUrl: found ${found}, ${BASE_URL_EXPECTED}`));
});

it.each(["", "1.5", "1e1", "0x10", " 5", "20s", "-1"])("refuses an exchange timeout of '%s'", (seconds) => {
  // given
  const context = { exchangeTimeoutSeconds: seconds };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(`exchangeTimeoutSeconds: found '${seconds}', expected a whole number of seconds`),
  );
});

it.each(["0", "61"])("refuses an exchange timeout of %s seconds by the construct's own rule", (seconds) => {
  // given
  const context = { exchangeTimeoutSeconds: seconds };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(`exchangeTimeoutSeconds: found ${seconds} seconds, expected from 1 to 60 seconds`),
  );
});

it.each(["", "0", "9999", "ONE_WEEK", "7 days"])("refuses a log retention of '%s' days", (days) => {
  // given
  const context = { logRetentionDays: days };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`logRetentionDays: found '${days}', ${RETENTION_EXPECTED}`));
});

it.each(["Hold", "", "replay,hold"])("refuses the policy '%s'", (policy) => {
  // given
  const context = { unknownOutcomePolicy: policy };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`unknownOutcomePolicy: found '${policy}', expected replay or hold`));
});

it("refuses a value that is neither text nor a number", () => {
  // given
  const context = { logRetentionDays: { days: 7 } };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`logRetentionDays: found '{"days":7}', ${RETENTION_EXPECTED}`));
});

it.each(["com.desk.app:/back", "http://127.0.0.1:8080/back", "https://desk.example/back?to=xt"])(
  "takes the redirect URI '%s'",
  (redirectUri) => {
    // given
    const context = { redirectUri };

    // when
    const settings = readSettings(context);

    // then
    expect(settings.redirectUri).toBe(redirectUri);
  },
);

it.each(["", "desk.example", "https://desk.example/#back", "https://desk.example/two words"])(
  "refuses the redirect URI '%s'",
  (redirectUri) => {
    // given
    const context = { redirectUri };

    // when
    const act = () => readSettings(context);

    // then
    expect(act).toThrow(
      new SettingsError(
        `redirectUri: found '${redirectUri}', expected a whole URI without a fragment, as it is registered at XT`,
      ),
    );
  },
);

it.each<[unknown, readonly string[]]>([
  ["desk-a", ["desk-a"]],
  ["desk-a,desk-b", ["desk-a", "desk-b"]],
  [
    ["desk-a", "desk-b"],
    ["desk-a", "desk-b"],
  ],
])("reads the connections %j, from the command line and from cdk.json", (connections, expected) => {
  // given
  const context = { connections, connectionPrefix: "xt/desks/" };

  // when
  const settings = readSettings(context);

  // then
  expect(settings).toMatchObject({ connections: expected, connectionPrefix: "xt/desks/" });
});

it.each([
  ["", "found '', expected 1 to 64 letters, digits, '-', '_' and '.', first a letter or digit"],
  ["a,b c", "found 'b c', expected 1 to 64 letters, digits, '-', '_' and '.', first a letter or digit"],
  ["a,default", "found 'default', expected another name: every stack has that connection"],
  ["a,b,a", "found 'a' twice, expected it once"],
])("refuses the connections '%s'", (connections, message) => {
  // given
  const context = { connections };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(new SettingsError(`connections: ${message}`));
});

it("refuses a connection prefix without its slash", () => {
  // given
  const context = { connectionPrefix: "xt/desks" };

  // when
  const act = () => readSettings(context);

  // then
  expect(act).toThrow(
    new SettingsError(
      "connectionPrefix: found 'xt/desks', expected the beginning of secrets' names: " +
        "up to 435 letters, digits and characters of _+=.@-, in parts that each end with a slash",
    ),
  );
});
