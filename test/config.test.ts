import { expect, it } from "vitest";
import { placesOf, readConfig } from "../lambda/config.ts";
import { InvalidConfiguration, InvalidEvent } from "../lambda/rotation/errors.ts";

const BASE_URL_PROBLEM =
  "XT_BASE_URL must be an https URL without credentials, query or fragment, or http to a loopback address, got";
const SECRETS = { TOKEN_SECRET_ID: "token-1", CLIENT_SECRET_ID: "client-1" };

it("fills in what is not set", () => {
  const { baseUrl, ...config } = readConfig(SECRETS);

  expect(config).toEqual({
    tokenSecretId: "token-1",
    clientSecretId: "client-1",
    unknownOutcomePolicy: "replay",
    exchangeTimeoutMs: 60_000,
  });
  expect(baseUrl.href).toBe("https://oapi.xt.com/");
});

it("takes what is set", () => {
  const { baseUrl, ...config } = readConfig({
    ...SECRETS,
    XT_BASE_URL: "https://proxy.example:8443/xt",
    UNKNOWN_OUTCOME_POLICY: "hold",
    EXCHANGE_TIMEOUT_MS: "5000",
  });

  expect(config).toEqual({
    tokenSecretId: "token-1",
    clientSecretId: "client-1",
    unknownOutcomePolicy: "hold",
    exchangeTimeoutMs: 5_000,
  });
  expect(baseUrl.href).toBe("https://proxy.example:8443/xt");
});

it("takes empty variables for ones that are not set", () => {
  const empty = { XT_BASE_URL: "", UNKNOWN_OUTCOME_POLICY: "", EXCHANGE_TIMEOUT_MS: "" };

  expect(readConfig({ ...SECRETS, ...empty })).toEqual(readConfig(SECRETS));
});

it.each([
  ["not set", {}],
  ["empty", { ESCROW_PARAMETER_PREFIX: "", ESCROW_KEY_ID: "" }],
  ["only given a key", { ESCROW_KEY_ID: "alias/xt" }],
])("has no escrow where it is %s", (_name, environment) => {
  expect(readConfig({ ...SECRETS, ...environment }).escrow).toBeUndefined();
});

it.each([
  ["/xt-token-rotation/", "", { prefix: "/xt-token-rotation/", keyId: undefined }],
  ["/xt/Stack_1/c8.68/", "alias/xt", { prefix: "/xt/Stack_1/c8.68/", keyId: "alias/xt" }],
])("takes the escrow's prefix %s with the key <%s>", (prefix, keyId, escrow) => {
  const environment = { ESCROW_PARAMETER_PREFIX: prefix, ESCROW_KEY_ID: keyId };

  expect(readConfig({ ...SECRETS, ...environment }).escrow).toEqual(escrow);
});

it.each(["xt", "xt/", "/xt", "/", "//", "/xt//", "/xt //", "/xt/*/", "/xt/\n/", "arn:aws:ssm:::parameter/xt/"])(
  "refuses the escrow's prefix <%s> without repeating it",
  (prefix) => {
    const problem = "ESCROW_PARAMETER_PREFIX must be a path of SSM parameters such as /xt-token-rotation/";

    expect(() => readConfig({ ...SECRETS, ESCROW_PARAMETER_PREFIX: prefix })).toThrow(
      new InvalidConfiguration([problem]),
    );
  },
);

it.each(["http://localhost:8080", "http://127.0.0.1:8080", "http://127.255.0.1", "http://[::1]:8080"])(
  "takes plain http to the loopback address %s",
  (url) => {
    expect(readConfig({ ...SECRETS, XT_BASE_URL: url }).baseUrl.protocol).toBe("http:");
  },
);

it.each(["1000", "60000"])("takes a timeout of %s ms", (timeout) => {
  expect(readConfig({ ...SECRETS, EXCHANGE_TIMEOUT_MS: timeout }).exchangeTimeoutMs).toBe(Number(timeout));
});

it.each([
  ["TOKEN_SECRET_ID", "", "TOKEN_SECRET_ID is missing, set it to the secret's name or ARN"],
  ["CLIENT_SECRET_ID", undefined, "CLIENT_SECRET_ID is missing, set it to the secret's name or ARN"],
  ["XT_BASE_URL", "oapi.xt.com", `${BASE_URL_PROBLEM} no URL`],
  ["XT_BASE_URL", "http://oapi.xt.com", `${BASE_URL_PROBLEM} the scheme http`],
  ["XT_BASE_URL", "http://127.0.0.1.example", `${BASE_URL_PROBLEM} the scheme http`],
  ["XT_BASE_URL", "ftp://localhost", `${BASE_URL_PROBLEM} the scheme ftp`],
  ["XT_BASE_URL", "https://user@oapi.xt.com", `${BASE_URL_PROBLEM} a URL with credentials`],
  ["XT_BASE_URL", "https://:password@oapi.xt.com", `${BASE_URL_PROBLEM} a URL with credentials`],
  ["XT_BASE_URL", "https://oapi.xt.com?a=1", `${BASE_URL_PROBLEM} a URL with a query`],
  ["XT_BASE_URL", "https://oapi.xt.com?", `${BASE_URL_PROBLEM} a URL with a query`],
  ["XT_BASE_URL", "https://oapi.xt.com#a", `${BASE_URL_PROBLEM} a URL with a fragment`],
  ["UNKNOWN_OUTCOME_POLICY", "retry", "UNKNOWN_OUTCOME_POLICY must be replay or hold"],
  ["EXCHANGE_TIMEOUT_MS", "999", "EXCHANGE_TIMEOUT_MS must be a whole number of milliseconds from 1000 to 60000"],
  ["EXCHANGE_TIMEOUT_MS", "60001", "EXCHANGE_TIMEOUT_MS must be a whole number of milliseconds from 1000 to 60000"],
  ["EXCHANGE_TIMEOUT_MS", "1000.5", "EXCHANGE_TIMEOUT_MS must be a whole number of milliseconds from 1000 to 60000"],
  ["EXCHANGE_TIMEOUT_MS", "20s", "EXCHANGE_TIMEOUT_MS must be a whole number of milliseconds from 1000 to 60000"],
])("refuses %s of <%s> without repeating it", (name, value, problem) => {
  expect(() => readConfig({ ...SECRETS, [name]: value })).toThrow(new InvalidConfiguration([problem]));
});

