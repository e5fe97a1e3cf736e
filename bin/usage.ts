import { DEFAULT_CONNECTION } from "../lambda/contract.ts";

/** The name under which the app deploys its stack unless it is told otherwise. */
export const DEFAULT_STACK = "XtTokenRotation";

interface Option {
  /** Placeholder of the option's value; absent for a flag. */
  readonly value?: string;
  readonly meaning: string;
}
type OptionTable = Readonly<Record<string, Option>>;

export type CommandName =
  | "status"
  | "doctor"
  | "connections"
  | "authorize"
  | "seed"
  | "rotate"
  | "recover"
  | "disconnect";

interface Usage {
  readonly summary: string;
  readonly description: string;
  readonly options: OptionTable;
}

/** What every command takes. */
export const COMMON_OPTIONS: OptionTable = {
  stack: { value: "<name>", meaning: `name of the stack, by default ${DEFAULT_STACK}` },
  function: { value: "<name or ARN>", meaning: "the function with its alias, if you may not read the stack" },
  connection: { value: "<name>", meaning: `name of the connection; without it ${DEFAULT_CONNECTION}, the stack's own` },
  json: { meaning: "print one JSON document" },
  verbose: { meaning: "print ids in full" },
  help: { meaning: "print this" },
  version: { meaning: "print the program's version" },
};

export const COMMANDS: Readonly<Record<CommandName, Usage>> = {
  status: {
    summary: "shows how the connection stands and what to do",
    description: `It changes nothing. If the function cannot run, it shows the dates and labels of the token secret, without its value.`,
    options: {},
  },
  doctor: {
    summary: "checks everything that the connection needs",
    description: `The function checks its permissions, XT, AWS and its clock. This program checks the schedule, the alarms and the encryption.`,
    options: {},
  },
  connections: {
    summary: "lists the connections, the worst first",
    description: `The function says how each one stands. The exit code is that of the worst, even if an option leaves it out of the list.`,
    options: {
      name: { value: "<beginning>", meaning: "list only connections whose names begin with this" },
      severity: {
        value: "<0|3|4>",
        meaning: "list only connections that are at least this bad: 3 it heals by itself, 4 a person is needed",
      },
    },
  },
  authorize: {
    summary: "lets a person grant access at XT",
    description: `It prints a link. Open it in a browser and grant access. XT then sends the browser to the redirect URI with a code: paste the code or
the whole URL. Without a terminal it reads one of them from standard input. The function exchanges the code and puts the pair in use.
If the name is new, it makes the connection. It takes a disconnected connection back.`,
    options: {
      "redirect-uri": {
        value: "<URI>",
        meaning: "redirect URI registered at XT; by default the stack's setting redirectUri",
      },
      "replace-account": { meaning: "put the pair in use even if it belongs to another XT user" },
    },
  },
  seed: {
    summary: "writes the client credentials and the first pair",
    description: `On a terminal it asks for the client id, the client secret and the refresh token. Otherwise it reads one JSON document from standard
input: {"client_id": "…", "client_secret": "…", "refresh_token": "…"}, or the credentials and XT's answer:
{"client_id": "…", "client_secret": "…", "result": {…}}.

All connections have the same client credentials. So for any connection but ${DEFAULT_CONNECTION}, give only a pair:
{"refresh_token": "…"}, or XT's answer {"result": {…}}. If the name is new, it makes the connection.`,
    options: {
      "credentials-only": { meaning: "write the client credentials and leave the pair as it is" },
      overwrite: { meaning: "replace a pair in use or another client's credentials without asking" },
    },
  },
  rotate: {
    summary: "lets the function run one tick now",
    description: `The function finishes the work of an interrupted run, and renews the pair if that is due.`,
    options: {
      now: {
        meaning: "renew although it is not due; also ends a backoff or a hold. XT locks accounts that ask too often",
      },
    },
  },
  recover: {
    summary: "shows every kept pair, and puts one back in use",
    description: `It lists the pairs of the token secret and of the escrow, says which can be put in use, and asks before it does so.`,
    options: {
      promote: { value: "<id>", meaning: "put this version in use; the first digits of its id are enough" },
      yes: { meaning: "do not ask; only with --promote" },
    },
  },
  disconnect: {
    summary: "ends the renewals of a connection and marks its secrets for deletion",
    description: `It deletes the schedule of the connection. AWS deletes the secrets at the end of a recovery window. Until then, authorize takes the
connection back. It asks before it deletes anything. If it fails, type the same command again: it does the rest.

It does not revoke the grant at XT: XT documents no call for that. The user revokes it at XT.`,
    options: {
      days: { value: "<7..30>", meaning: "length of the recovery window, by default 30" },
      yes: { meaning: "do not ask" },
    },
  },
};

/** Every option that a command takes. */
export function optionsOf(name: CommandName): OptionTable {
  const { connection, ...ofAll } = COMMON_OPTIONS;
  return { ...COMMANDS[name].options, ...(name === "connections" ? ofAll : COMMON_OPTIONS) };
}

const EXIT_CODES =
  "Exit codes: 0 nothing to do, 3 it heals by itself, 4 a person is needed, 1 the command failed, 2 bad arguments or input.";

/** What `xt-token --help` prints. */
export const OVERVIEW = `usage: xt-token <command> [options]

Operates connections: OAuth grants at XT.COM whose token pairs a scheduled function renews.

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(11)}  ${summary}`)
  .join("\n")}

Common options:
${optionLines(COMMON_OPTIONS)}

It uses the credentials and the Region that the AWS SDK finds (AWS_PROFILE, AWS_REGION). No command takes a secret as an argument.

${EXIT_CODES}`;

/** What `xt-token <command> --help` prints. */
export function describeCommand(name: CommandName): string {
  const { summary, description } = COMMANDS[name];
  return `usage: xt-token ${name} [options]

It ${summary}.

${description}

Options:
${optionLines(optionsOf(name))}

${EXIT_CODES}`;
}

function optionLines(options: OptionTable): string {
  const left = (name: string, { value }: Option) => `  --${name}${value === undefined ? "" : ` ${value}`}`;
  return Object.entries(options)
    .map(([name, option]) => `${left(name, option).padEnd(27)}  ${option.meaning}`)
    .join("\n");
}
