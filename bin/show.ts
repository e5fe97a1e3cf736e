import type { RotationResult, Severity, Verdict } from "../lambda/contract.ts";
import type { Options } from "./arguments.ts";
import type { Target } from "./aws.ts";
import type { Acted } from "./invoke.ts";
import type { Terminal } from "./terminal.ts";

/** Everything that a command works with. */
export interface Call {
  readonly target: Target;
  readonly options: Options;
  readonly terminal: Terminal;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** An instant and how far it is away: `2026-11-24 12:00:00Z (in 7 h)`; `unknown` without one. */
export function describeInstant(iso: string | null, nowMs: number): string {
  const atMs = Date.parse(iso ?? "");
  if (Number.isNaN(atMs)) return "unknown";
  const instant = new Date(atMs)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "Z");
  return `${instant} (${describeDistance(iso, nowMs)})`;
}

/** How far away an instant is: `in 7 h`, `3 min ago`; `unknown` without one. */
export function describeDistance(iso: string | null, nowMs: number): string {
  const atMs = Date.parse(iso ?? "");
  if (Number.isNaN(atMs)) return "unknown";
  const awayMs = Math.abs(atMs - nowMs);
  const [unit, unitMs] = UNITS.find(([, ms]) => awayMs >= ms) ?? ["s", 1_000];
  const distance = `${Math.floor(awayMs / unitMs)} ${unit}`;
  return atMs > nowMs ? `in ${distance}` : `${distance} ago`;
}

export type Row = readonly [name: string, value: string];

/** Names and values in two columns. */
export function tellRows({ dim, tell }: Terminal, rows: readonly Row[]): void {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  for (const [name, value] of rows) tell(`  ${dim(name.padEnd(width))}  ${value}`);
}

export function signOf({ good, warn, bad }: Terminal, severity: Severity): string {
  return { 0: good("✓"), 3: warn("!"), 4: bad("✗") }[severity];
}

/** What a state means, and what to type. */
export function tellVerdict({ terminal, target }: Call, { severity, message, next }: Verdict): void {
  terminal.tell(`${signOf(terminal, severity)} ${message}`);
  tellNext(terminal, next === null ? undefined : target.commandLine(next));
}

/** The line that a person types next, if any. */
export function tellNext({ tell, dim, bold }: Terminal, line: string | undefined): void {
  if (line !== undefined) tell(`  ${dim("type")} ${bold(line)}`);
}

/** What shows the function's warnings and failures of the last hours; it needs the AWS CLI v2. */
export function logCommandLine({ logGroup, region }: Target): string | undefined {
  if (logGroup === undefined) return undefined;
  return `aws logs tail ${logGroup} --region ${region} --since 3h --filter-pattern '{ $.level = "WARN" || $.level = "ERROR" }'`;
}

/** What came of an invocation. */
export function tellActed(call: Call, acted: Acted): void {
  const { terminal, target } = call;
  if (acted.kind === "result") tellResult(terminal, acted.result);
  if (acted.kind === "failed") terminal.complain(`the function failed with ${acted.errorType}: ${acted.errorMessage}`);
  if (acted.kind === "lost") {
    terminal.complain(
      `the function's answer got lost (${acted.code}), and the function may still be running. Do not type this again. In two minutes, type ` +
        target.commandLine("status"),
    );
  }
}

function tellResult(terminal: Terminal, result: RotationResult): void {
  const { outcome, reason, expiresAt, nextRenewalAt } = result;
  terminal.tell(`${terminal.bold(outcome)}  ${reason}`);
  const nowMs = Date.now();
  const row = (name: string, at: string | null): readonly Row[] =>
    at === null ? [] : [[name, describeInstant(at, nowMs)]];
  tellRows(terminal, [...row("access token until", expiresAt), ...row("next renewal", nextRenewalAt)]);
}
