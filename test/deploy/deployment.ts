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
  readonly seeding: CommandRun;
  /** Absent where nothing could be installed that runs it. */
  readonly rotation: Rotation | undefined;
  /** What `npx --no xt-token status --json` says of it. */
  readonly status: CommandRun;
  readonly beforeUpdate: Held;
  readonly updated: readonly Reading[];
  readonly afterUpdate: Held;
  readonly access: Access;
  /** Details of the events that a rule's target was told of, out of those sent. */
  readonly announced: readonly unknown[];
  readonly destroyed: readonly Reading[];
  readonly afterDestroy: Held;
  /** The same stack once more, onto the secrets that were left. */
  readonly again: Again;
}

/** A stack that was destroyed and deployed again. */
export interface Again {
  readonly made: readonly Reading[];
  /** What both secrets hold, found by the new stack's outputs. */
  readonly held: Held;
  /** What the new function is told. */
  readonly environment: Readonly<Record<string, unknown>>;
  readonly status: CommandRun;
}

/** The deployed function at work, in one execution environment. */
export interface Rotation {
  /** Says whether the code that ran has the digest that Lambda tells. */
  readonly isIntact: boolean;
  /** The schedule's own input while a renewal is due, the same when it no longer is, and an event that is none. */
  readonly endings: readonly Ending[];
  readonly output: string;
  /** XT's verdicts on what it was asked, oldest first. */
  readonly verdicts: readonly string[];
  /** Whether XT would take the refresh token that is now in use. */
  readonly isLive: boolean;
  /** Secrets that were found in what the function printed or answered, each by what it is. */
  readonly leaks: readonly string[];
}

/** What both secrets hold. */
export interface Held {
  readonly token: unknown;
  readonly client: unknown;
  /** Staging labels by version, of the token secret. */
  readonly labels: unknown;
}

/** What the workload's role is answered. */
export interface Access {
  readonly readAccessToken: Answer;
  readonly describeAccessToken: Answer;
  readonly writeAccessToken: Answer;
  readonly readTokenPair: Answer;
  readonly describeTokenPair: Answer;
  readonly writeTokenPair: Answer;
  readonly readClientSecret: Answer;
}