it("names every problem at once", () => {
  const wrong = { XT_BASE_URL: "http://user@oapi.xt.com?a=1", UNKNOWN_OUTCOME_POLICY: "x", EXCHANGE_TIMEOUT_MS: "x" };

  expect(() => readConfig({ ...wrong, ESCROW_PARAMETER_PREFIX: "x" })).toThrow(
    new InvalidConfiguration([
      "TOKEN_SECRET_ID is missing, set it to the secret's name or ARN",
      "CLIENT_SECRET_ID is missing, set it to the secret's name or ARN",
      `${BASE_URL_PROBLEM} the scheme http`,
      "UNKNOWN_OUTCOME_POLICY must be replay or hold",
      "EXCHANGE_TIMEOUT_MS must be a whole number of milliseconds from 1000 to 60000",
      "ESCROW_PARAMETER_PREFIX must be a path of SSM parameters such as /xt-token-rotation/",
    ]),
  );
});

const OTHERS = { ...SECRETS, CONNECTION_PREFIX: "xt/connections/" };
const TICKS = {
  SCHEDULE_GROUP_NAME: "desks",
  SCHEDULE_ROLE_ARN: "arn:aws:iam::123456789012:role/tick",
  TICK_SCHEDULE: "rate(15 minutes)",
};

it.each([
  ["not set", {}],
  ["empty", { CONNECTION_PREFIX: "" }],
  ["only given schedules", TICKS],
])("keeps no connection beside default where the prefix is %s", (_name, environment) => {
  expect(readConfig({ ...SECRETS, ...environment }).others).toBeUndefined();
});

it("takes the prefix, the key and the schedules of further connections", () => {
  expect(readConfig({ ...OTHERS, ...TICKS, ESCROW_KEY_ID: "alias/xt" }).others).toEqual({
    prefix: "xt/connections/",
    keyId: "alias/xt",
    ticks: {
      groupName: "desks",
      roleArn: "arn:aws:iam::123456789012:role/tick",
      expression: "rate(15 minutes)",
    },
  });
});

it.each([
  ["not set", {}],
  ["empty", { SCHEDULE_GROUP_NAME: "", SCHEDULE_ROLE_ARN: "", TICK_SCHEDULE: "" }],
])("makes no schedules where nothing of them is %s, and takes the account's key", (_name, environment) => {
  expect(readConfig({ ...OTHERS, ...environment }).others).toEqual({
    prefix: "xt/connections/",
    keyId: undefined,
    ticks: undefined,
  });
});

it.each(["SCHEDULE_GROUP_NAME", "SCHEDULE_ROLE_ARN", "TICK_SCHEDULE"])("refuses schedules without %s", (name) => {
  const problem = "SCHEDULE_GROUP_NAME, SCHEDULE_ROLE_ARN, TICK_SCHEDULE must be set together, or none of them";

  expect(() => readConfig({ ...OTHERS, ...TICKS, [name]: "" })).toThrow(new InvalidConfiguration([problem]));
});

it.each(["x/", "xt-token-rotation/", "A1_+=.@-/b/"])("takes the prefix %s", (prefix) => {
  expect(readConfig({ ...SECRETS, CONNECTION_PREFIX: prefix }).others?.prefix).toBe(prefix);
});

it.each(["xt", "/", "/xt/", "xt//", "xt /", "xt/*/", "xt/\n/", "arn:aws:secretsmanager:::xt/"])(
  "refuses the prefix <%s> without repeating it",
  (prefix) => {
    const problem = "CONNECTION_PREFIX must be the beginning of secrets' names such as xt-token-rotation/";

    expect(() => readConfig({ ...SECRETS, CONNECTION_PREFIX: prefix })).toThrow(new InvalidConfiguration([problem]));
  },
);

const PLACES = { ACCESS_TOKEN_SECRET_ID: "access-1", ESCROW_PARAMETER_PREFIX: "/xt/", ESCROW_KEY_ID: "alias/xt" };

it("uses the template's secrets for default", () => {
  expect(placesOf(readConfig({ ...OTHERS, ...PLACES }), "default")).toMatchObject({
    tokenSecretId: "token-1",
    accessTokenSecretId: "access-1",
    escrow: { prefix: "/xt/", keyId: "alias/xt" },
  });
});

it("finds a further connection's secrets and escrow by the prefixes and its name", () => {
  expect(placesOf(readConfig({ ...OTHERS, ...PLACES }), "desk-a")).toEqual({
    tokenSecretId: "xt/connections/desk-a/pair",
    accessTokenSecretId: "xt/connections/desk-a/access-token",
    escrow: { prefix: "/xt/desk-a/", keyId: "alias/xt" },
  });
});

it("has no escrow for a further connection if none is configured", () => {
  expect(placesOf(readConfig(OTHERS), "desk-a").escrow).toBeUndefined();
});

it("refuses a further connection without a prefix, and names the setting", () => {
  const config = readConfig({ ...SECRETS, ...PLACES });

  expect(() => placesOf(config, "desk-a")).toThrow(
    new InvalidEvent(["connection must be default, since CONNECTION_PREFIX is not set"]),
  );
});
