import { setTimeout as pause } from "node:timers/promises";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createConnectionSecrets } from "./adapters/connection-secrets.ts";
import { createTickSchedules } from "./adapters/tick-schedules.ts";
import type { Config, OtherConnections } from "./config.ts";
import type { Census, ConnectionNames, ConnectionStates } from "./connections.ts";
import { DEFAULT_CONNECTION, type RotationResult, type Verdict } from "./contract.ts";
import type { AskedOfAll } from "./event.ts";
import { assertNever } from "./rotation/assert.ts";
import type { Authorizing } from "./rotation/authorize.ts";
import { patienceMs, takeCensus } from "./rotation/census.ts";
import { connect, type Providers } from "./rotation/connect.ts";
import type { FleetPorts } from "./rotation/fleet-ports.ts";
import { listNames, surveyAll, UNUSED } from "./rotation/listing.ts";
import type { ClientSecret, Ports } from "./rotation/ports.ts";

/** What code that serves all connections needs of one invocation. */
export interface Invoked {
  readonly client: SecretsManagerClient;
  /** The ARN by which the function was invoked. It has the alias if the invoker named the alias. */
  readonly functionArn: string;
  /** When the platform ends the run, in milliseconds since the epoch. */
  readonly deadlineAtMs: number;
  portsOf(connection: string): Ports;
}

/** A census stops reading so long before the end of its run, in milliseconds. It needs the rest for its metrics and its answer. */
const FAREWELL_MS = 15_000;

/** Answers events about all connections. A module of its own, loaded on demand, so that a tick starts fast. */
export async function answerFleet(
  invoked: Invoked,
  { others, unknownOutcomePolicy }: Config,
  asked: AskedOfAll,
): Promise<ConnectionNames | ConnectionStates | Census> {
  const ports = fleetOf(invoked, others);
  switch (asked.kind) {
    case "names":
      return listNames(ports, asked.after);
    case "states":
      return surveyAll(ports, asked.connections, unknownOutcomePolicy);
    case "census":
      return takeCensus(ports, {
        unknownOutcomePolicy,
        patienceMs: patienceMs(others?.ticks?.expression),
        timeIsUp: pause(Math.max(0, invoked.deadlineAtMs - ports.clock.now() - FAREWELL_MS), undefined, { ref: false }),
      });
    default:
      return assertNever(asked);
  }
}

/** The verdict on a `default` that has no pair; `undefined` if there are no further connections. @throws StoreUnavailable */
export async function judgeUnseeded(
  client: SecretsManagerClient,
  others: OtherConnections,
): Promise<Verdict | undefined> {
  return (await createConnectionSecrets(client, others).exist()) ? UNUSED : undefined;
}

/** Exchanges the code for a further connection, and makes the connection if it is new. @throws RotationError */
export async function connectUser(
  ports: Ports,
  invoked: Invoked,
  others: OtherConnections,
  request: Authorizing,
): Promise<RotationResult> {
  return connect(ports, providersOf(invoked, others), request);
}

function providersOf(
  { client, functionArn }: Pick<Invoked, "client" | "functionArn">,
  others: OtherConnections,
): Providers {
  const { ticks } = others;
  return {
    secrets: createConnectionSecrets(client, others),
    schedules: ticks && createTickSchedules(ticks, functionArn),
  };
}

function fleetOf(invoked: Invoked, others: OtherConnections | undefined): FleetPorts {
  const { clock, log, clientSecret } = invoked.portsOf(DEFAULT_CONNECTION);
  const shared = readingOnce(clientSecret);
  return {
    clock,
    log,
    ...(others && providersOf(invoked, others)),
    portsOf: (connection) => ({ ...invoked.portsOf(connection), clientSecret: shared }),
  };
}

/** Reads the client credentials once per run, because all connections share them. */
function readingOnce({ id, read }: ClientSecret): ClientSecret {
  let value: ReturnType<ClientSecret["read"]> | undefined;
  return {
    id,
    read() {
      value ??= read();
      return value;
    },
  };
}
