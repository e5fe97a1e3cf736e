import { ENVIRONMENT } from "../../lambda/contract.ts";
import type { Environment, GivenOptions } from "./arguments.ts";
import { DEFAULT_STACK, VARIABLE_OF } from "./common-options.ts";

/** Which connection a command line and its environment name, before anybody is asked. */
export interface Naming {
  /** The stack to be asked; `undefined` where the secrets are named one by one. */
  readonly stackName: string | undefined;
  /** The function's settings that options give, under the names of its environment variables. */
  readonly options: Environment;
  /** Those that the environment gives. */
  readonly environment: Environment;
  /** `undefined`: the SDK finds it. */
  readonly region: string | undefined;
}

const SECRET_ARN = /^arn:aws[\w-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:[\w/+=.@-]+$/;
const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;
/** The options' names invite this mistake: a JSON Web Token is a lawful name for a secret, and nobody's. */
const JSON_WEB_TOKEN = /^eyJ[\w-]*\.[\w-]+\./;
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** Reads what names the connection. The URL and the escrow's prefix are left to the function's own reader of settings. */
export function readNaming(given: GivenOptions, environment: Environment, problems: string[]): Naming {
  const isStackGiven = given.has("stack");
  const named = ["token-secret", "client-secret"].filter((option) => given.has(option));
  if (isStackGiven && named.length > 0)
    problems.push(`--stack names both secrets, leave out --${named.join(" and --")}`);
  for (const option of ["base-url", "escrow-prefix"]) {
    if (given.has(option) && !given.get(option)) problems.push(`--${option} must have a value`);
  }
  const settings = {
    options: Object.fromEntries(Object.entries(VARIABLE_OF).map(([option, variable]) => [variable, given.get(option)])),
    environment: Object.fromEntries(Object.values(ENVIRONMENT).map((variable) => [variable, environment[variable]])),
  };
  const isNamed =
    named.length > 0 || Boolean(environment[ENVIRONMENT.tokenSecretId] || environment[ENVIRONMENT.clientSecretId]);
  if (isStackGiven || !isNamed) {
    const stackName = isStackGiven ? given.get("stack") : DEFAULT_STACK;
    if (!stackName || !STACK_NAME.test(stackName)) {
      problems.push(`--stack must be the name of a stack such as ${DEFAULT_STACK}`);
    }
    return { ...settings, stackName, region: readRegion(given, [], problems) };
  }
  const secretIds = ["token-secret", "client-secret"].map((option) => secretId(option, given, environment, problems));
  return { ...settings, stackName: undefined, region: readRegion(given, secretIds, problems) };
}

function secretId(option: string, given: GivenOptions, environment: Environment, problems: string[]): string {
  const variable = VARIABLE_OF[option] ?? "";
  const value = given.has(option) ? given.get(option) : environment[variable];
  const name = given.has(option) || !value ? `--${option}` : variable;
  if (!value) {
    problems.push(`${name} is missing, give the secret's name or ARN or set ${variable}`);
  } else if (JSON_WEB_TOKEN.test(value) || !(SECRET_ARN.test(value) || SECRET_NAME.test(value))) {
    problems.push(
      `${name} must be the name or ARN of a secret in Secrets Manager, what was given is neither and, if it is a secret itself, ` +
        "must be considered exposed",
    );
  }
  return value ?? "";
}

/** A whole ARN names its region, and the stack's own output names both secrets by ARN. */
function readRegion(given: GivenOptions, secretIds: readonly string[], problems: string[]): string | undefined {
  const regions = secretIds.map((id) => SECRET_ARN.exec(id)?.[1]);
  if (given.has("region")) {
    const region = given.get("region");
    if (region !== undefined && REGION.test(region)) regions.push(region);
    else problems.push("--region must be a region such as eu-west-1");
  }
  const different = new Set(regions.filter((region) => region !== undefined));
  if (different.size > 1) {
    problems.push(`both secrets and --region must be in one region, got ${[...different].join(" and ")}`);
  }
  return [...different][0];
}
