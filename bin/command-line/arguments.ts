import { parseArgs } from "node:util";
import type { Command, Given, Option } from "./command.ts";
import { COMMON_OPTIONS } from "./common-options.ts";
import { type Naming, readNaming } from "./naming.ts";

export type Arguments =
  | { readonly kind: "help" }
  | { readonly kind: "command"; readonly naming: Naming; readonly given: Given }
  | { readonly kind: "unusable"; readonly problems: readonly string[] };

export type Environment = Readonly<Record<string, string | undefined>>;

/** The options that a command line gives; `undefined` for a flag, and for a value that is missing. */
export type GivenOptions = ReadonlyMap<string, string | undefined>;

interface Scan {
  readonly given: GivenOptions;
  /** Every word that names a command, in order. */
  readonly named: readonly string[];
  /** Positions, from 1, of the words that nothing expects. */
  readonly stray: ReadonlySet<number>;
  /** Options that were given more than once. */
  readonly repeated: readonly string[];
}

/** Which of the commands the words ask for; `undefined` where they name none. The first counts, as it does for its options. */
export function findCommand(words: readonly string[], names: readonly string[]): string | undefined {
  return scan(words, names, COMMON_OPTIONS).named[0];
}

/**
 * Reads the command line and, for what it leaves out, the environment. Finds every problem at once. No problem repeats a value that
 * may be a secret: whatever is printed is copied into tickets.
 *
 * @param words after the program's own name
 * @param names of all commands
 * @param command the one that the words name, `undefined` where they name none
 */
export function readArguments(
  words: readonly string[],
  environment: Environment,
  names: readonly string[],
  command: Pick<Command, "options"> | undefined,
): Arguments {
  const options = { ...command?.options, ...COMMON_OPTIONS };
  const { given, named, stray, repeated } = scan(words, names, options);
  const problems = repeated.map((name) => `--${name} must be given once`);
  if (stray.size > 0) problems.push(exposure([...stray]));
  if (given.has("help") && problems.length === 0) return { kind: "help" };
  if (named.length !== 1) {
    problems.push(`the command must be one of ${names.join(", ")}, given once, got ${named.join(" and ") || "none"}`);
  }
  for (const [name, value] of given) {
    const isFlag = options[name]?.kind === "flag";
    if (isFlag && value !== undefined) problems.push(`--${name} must stand without a value`);
    // What names the connection has sentences of its own for a missing value.
    if (!isFlag && !value && !Object.hasOwn(COMMON_OPTIONS, name)) problems.push(`--${name} must have a value`);
  }
  const naming = readNaming(given, environment, problems);
  if (problems.length > 0) return { kind: "unusable", problems };
  const own = [...given].filter(([name]) => !Object.hasOwn(COMMON_OPTIONS, name));
  return { kind: "command", naming, given: Object.fromEntries(own.map(([name, value]) => [name, value ?? true])) };
}

function scan(words: readonly string[], names: readonly string[], options: Readonly<Record<string, Option>>): Scan {
  const types = Object.entries(options).map(([name, { kind }]) => {
    const type = kind === "flag" ? ("boolean" as const) : ("string" as const);
    return [name, name === "help" ? { type, short: "h" } : { type }] as const;
  });
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(types),
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string | undefined>();
  const named: string[] = [];
  const stray = new Set<number>();
  const repeated: string[] = [];
  for (const token of tokens) {
    // In a word that begins with one dash, every character counts as an option, and a stray secret may hold an h.
    const isWhole = words[token.index]?.startsWith("--") || words[token.index] === "-h";
    if (token.kind === "option" && isWhole && Object.hasOwn(options, token.name)) {
      if (given.has(token.name)) repeated.push(token.name);
      const isOption = token.value?.startsWith("-");
      // What looks like an option was meant as one: the name before it was forgotten.
      if (isOption) stray.add(token.index + (token.inlineValue ? 1 : 2));
      given.set(token.name, isOption ? undefined : token.value);
    } else if (token.kind === "positional" && names.includes(token.value)) {
      named.push(token.value);
    } else if (token.kind !== "option-terminator") {
      stray.add(token.index + 1);
    }
  }
  return { given, named, stray, repeated };
}

/** Processes and shells show a command line to others, so a secret in one is lost even though this command never uses it. */
function exposure(positions: readonly number[]): string {
  const which = positions.length === 1 ? `argument ${positions[0]} is` : `arguments ${positions.join(", ")} are`;
  return (
    `${which} not expected and not repeated here, a secret given there must be considered exposed (shell history, process list) and ` +
    "be replaced, secrets are read from the terminal or standard input only"
  );
}
