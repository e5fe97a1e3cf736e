/** Ends the command with one sentence for the person who typed it. The sentence holds no secret. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
}
