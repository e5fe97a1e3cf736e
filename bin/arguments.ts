import { parseArgs } from "node:util";
import { CONNECTION_NAME_EXPECTED, commandLine, DEFAULT_CONNECTION, isConnectionName } from "../lambda/contract.ts";
import {
  COMMANDS,
  COMMON_OPTIONS,
  type CommandName,
  DEFAULT_STACK,
  describeCommand,
  OVERVIEW,
  optionsOf,
} from "./usage.ts";

/** What the person asked for, read and checked. */
export interface Options {
  readonly stack: string;
  /** Name or ARN of the function; it then counts instead of the stack. */
  readonly function: string | undefined;
  readonly connection: string;
  readonly json: boolean;
  /** Whether ids are printed in full. */
  readonly verbose: boolean;
  /** The command's own options. A flag that was given is `true`. */
  readonly own: Readonly<Record<string, string | true | undefined>>;
}

export type Arguments =
  | { readonly kind: "command"; readonly name: CommandName; readonly options: Options }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" }
  | { readonly kind: "unusable"; readonly problems: readonly string[] };

/** What a value must look like, so that it stands in a printed command line without quotes. */
const FORMS: Readonly<Record<string, readonly [isFit: (value: string) => boolean, expected: string]>> = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
  stack: [(value) => /^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(value), `the name of a stack such as ${DEFAULT_STACK}`],
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  function: [(value) => /^[\w:$-]{1,170}$/.test(value), "the name or ARN of the function with its alias"],
  connection: [isConnectionName, CONNECTION_NAME_EXPECTED],
  // Each beginning of a connection's name is a valid name too.
  name: [isConnectionName, CONNECTION_NAME_EXPECTED],
  severity: [(value) => /^[034]$/.test(value), "0, 3 or 4"],
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
  days: [(value) => /^([7-9]|[12]\d|30)$/.test(value), "a whole number from 7 to 30"],
};

/** Reads the words after the program's own name. Finds every problem at once, and repeats no word that may be a secret. */
export function readArguments(words: readonly string[]): Arguments {
  const [first, ...rest] = words;
  if (first === "help") return readArguments([...rest, "--help"]);
  const names = Object.keys(COMMANDS);
  const name = words.find(isCommand);
  const known = name === undefined ? COMMON_OPTIONS : optionsOf(name);
  const spelled = Object.keys(known).map((option) => `--${option}`);
  const types = Object.entries(known).map(([option, { value }]) => {
    const type = value === undefined ? ("boolean" as const) : ("string" as const);
    return [option, option === "help" ? { type, short: "h" } : { type }] as const;
  });
  const { tokens } = parseArgs({ args: [...words], options: Object.fromEntries(types), strict: false, tokens: true });
  const given: Record<string, string | true> = {};
  const problems: string[] = [];
  let commands = 0;
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (token.value === name && commands === 0) commands += 1;
      else if (name === undefined && !couldBeSecret(token.value)) problems.push(unknown("command", token.value, names));
      else problems.push(unexpected(token.index, token.value));
    } else if (token.kind === "option") {
      const option = known[token.name];
      const word = words[token.index] ?? "";
      // Behind one dash every character counts as an option, and a stray secret may hold an h.
      if (option === undefined || !(word.startsWith("--") || word === "-h")) {
        problems.push(unknownOption(token.index, word, spelled));
      } else if (Object.hasOwn(given, token.name)) problems.push(`--${token.name} must be given once`);
      else if (option.value === undefined && token.value !== undefined) {
        problems.push(`--${token.name} takes no value`);
      } else if (option.value !== undefined && (!token.value || token.value.startsWith("-"))) {
        problems.push(`--${token.name} must have a value: --${token.name} ${option.value}`);
      } else given[token.name] = token.value ?? true;
    }
  }
  if (problems.length === 0 && given["version"]) return { kind: "version" };
  if (problems.length === 0 && given["help"]) {
    return { kind: "help", text: name === undefined ? OVERVIEW : describeCommand(name) };
  }
  for (const [option, [isFit, expected]] of Object.entries(FORMS)) {
    const value = given[option];
    if (typeof value === "string" && !isFit(value)) problems.push(`--${option} must be ${expected}`);
  }
  if (given["stack"] && given["function"]) problems.push("give --stack or --function, not both");
  if (name === undefined && problems.length === 0) problems.push(`the command must be one of ${names.join(", ")}`);
  if (problems.length > 0 || name === undefined) {
    const help = commandLine(name === undefined ? "help" : `help ${name}`);
    return { kind: "unusable", problems: [...new Set(problems), `type ${help} to see what it takes`] };
  }
  const { stack = DEFAULT_STACK, function: functionName, connection = DEFAULT_CONNECTION, json, verbose } = given;
  const options = {
    stack: String(stack),
    function: functionName === undefined ? undefined : String(functionName),
    connection: String(connection),
    json: json === true,
    verbose: verbose === true,
    own: given,
  };
  return { kind: "command", name, options };
}

/** The line that a person types for the connection in these options. */
export function commandLineFor(options: Options, words: string): string {
  return commandLine(`${words}${namingWords(options)}`);
}

/** What a printed command line needs in order to mean the same connection. */
function namingWords({ stack, function: functionName, connection }: Options): string {
  const words = [
    functionName === undefined ? "" : ` --function ${functionName}`,
    functionName === undefined && stack !== DEFAULT_STACK ? ` --stack ${stack}` : "",
    connection === DEFAULT_CONNECTION ? "" : ` --connection ${connection}`,
  ];
  return words.join("");
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function unknownOption(index: number, word: string, known: readonly string[]): string {
  const [name = "", value = ""] = word.split(/=(.*)/s);
  return couldBeSecret(name) || couldBeSecret(value) ? unexpected(index, word) : unknown("option", name, known);
}

function unknown(what: string, word: string, known: readonly string[]): string {
  const near = known.filter((each) => distance(word, each) <= 2).sort((a, b) => distance(word, a) - distance(word, b));
  return `unknown ${what} ${word}${near[0] === undefined ? "" : `, did you mean ${near[0]}?`}`;
}

function unexpected(index: number, word: string): string {
  if (!couldBeSecret(word)) return `unexpected argument ${word}`;
  return (
    `argument ${index + 1} is not expected. If it is a secret, replace it: other programs and the shell's history see a command line. ` +
    "Secrets are read from the terminal or from standard input only"
  );
}

/** Long, and of more kinds of characters than a name that somebody mistyped. */
function couldBeSecret(word: string): boolean {
  return word.length >= 16 && !/^-{0,2}[a-z-]+$/.test(word) && new Set(word).size >= 10;
}

/** Number of characters to insert, delete or replace (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, a] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, b] of [...other].entries()) {
      next.push(Math.min((row[j] ?? 0) + (a === b ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
