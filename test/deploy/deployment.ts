import type { CommandRun } from "../bin/fixtures/run-command.ts";
import type { Answer } from "./aws-calls.ts";
import type { Reading } from "./read-back.ts";
import type { ProgramRun } from "./run-program.ts";
import type { Ending } from "./runtime-api.ts";

/** The life of one stack, as it was seen from outside; the tests compare it with what should have been. */
export interface Deployment {
  /** Logical ids in the synthesized template. */
  readonly templated: readonly string[];
  /** The template's alarms, as it says them. */
  readonly alarms: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What the services tell after the first deployment. */
  readonly deployed: readonly Reading[];
  /** Right after it, and against what came next. */
  readonly diff: ProgramRun;
  readonly updateDiff: ProgramRun;
  /** Absent where nothing could be installed that runs the function. */
  readonly rotation: Rotation | undefined;
  readonly beforeUpdate: Held;
  readonly updated: readonly Reading[];
  readonly afterUpdate: Held;
  readonly access: Access;
  /** Of the example's API, each with the kind of its authorization. */
  readonly routes: readonly string[];
  /** These are absent where nothing could be installed that runs the functions. */
  readonly connecting: Connecting | undefined;
  readonly furtherAccess: FurtherAccess | undefined;
  /** What the function's role is answered that tries what the function must not do. */
  readonly misuse: Readonly<Record<string, Answer>> | undefined;
  readonly fleet: Fleet | undefined;
  /** Details of the events that the targets of the examples' rules were told of, out of those sent. */
  readonly announced: { readonly newToken: readonly unknown[]; readonly personNeeded: readonly unknown[] };
  readonly destroyed: readonly Reading[];
  readonly afterDestroy: Held;
  /** The same stack once more, onto the secrets that were left. */
  readonly again: Again;
}

/** A stack that was destroyed and deployed again, by an app that knows the package alone; by the checkout where npm cannot install it. */
export interface Again {
  readonly made: readonly Reading[];
  /** Found by the new stack's outputs. */
  readonly held: Held;
  /** What the new function is told. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** What `xt-token status --json` prints, by the new function; absent where nothing runs it. */
  readonly status: CommandRun | undefined;
  /** Absent where nothing runs the function, or npm cannot install the package. */
  readonly renewal: Renewal | undefined;
}

/** What the package's function did, asked by the package's command line. */
export interface Renewal {
  /** `xt-token rotate --now`. */
  readonly renewing: ProgramRun;
  readonly rotated: Held;
  /** Whether XT would take the refresh token that is in use afterwards. */
  readonly isLive: boolean;
}

/** The deployed function at work, in one execution environment, and the commands that invoke it, in the order of their turns. */
export interface Rotation {
  readonly functionName: string;
  /** Says whether the code that ran has the digest that Lambda tells. */
  readonly isIntact: boolean;
  /** `xt-token seed`, with its document on standard input. */
  readonly seeding: CommandRun;
  /** The schedule's own input while a renewal is due, and the same when it no longer is. */
  readonly ticks: readonly Ending[];
  /** An event that is none. */
  readonly refused: Ending;
  /** After the ticks. */
  readonly rotated: Held;
  /** `xt-token authorize`, with a code on standard input. */
  readonly authorizing: CommandRun;
  /** `xt-token status --json`. */
  readonly status: CommandRun;
  /** `xt-token recover`, without a terminal. */
  readonly recovering: CommandRun;
  /** By the function. */
  readonly printed: string;
  /** What XT was asked and its verdict, oldest first. */
  readonly exchanges: readonly string[];
  /** Whether XT would take the refresh token that is in use at the end. */
  readonly isLive: boolean;
  /** Secrets that were found in what the function or a command printed or answered, each by what it is. */
  readonly leaks: readonly string[];
}

/** What the secrets hold. */
export interface Held {
  readonly token: Version;
  readonly client: Version;
  readonly accessToken: Version;
  /** Staging labels by version, of the token secret. */
  readonly labels: unknown;
}

/** The version in use of one secret; the id is absent, and the value a refusal, where there is none. */
export interface Version {
  readonly versionId: string | undefined;
  readonly value: unknown;
}

/** What a workload's role is answered. */
export interface Access {
  readonly readAccessToken: Answer;
  readonly describeAccessToken: Answer;
  readonly writeAccessToken: Answer;
  readonly readTokenPair: Answer;
  readonly describeTokenPair: Answer;
  readonly writeTokenPair: Answer;
  readonly readClientSecret: Answer;
}

/** What roles are answered that read tokens of further connections: one of `user-42` alone, and one of all. */
export interface FurtherAccess {
  readonly oneReadsIts: Answer;
  readonly oneReadsAnother: Answer;
  readonly oneReadsItsPair: Answer;
  readonly allReadsIts: Answer;
  readonly allReadsAnother: Answer;
  readonly allReadsAPair: Answer;
}

/** A page of the example, as the HTTP API is told it. */
export interface Page {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
}

/** What there is of one connection. */
export interface Connection {
  /** Value in use, or a refusal. */
  readonly pair: unknown;
  readonly accessToken: unknown;
  readonly schedule: Answer;
}

/** A user who connects through the deployed example, and one who is moved in and out with the command line. */
export interface Connecting {
  readonly begun: Page;
  /** Where XT sent the browser. */
  readonly back: string;
  /** The way back without the cookie, and with another state. */
  readonly refused: readonly Page[];
  readonly isInvokedByRefused: boolean;
  readonly connected: Page;
  readonly held: Connection;
  /** By the example's function. */
  readonly printed: string;
  /** `xt-token seed --connection`, a census and a tick. */
  readonly migrated: {
    readonly seeding: CommandRun;
    readonly census: unknown;
    readonly tick: Ending;
    readonly held: Connection;
    /** Whether XT would take the refresh token that is in use then. */
    readonly isLive: boolean;
  };
  /** `xt-token disconnect`, and a code that takes the connection back. */
  readonly disconnected: {
    readonly disconnecting: CommandRun;
    readonly held: Connection;
    readonly again: Ending;
    readonly reconnected: Connection;
  };
}

type Tally = Readonly<Record<string, number>>;

/** A fleet of users; what happened is counted by its name. */
export interface Fleet {
  /** What went wrong while a user was connected, and how his runs ended. */
  readonly deliveries: Tally;
  /** The second try of users whose run was killed. */
  readonly second: Tally;
  /** How often XT was shown a code. */
  readonly exchanges: number;
  readonly firstCensus: unknown;
  readonly ticks: Tally;
  /** After people did harm. */
  readonly secondCensus: unknown;
  readonly thirdCensus: unknown;
  /** What is wrong with the connections in the end. */
  readonly held: Tally;
  /** How many different ones the connections hold. */
  readonly refreshTokens: number;
  /** How many codes and tokens were found in what the function printed. */
  readonly leaks: number;
}
