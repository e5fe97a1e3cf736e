import { expect, it } from "vitest";
import { Parameters, type ParameterWrite } from "../../../sandbox/parameter-store/parameters.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
/** 44 characters of ARN come before the name's own slash, which leaves 967 of the 1,011. */
const LONGEST = `/${"n".repeat(966)}`;
const FIFTEEN_LEVELS = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15";

function put(parameters: Parameters, write: Partial<ParameterWrite> = {}) {
  return parameters.put({ name: "/xt/one", value: "a pair", type: "SecureString", ...write }, NOW_MS);
}

it.each([["one"], ["/one"], ["/a.b/c-d/E_9"], [LONGEST], [FIFTEEN_LEVELS]])("takes the name %s", (name) => {
  const parameters = new Parameters();

  put(parameters, { name });

  expect(parameters.find(name).value).toBe("a pair");
});

it.each<[string, string, string]>([
  ["with a space", "/xt/a b", "ValidationException"],
  ["with an empty end", "/xt/", "ValidationException"],
  ["with an empty level", "/xt//one", "ValidationException"],
  ["that is a path without its slash", "xt/one", "ValidationException"],
  ["that begins with ssm", "/SSM/one", "ValidationException"],
  ["that begins with aws", "awsOne", "ValidationException"],
  ["under aws", "/aws/one", "AccessDeniedException"],
  ["of 16 levels", `${FIFTEEN_LEVELS}/16`, "HierarchyLevelLimitExceededException"],
  ["of 1,012 characters with its ARN", `${LONGEST}n`, "ValidationException"],
])("refuses a name %s", (_, name, code) => {
  const parameters = new Parameters();

  const attempt = () => put(parameters, { name });

  expect(attempt).toThrow(expect.objectContaining({ code }));
  expect(parameters.all).toEqual([]);
});

it("tells a name with a slash at its end from other odd ones, as AWS does", () => {
  const attempt = () => put(new Parameters(), { name: "/xt/one/" });

  expect(attempt).toThrow("Parameter name must not end with slash.");
});

it.each<[ParameterWrite["tier"], number, string]>([
  [undefined, 4_096, "Standard"],
  ["Standard", 4_096, "Standard"],
  ["Advanced", 1, "Advanced"],
  ["Advanced", 8_192, "Advanced"],
  ["Intelligent-Tiering", 4_096, "Standard"],
  ["Intelligent-Tiering", 4_097, "Advanced"],
])("puts, where %s is asked for, %i bytes into the tier %s", (tier, bytes, expected) => {
  const parameters = new Parameters();

  const written = put(parameters, { tier, value: "x".repeat(bytes) });

  expect(written.tier).toBe(expected);
});

it.each<[ParameterWrite["tier"], number, RegExp]>([
  [undefined, 4_097, /^Standard tier parameters support a maximum parameter value of 4096 characters/],
  ["Standard", 4_097, /^Standard tier parameters support a maximum parameter value of 4096 characters/],
  ["Advanced", 8_193, /Advanced-tier parameters support a maximum parameter value of 8192 characters/],
  ["Intelligent-Tiering", 8_193, /Advanced-tier parameters support a maximum parameter value of 8192 characters/],
])("refuses, where %s is asked for, %i bytes", (tier, bytes, message) => {
  const parameters = new Parameters();

  const attempt = () => put(parameters, { tier, value: "x".repeat(bytes) });

  expect(attempt).toThrow(expect.objectContaining({ code: "ValidationException" }));
  expect(attempt).toThrow(message);
  expect(parameters.all).toEqual([]);
});

it("counts a value in bytes", () => {
  const attempt = () => put(new Parameters(), { value: "é".repeat(2_049) });

  expect(attempt).toThrow(expect.objectContaining({ code: "ValidationException" }));
});

it.each([undefined, "Intelligent-Tiering"] as const)(
  "keeps an advanced parameter advanced when %s is asked",
  (tier) => {
    const parameters = new Parameters();
    put(parameters, { tier: "Advanced" });

    const written = put(parameters, { tier, overwrite: true });

    expect(written).toMatchObject({ tier: "Advanced", version: 2 });
  },
);

it("refuses to make an advanced parameter a standard one", () => {
  const parameters = new Parameters();
  put(parameters, { tier: "Advanced" });

  const attempt = () => put(parameters, { tier: "Standard", overwrite: true });

  expect(attempt).toThrow(/^This parameter uses the advanced-parameter tier\. You can't downgrade a parameter/);
});

it("refuses to change the type", () => {
  const parameters = new Parameters();
  put(parameters);

  const attempt = () => put(parameters, { type: "String", overwrite: true });

  expect(attempt).toThrow(expect.objectContaining({ code: "HierarchyTypeMismatchException" }));
});

it("needs a type for a new parameter, even where overwriting is allowed", () => {
  const attempt = () => put(new Parameters(), { type: undefined, overwrite: true });

  expect(attempt).toThrow("A parameter type is required when you create a parameter.");
});

it("refuses a key for what is not encrypted", () => {
  const attempt = () => put(new Parameters(), { type: "String", keyId: "alias/key" });

  expect(attempt).toThrow("KeyId is required for SecureString type parameter only.");
});

it("refuses double brackets, and takes JSON that merely ends in two", () => {
  const parameters = new Parameters();

  const attempt = () => put(parameters, { value: "{{ssm:other}}" });
  const written = put(parameters, { value: '{"pair":{"refresh_token":"r"}}' });

  expect(attempt).toThrow(`Parameter value can't nest another parameter. Do not use "{{}}" in the value.`);
  expect(written.version).toBe(1);
});
