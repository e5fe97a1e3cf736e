import type { ConnectionNames, ConnectionState, ConnectionStates } from "../connections.ts";
import { DEFAULT_CONNECTION, LABEL, namingConnection, type UnknownOutcomePolicy, type Verdict } from "../contract.ts";
import { kebab } from "./diagnose.ts";
import { conceal, RotationError } from "./errors.ts";
import { isBlank } from "./facts.ts";
import type { FleetPorts, ListedConnection } from "./fleet-ports.ts";
import { inParallel } from "./in-parallel.ts";
import { isoTime } from "./pair-document.ts";
import type { Ports } from "./ports.ts";
import { lifetimesOf } from "./report.ts";
import { survey } from "./survey.ts";

/** The most names in one answer. Lambda allows 6 MB; 60,000 names of 64 characters take 4 MB. */
const NAMES_AT_ONCE = 60_000;

/** The verdict on a `default` without a pair if further connections exist. The institution does not use `default` then. */
export const UNUSED: Verdict = {
  severity: 0,
  code: "unused",
  message: "further connections exist, and default has no pair",
  next: null,
};

/** The names of the connections that come after `after` in alphabetical order. @throws StoreUnavailable */
export async function listNames({ secrets }: Pick<FleetPorts, "secrets">, after: string): Promise<ConnectionNames> {
  const listed = (await secrets?.list()) ?? [];
  const others = listed.filter(isThere).map(({ connection }) => connection);
  const behind = [DEFAULT_CONNECTION, ...others].filter((name) => name > after).sort();
  const connections = behind.slice(0, NAMES_AT_ONCE);
  const next = connections.length < behind.length ? (connections.at(-1) ?? null) : null;
  return { schema: 1, connections, next };
}

/** How each of these connections stands, in the given order. Changes nothing. If a connection cannot be read, its verdict says so. */
export async function surveyAll(
  { clock, portsOf, secrets }: FleetPorts,
  connections: readonly string[],
  unknownOutcomePolicy: UnknownOutcomePolicy,
): Promise<ConnectionStates> {
  async function stateOf(connection: string, ports: Ports): Promise<ConnectionState> {
    const { verdict, facts } = await survey(ports, { connection, unknownOutcomePolicy }, clock.now());
    const isUnused = connection === DEFAULT_CONNECTION && facts && isBlank(facts) && (await secrets?.exist());
    const told = isUnused ? UNUSED : namingConnection(verdict, connection);
    return { connection, verdict: told, ...lifetimesOf(facts?.current) };
  }
  const asked = connections.map((connection) => ({ connection, ports: portsOf(connection) }));
  const states = await inParallel(asked, ({ connection, ports }) =>
    // One connection must not hide the others.
    stateOf(connection, ports).catch((error: unknown) => {
      const { severity, name, message } = error instanceof RotationError ? error : conceal(error);
      return { connection, verdict: { severity, code: kebab(name), message, next: null }, ...lifetimesOf(undefined) };
    }),
  );
  return { schema: 1, checkedAt: isoTime(clock.now()) ?? "", states: states.filter((state) => state !== undefined) };
}

/** Whether a listing shows a connection: a pair, or an access token whose pair is gone. */
export function isThere({ token, accessToken }: ListedConnection): boolean {
  return token !== undefined || accessToken?.holders.has(LABEL.current) === true;
}
