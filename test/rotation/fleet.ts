import type { Census } from "../../lambda/connections.ts";
import { type CensusRequest, takeCensus } from "../../lambda/rotation/census.ts";
import type {
  ConnectionSecrets,
  FleetPorts,
  ListedConnection,
  ListedSchedule,
  Schedules,
} from "../../lambda/rotation/fleet-ports.ts";
import type { Ports, SecretDescription } from "../../lambda/rotation/ports.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { at } from "./given.ts";
import type { MemorySecret } from "./memory-store.ts";
import { createWorld, type Scene, seededSecret, type World } from "./world.ts";

/** A further connection. By default: the seeded pair that is due at noon, both secrets, and a schedule that ticks it. */
export interface Desk {
  readonly scene?: Scene;
  /** `null` where it has none. */
  readonly schedule?: ListedSchedule | null;
  /** Takes the place of what the listing shows. */
  readonly listed?: Partial<ListedConnection>;
  readonly ports?: Partial<Ports>;
}

/** Arranges what a census meets. By default: eleven o'clock, an hour before anything is due, and `default` alone. */
export interface FleetScene {
  readonly time?: string;
  readonly desks?: Readonly<Record<string, Desk>>;
  readonly stack?: Scene;
  readonly secrets?: Partial<ConnectionSecrets>;
  readonly schedules?: Partial<Schedules> | null;
}

export interface Fleet {
  readonly ports: FleetPorts;
  /** What was made and corrected, in order. */
  readonly acts: readonly string[];
  /** What was logged, as text. */
  readonly warnings: readonly string[];
  /** Every call to the ports of one connection, in order. */
  callsOf(connection: string): readonly string[];
}

export const TICKING: ListedSchedule = { isEnabled: true, isOurs: true };

/** What DescribeSecret and the listing tell of a secret. */
export function descriptionOf({ holders }: MemorySecret): SecretDescription {
  return { arn: "arn:token-secret", createdAtMs: at("06:00"), holders: new Map(holders) };
}

export function denied(operation: string, service: "secretsmanager" | "scheduler" = "secretsmanager") {
  return () => Promise.reject(new StoreUnavailable(service, operation, "a-name", "AccessDeniedException"));
}

export function missing(operation: string) {
  return () => Promise.reject(new StoreUnavailable("secretsmanager", operation, "a-name", "ResourceNotFoundException"));
}

/** The record of an authorization at 06:00 that brought nothing. */
export const RECORD_OF_CODE =
  '{"schema":1,"kind":"attempt","parent":"authorization","attempt":1,"run":"run-0","nonce":"nonce-0",' +
  '"started_at":"2026-11-23T06:00:00.000Z","deadline_at":"2026-11-23T06:02:00.000Z"}';

export function createFleet({ time = "11:00", desks = {}, stack = {}, ...replaced }: FleetScene = {}): Fleet {
  const acts: string[] = [];
  const warnings: string[] = [];
  const worlds = new Map<string, World>([["default", createWorld({ time, ...stack })]]);
  const listed: ListedConnection[] = [];
  const scheduled = new Map<string, ListedSchedule>();
  for (const [connection, { scene = {}, schedule = TICKING, listed: shown }] of Object.entries(desks)) {
    const secret = scene.secret ?? seededSecret();
    worlds.set(connection, createWorld({ time, ...scene, secret }));
    const token = descriptionOf(secret);
    listed.push({ connection, token, accessToken: token, ...shown });
    if (schedule !== null) scheduled.set(connection, schedule);
  }
  const secrets: ConnectionSecrets = {
    async provide(connection) {
      acts.push(`provide ${connection}`);
    },
    async complete(connection) {
      acts.push(`complete ${connection}`);
    },
    exist: async () => listed.length > 0,
    list: async () => listed,
    ...replaced.secrets,
  };
  const schedules: Schedules = {
    list: async () => scheduled,
    async make(connection) {
      acts.push(`make ${connection}`);
    },
    async correct(connection, { isEnabled }) {
      acts.push(`correct ${connection} as ${isEnabled ? "enabled" : "disabled"}`);
    },
    ...replaced.schedules,
  };
  const ports: FleetPorts = {
    clock: { now: () => at(time) },
    log: { warn: (message, fields) => void warnings.push(`${message} ${JSON.stringify(fields)}`) },
    secrets,
    schedules: replaced.schedules === null ? undefined : schedules,
    portsOf(connection) {
      const world = worlds.get(connection);
      if (world === undefined) throw new Error(`${connection} is not arranged`);
      return { ...world.ports, ...desks[connection]?.ports };
    },
  };
  return { ports, acts, warnings, callsOf: (connection) => worlds.get(connection)?.calls ?? [] };
}

/** A census without a limit of time that lets things be due for 45 minutes. */
export function census({ ports }: Fleet, fields: Partial<CensusRequest> = {}): Promise<Census> {
  const timeIsUp = new Promise(() => {});
  return takeCensus(ports, { unknownOutcomePolicy: "replay", patienceMs: 45 * 60_000, timeIsUp, ...fields });
}

/** So many connections whose schedules are disabled. */
export function disabledDesks(count: number): Readonly<Record<string, Desk>> {
  const schedule = { isEnabled: false, isOurs: true };
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`desk-${index}`, { schedule }]));
}
