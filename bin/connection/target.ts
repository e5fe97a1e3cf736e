import { type Config, readConfig } from "../../lambda/config.ts";
import { InvalidConfiguration } from "../../lambda/rotation/errors.ts";
import { EXIT, type Target } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { VARIABLE_OF } from "../command-line/common-options.ts";
import type { Naming } from "../command-line/naming.ts";
import { type AskStack, readStack } from "./stack.ts";

/**
 * Finds the connection that the person named. An option counts before the stack's word, and that before the environment's, which may
 * be left from another connection.
 *
 * @throws CommandFailure
 */
export async function resolveTarget(naming: Naming, askStack: AskStack): Promise<Target> {
  const stack = naming.stackName === undefined ? undefined : readStack(naming.stackName, await askStack(naming));
  const config = readSettings({
    ...naming.environment,
    ...withoutGaps(stack?.settings ?? {}),
    ...withoutGaps(naming.options),
  });
  return { config, region: naming.region, stack: stack?.deployment };
}

function withoutGaps(settings: Naming["options"]): Naming["options"] {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value));
}

function readSettings(settings: Naming["options"]): Config {
  try {
    return readConfig(settings);
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    // A person knows the option, or the variable that it stands for, and not always both.
    const sentence = Object.entries(VARIABLE_OF).reduce(
      (text, [option, variable]) => text.replaceAll(`${variable} must`, `--${option} (${variable}) must`),
      error.message,
    );
    throw new CommandFailure(sentence, EXIT.unusable);
  }
}
