import { LABEL } from "../../lambda/contract.ts";
import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import type { Style } from "../command-line/command.ts";
import { describeDistance, describeInstant } from "../command-line/duration.ts";
import { nextCommand } from "../command-line/next-command.ts";
import type { Foresight } from "./foresee.ts";
import { isOutcomeUnknown } from "./judge-attempt.ts";
import type { Sight } from "./sight.ts";
import type { Finding, Verdict } from "./verdict.ts";

type Row = readonly [name: string, value: string, beside?: string];

/** The status for a person, line by line. */
export function statusLines(sight: Sight, foresight: Foresight, verdict: Verdict, style: Style): readonly string[] {
  const { target, description } = sight;
  const stack = target.stack === undefined ? "" : style.dim(`  stack ${target.stack.stackName}`);
  const rows: readonly Row[] = [
    ...tokenRows(sight),
    ["a tick now", foresight.does],
    ...attemptRows(sight),
    ["escrow", describeEscrow(sight)],
  ];
  return [
    `${style.bold(target.config.tokenSecretId)}${stack}`,
    headline(verdict, style),
    "",
    ...verdict.findings.flatMap((finding) => findingLines(finding, style)),
    ...(verdict.findings.length > 0 ? [""] : []),
    ...table(rows, style),
    ...(description.holders.size > 0 ? ["", ...table(labelRows(description.holders), style)] : []),
  ];
}

function headline({ health }: Verdict, style: Style): string {
  switch (health) {
    case "healthy":
      return style.good("✓ healthy");
    case "attention":
      return style.warn("! needs attention");
    case "broken":
      return style.bad("✗ broken, a person must act");
  }
}

function findingLines({ severity, message, next }: Finding, style: Style): readonly string[] {
  const sign = { note: style.dim("·"), attention: style.warn("!"), broken: style.bad("✗") }[severity];
  return [`  ${sign} ${message}`, ...(next === undefined ? [] : [`    ${style.dim("type")} ${style.bold(next)}`])];
}

function tokenRows({ facts: { current }, nowMs }: Sight): readonly Row[] {
  if (current.kind !== "pair") return [];
  const { pair, createdAtMs } = current;
  const at = (name: string, atMs: number | undefined): Row =>
    atMs === undefined ? [name, "unknown"] : [name, describeInstant(atMs), describeDistance(atMs, nowMs)];
  const accessExpiry: Row =
    pair.accessToken === undefined ? ["access token", "none yet"] : at("access token until", pair.expiresAtMs);
  const { origin } = pair;
  return [
    accessExpiry,
    at("refresh token until", pair.refreshExpiresAtMs),
    origin === undefined ? at("seeded", createdAtMs) : at("last renewal", origin.issuedAtMs),
    at("next renewal", renewAtMs(pair, createdAtMs)),
  ];
}

function attemptRows(sight: Sight): readonly Row[] {
  const { facts, trace, nowMs } = sight;
  const { attempt } = facts;
  if (attempt === undefined) return [];
  const { record, state } = attempt;
  const open = {
    secret: "its pair is in the secret",
    escrow: "its pair is in the escrow",
    nowhere: isOutcomeUnknown(sight) ? "it left no pair" : "open",
    unseen: "open",
  };
  const outcome = { open: open[trace?.kind ?? "unseen"], unspent: "it spent nothing", unknown: "it left no pair" }[
    state
  ];
  const began = describeDistance(record.startedAtMs, nowMs);
  return [[`attempt ${record.attempt}`, describeInstant(record.startedAtMs), `${began}, ${outcome}`]];
}

function describeEscrow({ target, escrow }: Sight): string {
  switch (escrow.kind) {
    case "unnamed":
      return "not looked at";
    case "unreachable":
      return `could not be asked (${escrow.code})`;
    case "asked":
      if (escrow.copies.size > 0) return `holds ${[...escrow.copies.keys()].join(", ")}`;
      return escrow.isWhole
        ? "empty"
        : `holds no pair of a version in sight, ${nextCommand(target, "recover")} lists all`;
  }
}

const ORDER: readonly string[] = [
  LABEL.current,
  LABEL.previous,
  LABEL.issued,
  LABEL.attempt,
  LABEL.unspent,
  LABEL.void,
  LABEL.seed,
];

/** Ours first, in the order of their meaning; then whatever else is there. */
function labelRows(holders: ReadonlyMap<string, string>): readonly Row[] {
  const rank = (label: string) => (ORDER.includes(label) ? ORDER.indexOf(label) : ORDER.length);
  return [...holders].sort(([one], [other]) => rank(one) - rank(other));
}

function table(rows: readonly Row[], style: Style): readonly string[] {
  const nameWidth = Math.max(0, ...rows.map(([name]) => name.length));
  const valueWidth = Math.max(0, ...rows.filter(([, , beside]) => beside).map(([, value]) => value.length));
  return rows.map(([name, value, beside]) => {
    const left = `  ${style.dim(name.padEnd(nameWidth))}  `;
    return beside === undefined ? `${left}${value}` : `${left}${value.padEnd(valueWidth)}  ${style.dim(beside)}`;
  });
}
