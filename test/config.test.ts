import { expect, it } from "vitest";
import { readConfig } from "../lambda/config.ts";
import { InvalidConfiguration } from "../lambda/rotation/errors.ts";

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
