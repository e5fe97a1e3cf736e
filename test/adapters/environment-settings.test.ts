import { afterEach, expect, it, vi } from "vitest";
import {
  loadConfig,
  NODE_REGION_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
  resolveRegionConfig,
} from "../../lambda/adapters/environment-settings.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("takes the region from the environment", async () => {
  vi.stubEnv("AWS_REGION", "eu-west-1");

  expect(await loadConfig(NODE_REGION_CONFIG_OPTIONS)()).toBe("eu-west-1");
});

it("says which variable is missing where there is no region", async () => {
  vi.stubEnv("AWS_REGION", undefined);

  const region = loadConfig(NODE_REGION_CONFIG_OPTIONS);

  await expect(region()).rejects.toThrow("AWS_REGION must be set, Lambda does so");
});

it("reads a setting once, when it is first asked for", async () => {
  vi.stubEnv("AWS_REGION", "eu-west-1");
  const region = loadConfig(NODE_REGION_CONFIG_OPTIONS);
  vi.stubEnv("AWS_REGION", "eu-west-2");
  const first = await region();
  vi.stubEnv("AWS_REGION", "eu-west-3");

  expect([first, await region()]).toEqual(["eu-west-2", "eu-west-2"]);
});

it.each([
  [undefined, false],
  ["false", false],
  ["true", true],
])("reads %s as the wish for FIPS endpoints", async (value, expected) => {
  vi.stubEnv("AWS_USE_FIPS_ENDPOINT", value);

  expect(await loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)()).toBe(expected);
});

it("refuses a wish that is neither true nor false", async () => {
  vi.stubEnv("AWS_USE_FIPS_ENDPOINT", "yes");

  const wish = loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS);

  await expect(wish()).rejects.toThrow("AWS_USE_FIPS_ENDPOINT must be true or false");
});

it("hands a setting's context on to what reads it", async () => {
  const setting = loadConfig(
    { environmentVariableSelector: (_environment, options) => JSON.stringify(options) },
    { signingName: "secretsmanager" },
  );

  expect(await setting()).toBe('{"signingName":"secretsmanager"}');
});

it("leaves a client's region as it is given", () => {
  const config = { region: "eu-west-1" };

  expect(resolveRegionConfig(config)).toBe(config);
});
