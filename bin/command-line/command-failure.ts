import { EXIT, type Exit } from "./command.ts";

/** Ends the command with one sentence for the person who typed it. The sentence holds no secret. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exit: Exit;

  constructor(message: string, exit: Exit = EXIT.failed) {
    super(message);
    this.exit = exit;
  }
}
