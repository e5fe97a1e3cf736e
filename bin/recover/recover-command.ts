import { onSecret } from "../command-line/aws-failure.ts";
import {
  type Command,
  EXIT,
  type Exit,
  type Given,
  type Io,
  type Surroundings,
  type Target,
} from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { authorizeCommandLine, nextCommand } from "../command-line/next-command.ts";
import { openSecrets, type Secrets } from "../connection/look.ts";
import { openEscrow } from "../status/sight.ts";
import { promoteVersion } from "./promote-version.ts";
import { foreseePromotion } from "./promotion-outlook.ts";
import { describeRecovery } from "./recover-document.ts";
import { recoveryLines } from "./recover-text.ts";
import { type Candidate, judgeRecovery, pairOf, type Recovery } from "./recovery.ts";
import { listVersions } from "./versions.ts";
import { type EscrowReading, listEscrow } from "./versions-escrowed.ts";

export const recoverCommand: Command = {
  name: "recover",
  summary: "shows every version and the escrow, and puts a pair back in use",
  description: `Lists every version of the token secret, deprecated ones included, and every entry of the escrow, says which can be promoted and why the
others cannot, and changes nothing without asking. It needs secretsmanager:ListSecretVersionIds and ssm:GetParametersByPath beside what
the function may do.

--json prints one document:
  state           "sound", "recoverable" or "hopeless"
  current         version that AWSCURRENT is on, or null
  pairs           list of { versionId, place: "token secret" | "escrow", labels, verdict: "in-use" | "promotable" | "not-promotable", why,
                  expiresAt, refreshExpiresAt, issuedAt, parent, attempt, successor, createdAt }, the longest living first
  others          attempt records and values that are not ours
  escrow          { state: "read" | "unavailable" | "unknown", prefix, code }
Times are ISO 8601 UTC, and null where unknown.

Exit codes: 0 nothing to recover or a pair was put in use, 3 something to recover was found and left or the escrow was not seen, 4 no living
pair is left, 1 failed, 2 bad arguments.`,
  options: {
    json: { kind: "flag", meaning: "print one JSON document instead of text, and ask nothing" },
    promote: { kind: "value", placeholder: "<version id>", meaning: "put this version in use" },
    yes: { kind: "flag", meaning: "with --promote: do not ask" },
    reveal: { kind: "flag", meaning: "show the tokens of one version, on a terminal only, after asking" },
  },
  run: (target, given, surroundings) =>
    recover(target, given, surroundings, process.stdin.isTTY === true && process.stdout.isTTY === true),
};

/** What was looked at, and what it came to. */
interface Sight {
  readonly target: Target;
  readonly secrets: Secrets;
  readonly recovery: Recovery;
  readonly escrow: EscrowReading;
  readonly io: Io;
}

const EXIT_OF = { sound: EXIT.done, recoverable: EXIT.attention, hopeless: EXIT.broken } as const;

/** What the escrow holds where it was not seen is not known, and may be the newest pair. */
function exitOf({ recovery: { state }, escrow }: Sight): Exit {
  return escrow.kind !== "read" && state === "sound" ? EXIT.attention : EXIT_OF[state];
}

/** @param isTerminal whether standard input and output are both a terminal's */
export async function recover(
  target: Target,
  given: Given,
  { clock, client, io }: Surroundings,
  isTerminal: boolean,
): Promise<Exit> {
  const { json, promote: wanted, reveal } = given;
  if ([json, wanted, reveal].filter(Boolean).length > 1) {
    io.complain("--json, --promote and --reveal must be given one at a time");
    return EXIT.unusable;
  }
  const secrets = openSecrets(client, target.config, clock);
  const sight = await io.waiting("reading every version", lookForPairs(target, secrets, io));
  const { recovery, escrow } = sight;
  const { state } = recovery;
  const left = exitOf(sight);
  if (json) {
    io.tell(JSON.stringify(describeRecovery(secrets.names.tokenSecretId, recovery, escrow), undefined, 2));
    return left;
  }
  for (const line of recoveryLines(target, recovery, escrow, clock.now(), io.style)) io.tell(line);
  if (reveal) return (await revealOne(sight, isTerminal)) ? EXIT.done : EXIT.failed;
  const chosen = wanted === undefined ? await choose(sight) : named(sight, String(wanted));
  if (chosen === undefined) {
    if (state === "hopeless") io.complain(`a person must grant access again: ${authorizeCommandLine(target)}`);
    return left;
  }
  return putInUse(sight, chosen, given["yes"] === true && wanted !== undefined);
}

