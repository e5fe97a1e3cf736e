import { type Command, EXIT } from "../command-line/command.ts";
import { foresee } from "./foresee.ts";
import { lookAround } from "./sight.ts";
import { describeStatus } from "./status-document.ts";
import { statusLines } from "./status-text.ts";
import { judge } from "./verdict.ts";

const EXIT_OF = { healthy: EXIT.done, attention: EXIT.attention, broken: EXIT.broken } as const;

export const statusCommand: Command = {
  name: "status",
  summary: "shows how the connection stands and what waits for a person",
  description: `Looks at both secrets and the escrow as a tick does, and changes nothing. It needs secretsmanager:DescribeSecret and
secretsmanager:GetSecretValue on the token secret, secretsmanager:GetSecretValue on the client secret, and ssm:GetParametersByPath and
ssm:GetParameter below the escrow's prefix.

--json prints one document:
  health          "healthy", "attention" or "broken"
  findings        list of { severity: "note" | "attention" | "broken", code, message, next: what to type or null }
  tick            { code, does }: what a tick would do now
  current         { versionId, issuedAt, attempt, expiresAt, refreshExpiresAt, nextRenewalAt } of the pair in use, or null
  attempt         { versionId, attempt, state: "open" | "unspent" | "unknown", startedAt, deadlineAt }, or null
  escrow          { state: "asked" | "unreachable" | "unnamed", whole: whether all that it holds was seen, copies: version ids }
  labels          version id of each staging label
  checkedAt, stack, tokenSecretId, clientSecretId
Times are ISO 8601 UTC, and null where unknown.

Exit codes: 0 healthy, 3 it heals by itself but a person should know, 4 a person must act, 1 could not look, 2 bad arguments.`,
  options: { json: { kind: "flag", meaning: "print one JSON document instead of text" } },
  async run(target, given, surroundings) {
    const { io } = surroundings;
    const sight = await io.waiting("looking at the connection", lookAround(target, surroundings));
    const foresight = foresee(sight);
    const verdict = judge(sight, foresight);
    const lines = given["json"]
      ? [JSON.stringify(describeStatus(sight, foresight, verdict), undefined, 2)]
      : statusLines(sight, foresight, verdict, io.style);
    for (const line of lines) io.tell(line);
    return EXIT_OF[verdict.health];
  },
};
