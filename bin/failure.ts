import type { Severity } from "../lambda/contract.ts";

/** How a command ends: with a verdict's severity (0 well, 3 it heals by itself, 4 a person is needed), 1 failed, 2 bad input. */
export type Exit = Severity | 1 | 2;
export const EXIT = { done: 0, failed: 1, unusable: 2 } as const;

/** Ends the command with one sentence for the person who typed it. The sentence holds no secret. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exit: Exit;

  constructor(message: string, exit: Exit = EXIT.failed) {
    super(message);
    this.exit = exit;
  }
}
