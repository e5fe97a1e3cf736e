import type { Census, Unattended } from "../connections.ts";
import {
  DEFAULT_CONNECTION,
  isConnectionName,
  LABEL,
  namingConnection,
  type UnknownOutcomePolicy,
} from "../contract.ts";
import { conceal, RotationError } from "./errors.ts";
import type { FleetPorts, ListedConnection, ListedSchedule } from "./fleet-ports.ts";
import { inParallel } from "./in-parallel.ts";
import { isThere } from "./listing.ts";
import { isoTime } from "./pair-document.ts";
import type { Ports } from "./ports.ts";
import { type Surveyed, survey } from "./survey.ts";

export interface CensusRequest {
  readonly unknownOutcomePolicy: UnknownOutcomePolicy;
  /** How long something may be due before a connection counts as unattended. */
  readonly patienceMs: number;
  /** Resolves when the census must stop. A connection that it has not read by then counts as unattended. */
  readonly timeIsUp: Promise<unknown>;
}

const MINUTE_MS = 60_000;

/** Added to two ticks. With a tick every 15 minutes, an hourly census then names an unattended connection within two hours. */
const GRACE_MS = 15 * MINUTE_MS;

/** `lib/tick-interval.ts` allows no schedule with a longer pause. */
const LONGEST_INTERVAL_MINUTES = 4 * 60;

/**
 * How long something may be due before a connection counts as unattended, in milliseconds: the time of two ticks, and 15 minutes for the
 * flexible windows and the runs.
 *
 * @param expression the schedule of the ticks
 */
