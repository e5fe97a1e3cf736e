import { parseArgs } from "node:util";
import { ENVIRONMENT } from "../lambda/contract.ts";

/** What one seeding was asked for. */
export interface SeedRequest {
  /** Name or ARN. */
  readonly tokenSecretId: string;
  /** Name or ARN. */
  readonly clientSecretId: string;
  readonly overwrite: boolean;
  /** `undefined`: the SDK finds it. */
  readonly region: string | undefined;
}

export type Arguments =
  | { readonly kind: "help" }
  | { readonly kind: "seed"; readonly request: SeedRequest }
  | { readonly kind: "unusable"; readonly problems: readonly string[] };

const OPTIONS = {
  "token-secret": { type: "string" },
  "client-secret": { type: "string" },
  region: { type: "string" },
  overwrite: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const SECRET_ARN = /^arn:aws[\w-]*:secretsmanager:([a-z0-9-]+):\d{12}:secret:[\w/+=.@-]+$/;
const SECRET_NAME = /^[\w/+=.@-]{1,512}$/;
/** The options' names invite this mistake: a JSON Web Token is a lawful name for a secret, and nobody's. */
const JSON_WEB_TOKEN = /^eyJ[\w-]*\.[\w-]+\./;
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/**
 * Reads the command line and, for what it leaves out, the environment. Finds every problem at once. No problem repeats a value that
 * may be a secret: whatever is printed is copied into tickets.
 *
 * @param words after the program's own name
 */
export function readArguments(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Arguments {
  const { tokens } = parseArgs({ args: [...words], options: OPTIONS, strict: false, tokens: true });
  const problems: string[] = [];
  const stray = new Set<number>();
  const given = new Map<string, string | undefined>();
  for (const token of tokens) {
    // In a word that begins with one dash, every character counts as an option, and a stray secret may hold an h.
    const isWhole = words[token.index]?.startsWith("--") || words[token.index] === "-h";
    if (token.kind === "option" && isWhole && Object.hasOwn(OPTIONS, token.name)) {
      if (given.has(token.name)) problems.push(`--${token.name} must be given once`);
      const isOption = token.value?.startsWith("-");
      // What looks like an option was meant as one: the name before it was forgotten.
      if (isOption) stray.add(token.index + (token.inlineValue ? 1 : 2));
      given.set(token.name, isOption ? undefined : token.value);
    } else if (token.kind === "option" || (token.kind === "positional" && words[token.index] !== "seed")) {
      stray.add(token.index + 1);
    }
  }
  if (stray.size > 0) problems.push(exposure([...stray]));
  const commands = tokens.filter(({ kind, index }) => kind === "positional" && words[index] === "seed");
  if (given.has("help") && problems.length === 0) return { kind: "help" };
  if (commands.length !== 1) problems.push(`the command must be seed, given once, got it ${commands.length} times`);
  for (const flag of ["overwrite", "help"]) {
    if (given.get(flag) !== undefined) problems.push(`--${flag} must stand without a value`);
  }
  const tokenSecretId = secretId("token-secret", ENVIRONMENT.tokenSecretId);
  const clientSecretId = secretId("client-secret", ENVIRONMENT.clientSecretId);
  const region = readRegion(given, [tokenSecretId, clientSecretId], problems);
  if (problems.length > 0) return { kind: "unusable", problems };
  return { kind: "seed", request: { tokenSecretId, clientSecretId, overwrite: given.has("overwrite"), region } };

  function secretId(option: string, variable: string): string {
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
}

/** Processes and shells show a command line to others, so a secret in one is lost even though this command never uses it. */
function exposure(positions: readonly number[]): string {
  const which = positions.length === 1 ? `argument ${positions[0]} is` : `arguments ${positions.join(", ")} are`;
  return (
    `${which} not expected and not repeated here, a secret given there must be considered exposed (shell history, process list) and ` +
    "be replaced, secrets are read from the terminal or standard input only"
  );
}

/** A whole ARN names its region, and the stack's own output names both secrets by ARN. */
function readRegion(
  given: ReadonlyMap<string, string | undefined>,
  secretIds: readonly string[],
  problems: string[],
): string | undefined {
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
