import { expect, it } from "vitest";
import { resolveTarget } from "../../../bin/connection/target.ts";

const NAMING = { stackName: "stack-1", options: {}, environment: {}, region: undefined };
const OUTPUTS = {
  TokenSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf",
  ClientSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:client-AbCdEf",
  FunctionName: "rotation:live",
  BaseUrl: "https://xt.example",
  UnknownOutcomePolicy: "hold",
  ExchangeTimeoutMs: "5000",
  EscrowParameterPrefix: "/xt/escrow/",
  EscrowKeyId: "key-1",
  ScheduleGroupName: "group-1",
  ScheduleName: "tick-1",
};
const ask = (outputs: object) => async () => ({ ...outputs });
const nobody = () => Promise.reject(new Error("asked a stack"));

it("takes everything from the stack's outputs", async () => {
  expect(await resolveTarget(NAMING, ask(OUTPUTS))).toEqual({
    config: {
      tokenSecretId: OUTPUTS.TokenSecretArn,
      clientSecretId: OUTPUTS.ClientSecretArn,
      baseUrl: new URL("https://xt.example"),
      unknownOutcomePolicy: "hold",
      exchangeTimeoutMs: 5_000,
      escrow: { prefix: "/xt/escrow/", keyId: "key-1" },
    },
    region: undefined,
    stack: {
      stackName: "stack-1",
      functionName: "rotation:live",
      schedule: { group: "group-1", name: "tick-1" },
    },
  });
});

it("lets an option count before the stack's word, and that before the environment's", async () => {
  const environment = { XT_BASE_URL: "https://environment.example", UNKNOWN_OUTCOME_POLICY: "replay" };
  const options = { XT_BASE_URL: "https://option.example", ESCROW_PARAMETER_PREFIX: undefined };

  const { config } = await resolveTarget({ ...NAMING, options, environment }, ask(OUTPUTS));

  expect(config).toMatchObject({
    baseUrl: new URL("https://option.example"),
    unknownOutcomePolicy: "hold",
    escrow: { prefix: "/xt/escrow/" },
  });
});

it("knows no schedule where the stack was deployed before it told", async () => {
  const { ScheduleName: _untold, ...outputs } = OUTPUTS;

  const target = await resolveTarget(NAMING, ask(outputs));

  expect(target.stack).toEqual({ stackName: "stack-1", functionName: "rotation:live", schedule: undefined });
});

it("refuses a stack that is not ours", async () => {
  await expect(resolveTarget(NAMING, ask({ FunctionName: "other" }))).rejects.toThrow(
    /^the stack stack-1 has no output TokenSecretArn, ClientSecretArn, name the stack .* with --stack, or both secrets/,
  );
});

it("asks no stack where the secrets are named one by one", async () => {
  const environment = { TOKEN_SECRET_ID: "xt/token", CLIENT_SECRET_ID: "xt/client" };
  const options = { TOKEN_SECRET_ID: "xt/other" };

  const target = await resolveTarget({ stackName: undefined, options, environment, region: "eu-west-1" }, nobody);

  expect(target).toMatchObject({
    config: { tokenSecretId: "xt/other", clientSecretId: "xt/client", escrow: undefined },
    region: "eu-west-1",
    stack: undefined,
  });
});

it("calls a bad setting by its option and does not repeat it", async () => {
  const options = { XT_BASE_URL: "https://kim:hunter2@xt.example" };

  const resolving = resolveTarget({ ...NAMING, options }, ask(OUTPUTS));

  await expect(resolving).rejects.toMatchObject({
    exit: 2,
    message:
      "the configuration is invalid: --base-url (XT_BASE_URL) must be an https URL without credentials, query or fragment, " +
      "or http to a loopback address, got a URL with credentials",
  });
});