async function lookForPairs(target: Target, secrets: Secrets, io: Io): Promise<Sight> {
  const { names, store, clock } = secrets;
  const [versions, escrow, { arn }] = await Promise.all([
    listVersions(secrets),
    listEscrow(target.config.escrow),
    onSecret("DescribeSecret", names.tokenSecretId, () => store.describe()),
  ]);
  const entries = escrow.kind === "read" ? escrow.entries : [];
  const recovery = judgeRecovery({ versions, entries, arn, nowMs: clock.now(), versionIdOf: store.versionId });
  return { target, secrets, recovery, escrow, io };
}

/** Asks only where there is something to choose. */
async function choose({ recovery: { candidates }, io }: Sight): Promise<Candidate | undefined> {
  const numbers = candidates.flatMap(({ verdict }, index) => (verdict.kind === "promotable" ? [index + 1] : []));
  if (numbers.length === 0) return undefined;
  for (;;) {
    const answer = await io.ask(
      `number of the pair to put in use (${numbers.join(", ")}; 0 leaves all as it is)`,
      true,
    );
    if (answer === undefined || answer === "0") return undefined;
    if (numbers.includes(Number(answer))) return candidates[Number(answer) - 1];
    io.complain(`it must be ${[...numbers, 0].join(" or ")}`);
  }
}

function named({ recovery: { candidates } }: Sight, versionId: string): Candidate {
  const found = candidates.filter(({ version }) => version.versionId === versionId);
  const candidate = found.find(({ version }) => version.place === "token secret") ?? found[0];
  if (candidate !== undefined) return candidate;
  throw new CommandFailure("--promote must be the id of a version in the list that holds a pair", EXIT.unusable);
}

async function putInUse(sight: Sight, chosen: Candidate, isSure: boolean): Promise<Exit> {
  const { target, secrets, recovery, io } = sight;
  const { tokenSecretId } = secrets.names;
  const { version, verdict } = chosen;
  const { versionId } = version;
  if (verdict.kind === "in-use") {
    io.tell(`nothing to do, version ${versionId} of ${tokenSecretId} is in use`);
    return EXIT.done;
  }
  const { changes, warnings, undoneBy } = foreseePromotion(recovery, chosen, secrets.clock.now());
  for (const change of changes) io.tell(change);
  for (const warning of warnings) io.complain(warning);
  if (!isSure && !(await io.confirm("go ahead?"))) {
    io.complain("left as it is; with --promote, --yes goes ahead without asking");
    return exitOf(sight);
  }
  const escrow = openEscrow(target, secrets);
  const isEscrowed = recovery.candidates.some(
    ({ version: other }) => other.place === "escrow" && other.versionId === versionId,
  );
  const promoting = promoteVersion(secrets, escrow, recovery.current, version, isEscrowed);
  const { isCopyLeft } = await io.waiting("putting it in use", promoting);
  if (isCopyLeft)
    io.complain(`the escrow's copy of version ${versionId} could not be deleted, delete that SSM parameter by hand`);
  const status = nextCommand(target, "status");
  const then =
    undoneBy === undefined ? ", the next tick takes it up" : ` until the next tick promotes ${undoneBy} again`;
  io.tell(`version ${versionId} of ${tokenSecretId} is in use${then}: ${status}`);
  return EXIT.done;
}

/** Never without a terminal: what is piped is kept somewhere. */
async function revealOne({ recovery: { candidates }, io }: Sight, isTerminal: boolean): Promise<boolean> {
  if (!isTerminal) throw new CommandFailure("--reveal needs a terminal for its input and its output");
  const answer = await io.ask("number of the pair to show", true);
  const chosen = candidates[Number(answer) - 1];
  if (chosen === undefined) throw new CommandFailure("no such number, nothing is shown");
  const { versionId } = chosen.version;
  if (!(await io.confirm(`show the tokens of version ${versionId} in plain text on this screen?`))) return false;
  const { accessToken, refreshToken } = pairOf(chosen.version);
  io.tell(`access_token: ${accessToken?.reveal() ?? "none"}`);
  io.tell(`refresh_token: ${refreshToken.reveal()}`);
  io.complain(
    "clear this screen: whoever reads it has the account's access, and a refresh token that is used elsewhere is spent",
  );
  return true;
}
