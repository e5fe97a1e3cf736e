import { deleteCopyCommandLine } from "../command-line/aws-command-line.ts";
import type { Style, Target } from "../command-line/command.ts";
import { describeDistance, describeInstant } from "../command-line/duration.ts";
import { nextCommand } from "../command-line/next-command.ts";
import { isPromotedByTick } from "./promotion-outlook.ts";
import { type Candidate, pairOf, type Recovery } from "./recovery.ts";
import type { Version } from "./versions.ts";
import type { EscrowReading } from "./versions-escrowed.ts";

/** What was found, for a person, line by line. Pairs are numbered from 1, in the order of the candidates. */
export function recoveryLines(
  target: Target,
  recovery: Recovery,
  escrow: EscrowReading,
  nowMs: number,
  style: Style,
): readonly string[] {
  const { candidates, rest } = recovery;
  return [
    style.bold(target.config.tokenSecretId),
    headline(recovery, escrow, style),
    ...candidates.flatMap((candidate, index) => [
      "",
      ...candidateLines(target, recovery, candidate, index + 1, nowMs, style),
    ]),
    ...(rest.length > 0 ? ["", ...rest.map((version) => style.dim(`   ${restLine(version)}`))] : []),
    "",
    `escrow: ${describeEscrow(target, escrow)}`,
  ];
}

function headline({ state }: Recovery, { kind }: EscrowReading, style: Style): string {
  const isBlind = kind !== "read";
  switch (state) {
    case "sound":
      return isBlind
        ? style.warn("! nothing to recover in the token secret; the escrow was not seen")
        : style.good("✓ nothing to recover: no other pair is newer than the one in use");
    case "recoverable":
      return style.warn("! there is a pair to recover");
    case "hopeless":
      return style.bad(`✗ no living pair is left${isBlind ? " in the token secret; the escrow was not seen" : ""}`);
  }
}

function candidateLines(
  target: Target,
  recovery: Recovery,
  candidate: Candidate,
  number: number,
  nowMs: number,
  style: Style,
): readonly string[] {
  const { version, verdict, successor, isSpareCopy } = candidate;
  const { origin, accessToken, expiresAtMs, refreshExpiresAtMs } = pairOf(version);
  const at = (atMs: number | undefined) =>
    atMs === undefined ? "an unknown time" : `${describeInstant(atMs)} ${style.dim(describeDistance(atMs, nowMs))}`;
  const access = accessToken === undefined ? "no access token" : `access token until ${at(expiresAtMs)}`;
  const born =
    origin === undefined
      ? `seeded ${at(version.createdAtMs)}`
      : `issued ${at(origin.issuedAtMs)} by attempt ${origin.attempt} on ${origin.parent}`;
  const marks = [...version.labels, ...(version.place === "escrow" ? ["in the escrow"] : [])].join(" ");
  const doubt = verdict.kind === "in-use" && successor !== undefined ? `, but version ${successor} came after it` : "";
  const judged = {
    "in-use": () => `${style.good("in use")}${doubt}`,
    promotable: () =>
      `${style.warn("can be promoted")}${isPromotedByTick(recovery, candidate) ? ", and the next tick does so by itself" : ""}`,
    "not-promotable": () => style.dim(`no use: ${verdict.kind === "not-promotable" ? verdict.why : ""}`),
  }[verdict.kind]();
  return [
    `${String(number).padStart(2)} ${style.bold(version.versionId)}${marks === "" ? "" : `  ${marks}`}`,
    `   ${judged}`,
    `   refresh token until ${at(refreshExpiresAtMs)}, ${access}`,
    `   ${style.dim(born)}`,
    ...(isSpareCopy ? [`   delete it: ${deleteCopyCommandLine(target, version.versionId)}`] : []),
  ];
}

function restLine({ versionId, labels, content, place }: Version): string {
  const marks = [...labels, ...(place === "escrow" ? ["in the escrow"] : [])].join(" ");
  const where = marks === "" ? versionId : `${versionId}  ${marks}`;
  if (content.kind !== "attempt") return `${where}  ${content.kind === "other" ? content.problem : ""}`;
  const { attempt, parent, startedAtMs } = content.record;
  return `${where}  attempt ${attempt} on ${parent}, began ${describeInstant(startedAtMs)}`;
}

function describeEscrow(target: Target, escrow: EscrowReading): string {
  switch (escrow.kind) {
    case "unknown":
      return "not looked at, give --stack or --escrow-prefix";
    case "unavailable":
      return `could not be asked (${escrow.code}), what it holds is not shown: allow ssm:GetParametersByPath below ${escrow.prefix} and type ${nextCommand(target, "recover")}`;
    case "read":
      return escrow.entries.length === 0 ? "empty" : `${escrow.entries.length} below ${escrow.prefix}`;
  }
}
