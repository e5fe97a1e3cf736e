import { stateOf } from "../../sandbox/secrets-manager/secrets.ts";
import type { Measured } from "./census.ts";
import { BEGINS_AT_MS, HOUR_MS, MINUTE_MS, type Renewal } from "./fleet.ts";
import { HOURS, type Life } from "./life.ts";
import { Rate } from "./rate.ts";

/** A tick, its window of 5 minutes, and its run. */
const LATEST_MINUTES = 21;
const HOURS_PER_MONTH = 730;

/** What must not happen, and did. */
export function faultsOf(life: Life): readonly string[] {
  const unnoticed = life.broken.filter(({ noticedAfterMs }) => noticedAfterMs > 2 * HOUR_MS);
  const late = healthyRenewals(life).filter((renewal) => minutesLate(renewal) > LATEST_MINUTES);
  return [
    ...unnoticed.map(({ connection, way }) => `${connection} was not noticed within two hours: ${way.what}`),
    ...late.map((renewal) => `${renewal.connection} was renewed ${Math.round(minutesLate(renewal))} minutes late`),
    ...lostPairs(life).map((connection) => `${connection} lost its pair`),
  ];
}

/** A pair that a person wrote over is not counted. */
function lostPairs({ lost, broken }: Life): readonly string[] {
  const overwritten = broken.filter(({ way }) => way.what === "token secret holds no pair");
  return lost.filter((name) => !overwritten.some(({ connection }) => connection === name));
}

function healthyRenewals({ fleet, broken }: Life): readonly Renewal[] {
  const names = new Set(broken.map(({ connection }) => connection));
  return fleet.renewals.filter(({ connection }) => !names.has(connection));
}

function minutesLate({ atMs, dueAtMs }: Renewal): number {
  return (atMs - dueAtMs) / MINUTE_MS;
}

export function renderLife(life: Life): string {
  const { fleet, connections, hours } = life;
  const { account, xt, endings, censuses } = fleet;
  const renewals = healthyRenewals(life);
  const latest = renewals.reduce((most, renewal) => Math.max(most, minutesLate(renewal)), 0);
  const ticks = [...endings].reduce((sum, [ending, count]) => sum + (ending.startsWith("tick") ? count : 0), 0);
  const versions = account.secrets.all.map((secret) => stateOf(secret).versions.byId.size);
  const peaks = (rate: Rate) => `${rate.peak()}, ${rate.peak(BEGINS_AT_MS + (HOURS.connecting + 1) * HOUR_MS)}`;
  return [
    table(`${whole(connections)} connections for ${hours} hours |  `, [
      ["ticks, censuses, renewals", [ticks, censuses.length, fleet.renewals.length].map(whole).join("; ")],
      ["pairs lost", whole(lostPairs(life).length)],
      ["latest renewal of a healthy connection, minutes past its date", latest.toFixed(1)],
      ["most writes to Secrets Manager in a second, of 50: while all connect, later", peaks(account.writes)],
      ["most requests to XT in a minute, of 1,000: while all connect, later", peaks(xt.requests)],
      ["requests that Secrets Manager or XT refused as too many", `${account.throttled}, ${xt.throttled}`],
      ["most versions of one secret, of 100", whole(versions.reduce((most, each) => Math.max(most, each), 0))],
    ]),
    table("renewal | connections | hours since the beginning, first to last | most in 10 minutes", spread(renewals)),
    table("what is broken | who notices | after, minutes", noticed(life)),
    table("calls | per connection and month, once settled", used(life)),
  ].join("\n\n");
}

/** How far the first, second, … renewals of all connections lie apart. */
function spread(renewals: readonly Renewal[]): readonly (readonly string[])[] {
  const waves: Renewal[][] = [];
  const nth = new Map<string, number>();
  for (const renewal of renewals) {
    const wave = nth.get(renewal.connection) ?? 0;
    nth.set(renewal.connection, wave + 1);
    waves[wave] ??= [];
    waves[wave].push(renewal);
  }
  return waves.map((wave, index) => {
    const rate = new Rate(10 * MINUTE_MS);
    for (const { atMs } of wave) rate.count(atMs);
    const hours = [wave.at(0), wave.at(-1)].map((at) => (((at?.atMs ?? 0) - BEGINS_AT_MS) / HOUR_MS).toFixed(1));
    return [String(index + 1), whole(wave.length), hours.join(" – "), whole(rate.peak())];
  });
}

function noticed({ broken }: Life): readonly (readonly string[])[] {
  return [...new Set(broken.map(({ way }) => way))].map((way) => {
    const after = broken
      .filter((each) => each.way === way)
      .map(({ noticedAfterMs }) => whole(noticedAfterMs / MINUTE_MS));
    return [`${way.what}${way.isLatent ? ", from its date on" : ""}`, way.noticedBy, after.join(", ")];
  });
}

function used({ fleet, connections, hours, callsBefore }: Life): readonly (readonly string[])[] {
  const months = (connections * (hours - HOURS.settling)) / HOURS_PER_MONTH;
  const rows = [...fleet.account.calls].map(([operation, calls]) => {
    return [operation, ((calls - (callsBefore.get(operation) ?? 0)) / months).toFixed(1)];
  });
  return rows.filter(([, calls]) => calls !== "0.0");
}

export function renderEvents(measured: readonly Measured[]): string {
  const rows = measured.map(({ connections, title, calls, seconds, ticks, peakMiB }) => {
    const asked = [...calls].map(([operation, count]) => `${whole(count)} ${operation}`);
    return [whole(connections), title, asked.join(", "), whole(seconds), whole(ticks), peakMiB.toFixed(1)];
  });
  return table("connections | event | calls | seconds | processor time, in idle ticks | memory, MiB", rows);
}

function table(head: string, rows: readonly (readonly string[])[]): string {
  const cells = [head.split("|"), head.split("|").map(() => "---"), ...rows];
  return cells.map((row) => `| ${row.map((cell) => cell.trim()).join(" | ")} |`).join("\n");
}

function whole(amount: number): string {
  return Math.round(amount).toLocaleString("en-US");
}