export function patienceMs(expression = "rate(15 minutes)"): number {
  const [, value, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(expression) ?? [];
  const rate = value === undefined ? undefined : Number(value) * (unit === "hour" ? 60 : 1);
  return (rate ?? cronMinutes(expression) ?? LONGEST_INTERVAL_MINUTES) * 2 * MINUTE_MS + GRACE_MS;
}

/** The longest pause of a cron expression that ticks in every hour; `undefined` for any other. */
function cronMinutes(expression: string): number | undefined {
  const [, minutes = ""] = /^cron\((\S+) (?:\*|\*\/1|0\/1|0-23) /.exec(expression) ?? [];
  if (minutes === "*") return 1;
  const [, step] = /^(?:\*|\d+)\/(\d+)$/.exec(minutes) ?? [];
  if (step !== undefined) return Number(step);
  if (!/^\d+(,\d+)*$/.test(minutes)) return undefined;
  const ticks = minutes
    .split(",")
    .map(Number)
    .sort((one, other) => one - other);
  const [first = 0] = ticks;
  return Math.max(...ticks.map((tick, index) => (ticks[index + 1] ?? first + 60) - tick));
}

/** The most names in the answer, and lines in the log. More unattended connections than this have one cause. */
const NAMED = 100;

/**
 * Checks that ticks look after every connection, and makes schedules and access-token secrets that are missing.
 *
 * ```
 *   secrets below the prefix ─┐                  ┌─ no schedule: make it; a schedule that invokes something else: correct it
 *                             ├─ per connection ─┼─ no access-token secret: make it
 *   schedules of the group   ─┘                  ├─ schedule disabled: unattended
 *                                                └─ something due for too long, or the state cannot be read: unattended
 * ```
 *
 * A connection without a pair needs no schedule. Each act is idempotent: a census can die at any line, and two can run at once.
 *
 * @throws StoreUnavailable if it cannot list the secrets or the schedules
 */
export async function takeCensus(ports: FleetPorts, request: CensusRequest): Promise<Census> {
  const { log, secrets, schedules } = ports;
  const [listed, scheduled] = await Promise.all([secrets?.list() ?? [], schedules?.list()]);
  const known = new Set(listed.map(({ connection }) => connection));
  const unlisted = [...(scheduled?.keys() ?? [])].filter((name) => isConnectionName(name) && !known.has(name));
  const all: readonly ListedConnection[] = [
    { connection: DEFAULT_CONNECTION },
    ...listed.filter(isThere),
    // Only their schedules are left, or they are other schedules of the stack.
    ...unlisted.map((connection) => ({ connection })),
  ];
  const looked = await inParallel(all, (one) => lookAt(ports, request, one, scheduled), request.timeIsUp);
  const findings = all
    .map(({ connection }, index) => looked[index] ?? ({ connection, isMended: false, why: OUT_OF_TIME } as const))
    .filter((finding) => finding !== "gone");
  // If no connection can be read, the store is out. Then the ticks fail and their alarms ring, so the census does not name all connections.
  const isStoreOut = findings.every(({ isUnread }) => isUnread);
  const unattended = findings.flatMap(({ connection, why, isUnread }): readonly Unattended[] =>
    why === undefined || (isUnread && isStoreOut) ? [] : [{ connection, why: namingConnection(why, connection) }],
  );
  const mended = findings.filter(({ isMended }) => isMended).map(({ connection }) => connection);
  for (const connection of mended.slice(0, NAMED)) log.warn(MENDED, { connection });
  for (const { connection, why } of unattended.slice(0, NAMED)) log.warn(`unattended: ${why}`, { connection });
  return {
    schema: 1,
    connections: findings.length,
    unattended: unattended.slice(0, NAMED),
    unattendedCount: unattended.length,
    mended: mended.slice(0, NAMED),
  };
}

const MENDED = "mended: it lacked its schedule or a secret";
const OUT_OF_TIME = "the census ran out of time before it had looked at this connection";

interface Finding {
  readonly connection: string;
  /** Whether the census made or corrected something. */
  readonly isMended: boolean;
  /** Why the connection counts as unattended; absent if it does not. */
  readonly why?: string | undefined;
  /** Whether its state cannot be read. */
  readonly isUnread?: boolean;
}

type Scheduled = ReadonlyMap<string, ListedSchedule> | undefined;

/** For a healthy connection the listing saves two reads. It may be minutes old, so anything that looks wrong is read again first. */
async function lookAt(
  ports: FleetPorts,
  { unknownOutcomePolicy, patienceMs }: CensusRequest,
  one: ListedConnection,
  scheduled: Scheduled,
): Promise<Finding | "gone"> {
  const { connection, token } = one;
  const itsPorts = ports.portsOf(connection);
  const look = (seenBy: Ports) => survey(seenBy, { connection, unknownOutcomePolicy }, ports.clock.now());
  const judge = (seen: Surveyed) => neglect(seen, patienceMs, ports.clock.now());
  try {
    const lack = lackOf(one, scheduled);
    const isDoubtful = token === undefined && connection !== DEFAULT_CONNECTION;
    if (!isDoubtful && lack === undefined && judge(await look(knowing(itsPorts, one))) === undefined) {
      return { connection, isMended: false };
    }
    const seen = await look(itsPorts);
    if (seen.isGone) {
      const why = await remains(itsPorts, seen, scheduled?.has(connection) === true);
      return why === undefined ? "gone" : { connection, isMended: false, why };
    }
    const isNeeded = lack !== undefined && (await isGranted(itsPorts, seen));
    const care = isNeeded ? await mend(ports, connection, lack) : { isMended: false };
    return { connection, ...care, why: care.why ?? judge(seen), isUnread: !care.why && !seen.facts };
  } catch (error) {
    const { message } = error instanceof RotationError ? error : conceal(error);
    return { connection, isMended: false, why: message };
  }
}

/** What is left of a connection without its token secret, in one sentence; `undefined` if somebody disconnected it, or never connected it. */
async function remains(
  { accessTokens }: Ports,
  { verdict }: Surveyed,
  isScheduled: boolean,
): Promise<string | undefined> {
  if (verdict.code === "disconnected") {
    return isScheduled ? "its secrets are scheduled for deletion, and its schedule goes on" : undefined;
  }
  try {
    const published = await accessTokens?.published();
    return published === undefined ? undefined : "its token secret is gone, and its access-token secret is not";
  } catch (error) {
    // Its access-token secret is gone as well, or cannot be read: then nobody uses it.
    if (error instanceof RotationError) return undefined;
    throw error;
  }
}

/** What a connection lacks according to the listings. */
interface Lack {
  readonly accessToken: boolean;
  readonly schedule: "none" | "another's" | "disabled" | undefined;
  readonly scheduled?: ListedSchedule | undefined;
}

function lackOf({ connection, accessToken }: ListedConnection, all: Scheduled): Lack | undefined {
  // The template makes the secrets and the schedule of `default`.
  if (connection === DEFAULT_CONNECTION) return undefined;
  const scheduled = all?.get(connection);
  const schedule = all === undefined ? undefined : lackOfSchedule(scheduled);
  const lack = { accessToken: accessToken === undefined, schedule, scheduled };
  return lack.accessToken || lack.schedule !== undefined ? lack : undefined;
}

function lackOfSchedule(scheduled: ListedSchedule | undefined): Lack["schedule"] {
  if (scheduled === undefined) return "none";
  if (!scheduled.isOurs) return "another's";
  return scheduled.isEnabled ? undefined : "disabled";
}

/** Makes what is missing. A disabled schedule stays disabled: a person did that. @throws StoreUnavailable */
async function mend(
  { secrets, schedules }: FleetPorts,
  connection: string,
  { accessToken, schedule, scheduled }: Lack,
): Promise<Omit<Finding, "connection">> {
  if (accessToken) await secrets?.complete(connection);
  if (schedule === "none") await schedules?.make(connection);
  if (schedule === "another's" && scheduled !== undefined) await schedules?.correct(connection, scheduled);
  return {
    isMended: accessToken || schedule === "none" || schedule === "another's",
    why: scheduled?.isEnabled === false ? "its schedule is disabled" : undefined,
  };
}

/**
 * Whether there may be a pair, in the token secret or in the escrow. A failed authorization leaves only an attempt record, but its pair may be
 * in the escrow. A secret that cannot be read may hold a pair.
 */
async function isGranted({ escrow }: Ports, { facts }: Surveyed): Promise<boolean> {
  if (facts?.isParked) return false;
  if (facts === undefined || facts.current.kind !== "absent" || facts.staged !== undefined) return true;
  return facts.current.versionId !== undefined && (await escrow.list()).length > 0;
}

/** Why a connection counts as unattended, according to its secrets; `undefined` if it does not. */
function neglect({ facts, verdict, dueSinceMs }: Surveyed, patienceMs: number, nowMs: number): string | undefined {
  if (facts === undefined) return `its state cannot be read: ${verdict.message}`;
  if (dueSinceMs === undefined || nowMs - dueSinceMs < patienceMs) return undefined;
  return `what was due at ${isoTime(dueSinceMs)} is not done: ${verdict.message}`;
}

/** The same ports, but `describe` and `published` answer from the listing instead of calling AWS. */
function knowing(ports: Ports, { token, accessToken }: ListedConnection): Ports {
  const { store, accessTokens } = ports;
  const describe = token === undefined ? store.describe : async () => token;
  const published =
    accessToken === undefined ? accessTokens?.published : async () => accessToken.holders.get(LABEL.current);
  return {
    ...ports,
    store: { ...store, describe },
    accessTokens: accessTokens && published && { ...accessTokens, published },
  };
}
