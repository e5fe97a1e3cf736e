import { setTimeout as pause } from "node:timers/promises";
import type { Census } from "../lambda/connections.ts";
import { DEFAULT_CONNECTION, ENVIRONMENT, isConnectionName } from "../lambda/contract.ts";
import { redirectUriOf, startAccount } from "./account/start-account.ts";
import { CENSUS, SCHEDULE } from "./deployed.ts";
import type { Ending } from "./run-bundle.ts";
import { describeEnding } from "./show.ts";
import type { Terminal } from "./terminal.ts";
import { CLIENT, ESCROW_PREFIX, FURTHER_CONNECTIONS, startWorld, type World } from "./world.ts";

/** Often enough that a person who tries a command sees what the next tick makes of it. */
const TICK_MS = 15_000;
/** The census runs with the first round of ticks, and with every fourth round after it. */
const CENSUS_ROUNDS = 4;

/** Serves the function on this machine and ticks its connections, until a person ends the process. */
export async function serve(bundle: string, terminal: Terminal): Promise<never> {
  const world = await startWorld({
    bundle,
    beginsAtMs: Date.now(),
    environment: { [ENVIRONMENT.escrowParameterPrefix]: ESCROW_PREFIX, ...FURTHER_CONNECTIONS },
  });
  const account = await startAccount(world, async (event) => {
    const ending = await world.tick({ event });
    show(`invoked: ${actOf(event)}`, connectionOf(event), ending);
    return ending;
  });
  const lastTold = new Map<string, string>();

  function show(what: string, about: string, ending: Ending): void {
    const told = describe(ending, terminal);
    const at = terminal.dim(new Date(world.now()).toLocaleTimeString("en-GB"));
    terminal.line(`${at}  ${about.padEnd(10)} ${what.padEnd(18)} ${told}`);
    lastTold.set(about, told);
  }

  showInstructions(world, account.url, terminal);
  for (let round = 0; ; round += 1) {
    for (const { isEnabled, name, target } of world.scheduler.schedules.list(SCHEDULE.group)) {
      const isCensus = name === CENSUS;
      if (!isEnabled || (isCensus && round % CENSUS_ROUNDS > 0)) continue;
      const event: unknown = JSON.parse(target.input ?? "{}");
      const about = isCensus ? "" : connectionOf(event);
      const ending = await world.tick({ event });
      // A tick that ends like the one before is not shown.
      if (describe(ending, terminal) !== lastTold.get(about)) show(isCensus ? "census" : "tick", about, ending);
    }
    await pause(TICK_MS);
  }
}

/** How an invocation ended. Only a tick, an authorization and a promotion have an outcome. */
function describe(ending: Ending, terminal: Terminal): string {
  if (ending.kind !== "returned" || "outcome" in ending.result) return describeEnding(ending, terminal);
  const { connections, unattendedCount }: Partial<Census> = ending.result;
  if (unattendedCount === undefined) return terminal.good("answered");
  return `${terminal.good("counted".padEnd(9))} connections: ${connections}, unattended: ${unattendedCount}`;
}

/** The event holds a code: only its kind is shown. */
function actOf(event: unknown): string {
  const acts = ["authorize", "inspect", "promote", "connections", "census", "force"];
  const named = typeof event === "object" && event !== null ? acts.find((act) => Object.hasOwn(event, act)) : undefined;
  return named ?? "tick";
}

/** The connection that an event is about; empty for an event about all connections. */
function connectionOf(event: unknown): string {
  if (["connections", "census"].includes(actOf(event))) return "";
  const named = typeof event === "object" && event !== null && "connection" in event ? event.connection : undefined;
  return typeof named === "string" && isConnectionName(named) ? named : DEFAULT_CONNECTION;
}

function showInstructions(world: World, accountUrl: string, terminal: Terminal): void {
  const { clientId, clientSecret } = CLIENT;
  const consent = new URL(`${world.xt.url}/en/accounts/oauth2`);
  consent.search = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUriOf(world),
    scope: "userinfo",
  }).toString();
  const lines = [
    `The function is deployed on this machine and ticks each connection every ${TICK_MS / 1_000} seconds, until Ctrl-C. In another terminal:`,
    "",
    `export AWS_ENDPOINT_URL=${accountUrl}`,
    "export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1",
    "export AWS_ACCESS_KEY_ID=sandbox",
    "export AWS_SECRET_ACCESS_KEY=sandbox",
    "",
    "Every command of npx --no xt-token then works against it. Begin with npx --no xt-token seed --credentials-only, which asks for:",
    "",
    `client id      ${clientId}`,
    `client secret  ${clientSecret}`,
    "",
    "Then npx --no xt-token authorize prints a link to XT's page, where one of two users grants access. The page without a command:",
    "",
    consent.href,
    "",
    "This makes a second connection, for the other user:",
    "",
    "npx --no xt-token authorize --connection user-42",
    "npx --no xt-token connections",
    "",
  ];
  for (const line of lines) terminal.line(line);
}
