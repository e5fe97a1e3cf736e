import { setTimeout as pause } from "node:timers/promises";
import { ENVIRONMENT } from "../lambda/contract.ts";
import { redirectUriOf } from "./account/deployed.ts";
import { startAccount } from "./account/start-account.ts";
import type { Ending } from "./run-bundle.ts";
import { describeEnding } from "./show.ts";
import type { Terminal } from "./terminal.ts";
import { CLIENT, ESCROW_PREFIX, startWorld, type World } from "./world.ts";

/** Often enough that a person who tries a command sees what the next tick makes of it. */
const TICK_MS = 15_000;

/** Serves the deployed function at home and ticks it, until the process is ended. */
export async function serve(bundle: string, terminal: Terminal): Promise<never> {
  const world = await startWorld({
    bundle,
    beginsAtMs: Date.now(),
    environment: { [ENVIRONMENT.escrowParameterPrefix]: ESCROW_PREFIX },
  });
  const account = await startAccount(world, async (event) => {
    const ending = await world.tick({ event });
    show(`invoked: ${actOf(event)}`, ending);
    return ending;
  });
  let lastSeen = "";

  function show(what: string, ending: Ending): void {
    // An inspection has no outcome.
    const isInspection = ending.kind === "returned" && !("outcome" in ending.result);
    const told = isInspection ? terminal.good("answered") : describeEnding(ending, terminal);
    terminal.line(`${terminal.dim(new Date(world.now()).toLocaleTimeString("en-GB"))}  ${what.padEnd(18)} ${told}`);
    lastSeen = told;
  }

  showInstructions(world, account.url, terminal);
  for (;;) {
    const ending = await world.tick();
    // A tick that finds what the one before found is no news.
    if (describeEnding(ending, terminal) !== lastSeen) show("tick", ending);
    await pause(TICK_MS);
  }
}

/** The event holds a code: only its kind is shown. */
function actOf(event: unknown): string {
  const acts = ["authorize", "inspect", "promote", "force"];
  const named = typeof event === "object" && event !== null ? acts.find((act) => Object.hasOwn(event, act)) : undefined;
  return named ?? "tick";
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
    `The function is deployed on this machine and ticks every ${TICK_MS / 1_000} seconds, until Ctrl-C. In another terminal:`,
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
  ];
  for (const line of lines) terminal.line(line);
}
