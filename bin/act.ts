import type { FunctionEvent, RotationResult } from "../lambda/contract.ts";
import { EXIT, type Exit } from "./failure.ts";
import { type Acted, act, inspect } from "./invoke.ts";
import { type Call, tellActed, tellVerdict } from "./show.ts";

/**
 * Lets the function act and shows what came of it and, unless the outcome is a good one, what is left to do.
 *
 * @param good outcomes after which nothing is left to do
 * @throws CommandFailure where the function was certainly not invoked
 */
export async function actAndTell(
  call: Call,
  event: FunctionEvent,
  what: string,
  good: readonly RotationResult["outcome"][],
): Promise<Exit> {
  const { terminal, target, options } = call;
  const acted = await terminal.waiting(what, act(target, event));
  if (!options.json) tellActed(call, acted);
  const isGood = acted.kind === "result" && good.includes(acted.result.outcome);
  // An inspection of a function at work tells of a state that is about to change.
  if (!isGood && acted.kind !== "lost") return tellWhatIsLeft(call, acted);
  if (options.json) terminal.json({ schema: 1, acted, verdict: null });
  return isGood ? EXIT.done : EXIT.failed;
}

/** Asks how things stand now, shows the next step, and ends as bad as that is. */
export async function tellWhatIsLeft(call: Call, acted?: Acted): Promise<Exit> {
  const { terminal, target, options } = call;
  const seen = await terminal.waiting("looking", inspect(target));
  const verdict = seen.kind === "inspected" ? seen.inspection.verdict : undefined;
  if (seen.kind === "blind") terminal.complain(`the next step is unknown: ${seen.why}`);
  if (options.json) terminal.json({ schema: 1, acted: acted ?? null, verdict: verdict ?? null });
  else if (verdict !== undefined) tellVerdict(call, verdict);
  if (verdict === undefined) return EXIT.failed;
  return acted?.kind === "failed" && verdict.severity === 0 ? EXIT.failed : verdict.severity;
}
