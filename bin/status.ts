import type { DescribeSecretResponse } from "@aws-sdk/client-secrets-manager";
import type { Inspection } from "../lambda/inspection.ts";
import { describeSecret, tokenSecretOf } from "./aws.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { inspect } from "./invoke.ts";
import { type Call, describeInstant, logCommandLine, type Row, tellNext, tellRows, tellVerdict } from "./show.ts";
import type { Terminal } from "./terminal.ts";

/** Shows how the connection stands. The exit code is the severity of the verdict. */
export async function run(call: Call): Promise<Exit> {
  const { target, options, terminal } = call;
  const seen = await terminal.waiting("asking the function", inspect(target));
  if (seen.kind === "blind") return showFromOutside(call, seen.why);
  const { inspection } = seen;
  if (options.json) terminal.json(inspection);
  else tellInspection(call, inspection);
  return inspection.verdict.severity;
}

function tellInspection(call: Call, inspection: Inspection): void {
  const { terminal } = call;
  const { verdict, tick, current, attempt, labels, checkedAt } = inspection;
  const nowMs = Date.parse(checkedAt);
  const when = (at: string | null) => describeInstant(at, nowMs);
  const pairRows: readonly Row[] =
    current === null
      ? [["pair", "none is in use"]]
      : [
          ["access token until", when(current.expiresAt)],
          ["refresh token until", when(current.refreshExpiresAt)],
          current.issuedAt === null ? ["seeded", when(current.createdAt)] : ["last renewal", when(current.issuedAt)],
          ["next renewal", when(current.nextRenewalAt)],
        ];
  const attemptRows: readonly Row[] =
    attempt === null ? [] : [[`attempt ${attempt.attempt}`, `${attempt.state}, began ${when(attempt.startedAt)}`]];
  tellVerdict(call, verdict);
  tellRows(terminal, [
    ...pairRows,
    ...attemptRows,
    ["a tick now", tick.does],
    ["escrow", describeEscrow(inspection)],
    ...Object.entries(labels),
  ]);
}

function describeEscrow({ pairs, escrow: { state, code } }: Inspection): string {
  if (state === "none") return "none";
  if (state === "unreachable") return `did not answer (${code})`;
  const held = pairs.filter(({ place }) => place === "escrow").map(({ versionId }) => versionId);
  return held.length === 0 ? "empty" : `holds ${held.join(", ")}`;
}

/** Says why the function cannot be asked, and shows what AWS says about the token secret without its value. */
async function showFromOutside({ target, options, terminal }: Call, why: string): Promise<Exit> {
  terminal.complain(why);
  const secretId = tokenSecretOf(target);
  const secret = secretId === undefined ? {} : await described(secretId, target.region, terminal);
  if (options.json) terminal.json({ schema: 1, failure: why, secret });
  else {
    const nowMs = Date.now();
    const rows = (name: string, at: Date | undefined): readonly Row[] =>
      at === undefined ? [] : [[name, describeInstant(at.toISOString(), nowMs)]];
    const labels = Object.entries(secret.VersionIdsToStages ?? {});
    tellRows(terminal, [
      ...rows("the token secret was last changed", secret.LastChangedDate),
      ...rows("the token secret is marked for deletion since", secret.DeletedDate),
      ...labels.map(([versionId, held]): Row => [`version ${versionId.slice(0, 8)}`, held.join(" ")]),
    ]);
    tellNext(terminal, target.commandLine("doctor"));
    tellNext(terminal, logCommandLine(target));
  }
  return EXIT.failed;
}

async function described(secretId: string, region: string, terminal: Terminal): Promise<DescribeSecretResponse> {
  try {
    const found = await describeSecret(secretId, region);
    if (found === undefined) terminal.complain(`there is no secret ${secretId}`);
    return found ?? {};
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    terminal.complain(error.message);
    return {};
  }
}
