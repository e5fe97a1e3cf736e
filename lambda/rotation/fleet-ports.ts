import type { Clock, Log, Ports, SecretDescription } from "./ports.ts";

/** The secrets of further connections, which are all but `default`. Every method rejects with `StoreUnavailable`. */
export interface ConnectionSecrets {
  /**
   * Makes the two secrets of a connection if they are missing, and restores them if they are scheduled for deletion. Idempotent.
   * When it resolves, the secrets can be read.
   */
  provide(connection: string): Promise<void>;

  /** Makes the access-token secret of a connection that lacks it. Idempotent, and takes back nothing that is scheduled for deletion. */
  complete(connection: string): Promise<void>;

  /** Whether any further connection exists. */
  exist(): Promise<boolean>;

  /** Every connection that has at least one of its two secrets. The listing may be minutes old. */
  list(): Promise<readonly ListedConnection[]>;
}

/** What a listing shows of one connection, without any value. Secrets that are scheduled for deletion count as absent. */
export interface ListedConnection {
  readonly connection: string;
  /** Absent if there is no token secret. */
  readonly token?: SecretDescription | undefined;
  /** Absent if there is no access-token secret. */
  readonly accessToken?: SecretDescription | undefined;
}

/** The schedules of further connections. Each has the name of its connection. Every method rejects with `StoreUnavailable`. */
export interface Schedules {
  list(): Promise<ReadonlyMap<string, ListedSchedule>>;

  /** Makes the schedule of a connection. Idempotent; a schedule that exists stays as it is. */
  make(connection: string): Promise<void>;

  /** Replaces an existing schedule by the one that `make` makes. It stays enabled or disabled. */
  correct(connection: string, listed: ListedSchedule): Promise<void>;
}

export interface ListedSchedule {
  readonly isEnabled: boolean;
  /** Whether it invokes this function. */
  readonly isOurs: boolean;
}

/** Everything outside the pure core that a census or a list of connections uses. */
export interface FleetPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Absent if `default` is the only connection. */
  readonly secrets?: ConnectionSecrets | undefined;
  /** Absent if the function makes no schedules. */
  readonly schedules?: Schedules | undefined;
  portsOf(connection: string): Ports;
}
