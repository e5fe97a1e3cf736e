import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Config } from "../../lambda/config.ts";
import type { Clock } from "../../lambda/rotation/ports.ts";

/** How the command ends. `attention` and `broken` are verdicts on the connection, not failures of the command. */
export const EXIT = { done: 0, failed: 1, unusable: 2, attention: 3, broken: 4 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** An option of one command, beside those that every command takes. */
export type Option =
  | { readonly kind: "flag"; readonly meaning: string }
  | { readonly kind: "value"; readonly placeholder: string; readonly meaning: string };

/** What the person asked for, read and checked. A flag that was given is `true`. */
export type Given = Readonly<Record<string, string | true | undefined>>;

/** The connection that a command works on: as its stack deployed it, or as options and environment name it. */
export interface Target {
  /** The function's own settings; the escrow is absent where nobody said where it is. */
  readonly config: Config;
  /** `undefined`: the SDK finds it. */
  readonly region: string | undefined;
  /** Absent where the secrets were named one by one. */
  readonly stack?: Deployment | undefined;
}

/** What a stack's outputs say beyond the settings. */
export interface Deployment {
  readonly stackName: string;
  /** With its alias. */
  readonly functionName: string;
  /** Absent where the stack was deployed before it told. */
  readonly schedule?: { readonly group: string; readonly name: string } | undefined;
  /** Where XT sends the browser of a person who grants access. Absent where nobody set it. */
  readonly redirectUri?: string | undefined;
}

/** Everything that a command reaches outside itself. */
export interface Surroundings {
  readonly clock: Clock;
  /** With the SDK's whole credential chain, and `maxAttempts: 1`, since whoever sends a request sends it again. */
  readonly client: SecretsManagerClient;
  readonly io: Io;
}

/** The person's side. */
export interface Io {
  /** The result: standard output, one line. */
  tell(line: string): void;
  /** What went wrong or needs care: standard error, one line, behind the program's name. */
  complain(sentence: string): void;
  /** Shows that something takes a while, on a terminal only, until the promise has settled. */
  waiting<T>(text: string, work: Promise<T>): Promise<T>;
  /** Asks for one answer; `undefined` where the person gave up, or where there is no terminal to ask on. */
  ask(question: string, echo: boolean): Promise<string | undefined>;
  /** Asks for yes or no; no where there is no terminal to ask on. */
  confirm(question: string): Promise<boolean>;
  /** Colours for a terminal; plain text elsewhere and under NO_COLOR. */
  readonly style: Style;
}

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  bad(text: string): string;
}

/** One command of `xt-token`. */
export interface Command {
  readonly name: string;
  /** One line of `xt-token --help`. */
  readonly summary: string;
  /** What `xt-token <name> --help` says above its options. */
  readonly description: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Looks at region and credentials itself; otherwise the command does not begin without them. */
  readonly examinesCredentials?: true;
  /**
   * @throws CommandFailure for whatever else ends it
   */
  run(target: Target, given: Given, surroundings: Surroundings): Promise<Exit>;
}
