import { writeSync } from "node:fs";
import { connectionSecretNames } from "../../lambda/contract.ts";
import { stateOf } from "../../sandbox/secrets-manager/secrets.ts";
import { findVersion } from "../../sandbox/secrets-manager/versions.ts";
import type { Account } from "./account.ts";
import { BREAKS, type Break } from "./breaks.ts";
import { BEGINS_AT_MS, Fleet, HOUR_MS, PREFIX } from "./fleet.ts";

/** Hours until all have connected, until some are broken, just after a census, and until the first renewals are over. */
export const HOURS = { connecting: 1, breaking: 6.1, settling: 18 } as const;

/** How many connections are broken in each way. */
const OF_EACH = 2;

export interface Broken {
  readonly way: Break;
  readonly connection: string;
  /** How long after it showed, in milliseconds; infinity where nobody noticed. */
  readonly noticedAfterMs: number;
}

/** What a fleet went through. */
export interface Life {
  readonly fleet: Fleet;
  readonly connections: number;
  readonly hours: number;
  readonly broken: readonly Broken[];
  /** Connections whose pair in use is not the one that lives at XT, or whose access token is not published. */
  readonly lost: readonly string[];
  /** Calls by operation until the first renewals were over. */
  readonly callsBefore: ReadonlyMap<string, number>;
}

/** Lets so many connections live for so many hours, a few of them broken. */
export async function live(connections: number, hours: number): Promise<Life> {
  const fleet = new Fleet();
  const { time, account, xt, random, censuses, complaints } = fleet;
  const names = Array.from({ length: connections }, (_, index) => `user-${index}`);
  return fleet.run(async () => {
    for (const connection of names) {
      time.after(random.next() * HOURS.connecting * HOUR_MS, "a person", () => {
        void fleet.invoke({ connection, authorize: { code: xt.consent(connection) } });
      });
    }
    await livePast(fleet, HOURS.breaking);
    const breaking = BREAKS.flatMap((way, nth) =>
      names.slice(nth * OF_EACH, (nth + 1) * OF_EACH).map((name) => {
        const connection = way.isByHand ? `by-hand-${name}` : name;
        way.act(fleet, connection);
        return { way, connection, showsAtMs: way.isLatent ? (fleet.dueAtMs.get(name) ?? 0) : time.nowMs };
      }),
    );
    await livePast(fleet, HOURS.settling);
    const callsBefore = new Map(account.calls);
    await livePast(fleet, hours);
    await fleet.finish();
    const broken = breaking.map(({ way, connection, showsAtMs }) => {
      const saying = censuses.find(({ atMs, census: { mended, unattended } }) => {
        const named = way.noticedBy === "census, which mends it" ? mended : unattended.map((each) => each.connection);
        return atMs >= showsAtMs && named.includes(connection);
      });
      const noticedAtMs = way.noticedBy === "its ticks" ? complaints.get(connection) : saying?.atMs;
      return { way, connection, noticedAfterMs: (noticedAtMs ?? Number.POSITIVE_INFINITY) - showsAtMs };
    });
    const all = new Set([...names, ...broken.map(({ connection }) => connection)]);
    const lost = [...all].filter((connection) => !isKept(fleet, connection));
    return { fleet, connections, hours, broken, lost, callsBefore };
  });
}

async function livePast(fleet: Fleet, hours: number): Promise<void> {
  const untilMs = BEGINS_AT_MS + hours * HOUR_MS;
  while (fleet.time.nowMs < untilMs) {
    await fleet.live(Math.min(untilMs, fleet.time.nowMs + HOUR_MS));
    writeSync(2, `\r${Math.round((fleet.time.nowMs - BEGINS_AT_MS) / HOUR_MS)} hours`);
  }
}

/** Whether the pair in use is the one that lives at XT, and workloads read its access token. */
function isKept({ account, xt }: Fleet, connection: string): boolean {
  const names = connectionSecretNames(PREFIX, connection);
  const [pair, published] = [names.pair, names.accessToken].map((name) => textIn(account, name));
  const [, refreshToken = ""] = /"refresh_token":"([^"]*)"/.exec(pair ?? "") ?? [];
  const [accessToken = "none"] = /"access_token":"[^"]*"/.exec(pair ?? "") ?? [];
  return xt.isLiving(refreshToken, connection) && (published ?? "").includes(accessToken);
}

function textIn({ secrets }: Account, name: string): string {
  try {
    const { value } = findVersion(stateOf(secrets.find(name)).versions, {});
    return value.kind === "text" ? value.text : "";
  } catch {
    return "no such secret, or no value";
  }
}
