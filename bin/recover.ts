import type { InspectedPair, Inspection } from "../lambda/inspection.ts";
import { actAndTell } from "./act.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { inspect } from "./invoke.ts";
import { type Call, describeInstant, tellNext, tellRows, tellVerdict } from "./show.ts";
import { shortenIds } from "./terminal.ts";

/** Lists every pair that is kept, and puts the one that the person chooses in use. */
export async function run(call: Call): Promise<Exit> {
  const { target, options, terminal } = call;
  const { promote: wanted, yes } = options.own;
  if (yes !== undefined && wanted === undefined) throw new CommandFailure("--yes needs --promote", EXIT.unusable);
  const seen = await terminal.waiting("reading every version", inspect(target));
  if (seen.kind === "blind") throw new CommandFailure(`${seen.why}, type ${target.commandLine("status")}`);
  const { verdict, pairs } = seen.inspection;
  // A connection that is well needs none of them.
  const promotable = verdict.severity === 0 ? [] : pairs.filter(({ use }) => use === "promotable");
  const chosen = wanted === undefined ? promotable[0] : named(String(wanted), pairs);
  if (!options.json) {
    tellPairs(call, seen.inspection);
    tellVerdict(call, verdict.next?.startsWith("recover") ? { ...verdict, next: null } : verdict);
  }
  if (chosen === undefined || (wanted === undefined && options.json)) {
    if (options.json) terminal.json({ schema: 1, verdict, pairs });
    return verdict.severity;
  }
  const shown = shortenIds(chosen.versionId);
  if (chosen.use !== "promotable") throw new CommandFailure(`version ${shown} stays as it is: ${chosen.why}`);
  if (yes === undefined && !(await agreed(call, wanted === undefined ? promotable : [chosen]))) {
    terminal.complain("nothing is changed");
    if (!options.json) tellNext(terminal, target.commandLine(`recover --promote ${shown} --yes`));
    return verdict.severity === 0 ? EXIT.failed : verdict.severity;
  }
  return actAndTell(call, { promote: { versionId: chosen.versionId } }, "putting the pair in use", []);
}

/** Whether the person says yes to the first, which is the newest. */
async function agreed({ terminal }: Call, [first, ...others]: readonly InspectedPair[]): Promise<boolean> {
  if (!terminal.isInteractive || first === undefined) return false;
  const rest = others.length === 0 ? "" : ", the newest one that can be put in use";
  return terminal.confirm(`put version ${shortenIds(first.versionId)} in use${rest}?`);
}

/** The one pair whose id begins so. */
function named(beginning: string, pairs: readonly InspectedPair[]): InspectedPair {
  const found = pairs.filter(({ versionId }) => versionId.startsWith(beginning));
  const ids = new Set(found.map(({ versionId }) => versionId));
  // One version may be kept in both places.
  const pair = found.find(({ use }) => use === "promotable") ?? found[0];
  if (pair !== undefined && ids.size === 1) return pair;
  const problem =
    ids.size === 0
      ? "no kept version has an id that begins so"
      : `${ids.size} versions have an id that begins so, give more digits`;
  throw new CommandFailure(`--promote: ${problem}`, EXIT.unusable);
}

const USE = { "in-use": "in use", promotable: "can be put in use", "not-promotable": "cannot be put in use" };

function tellPairs({ terminal }: Call, { pairs, checkedAt, escrow }: Inspection): void {
  const when = (at: string | null) => describeInstant(at, Date.parse(checkedAt));
  for (const { versionId, place, labels, use, why, issuedAt, createdAt, refreshExpiresAt, userId } of pairs) {
    const marks = place === "escrow" ? [...labels, "in the escrow"] : labels;
    terminal.tell(`${terminal.bold(versionId)}  ${marks.join(" ")}`.trimEnd());
    terminal.tell(`  ${USE[use]}: ${why}`);
    tellRows(terminal, [
      ["refresh token until", when(refreshExpiresAt)],
      issuedAt === null ? ["written", when(createdAt)] : ["issued", when(issuedAt)],
      ["XT user", userId ?? "unknown"],
    ]);
  }
  if (pairs.length === 0) terminal.tell("no pair is kept");
  if (escrow.state === "unreachable") {
    terminal.complain(`the escrow did not answer (${escrow.code}), so its pairs are not shown`);
  }
}
