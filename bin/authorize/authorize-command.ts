import { text } from "node:stream/consumers";
import { createXtEndpoint } from "../../lambda/adapters/xt-endpoint.ts";
import type { ClientCredentials } from "../../lambda/rotation/ports.ts";
import type { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { type Command, EXIT, type Exit, type Io, type Surroundings, type Target } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { credentialsCommandLine, nextCommand } from "../command-line/next-command.ts";
import { type Look, look, openSecrets, reach, type Secrets } from "../connection/look.ts";
import { againstPair, suspectExchange } from "../connection/obstacles.ts";
import { proveWritable } from "../connection/prove-permitted.ts";
import { refuseOddClock } from "../connection/server-clock.ts";
import { openEscrow } from "../status/sight.ts";
import { authorizeConnection } from "./authorize.ts";
import { authorizationLink, type LinkSettings, readLinkSettings } from "./authorize-link.ts";
import { reportAuthorized } from "./authorize-report.ts";
import { readAuthorizationResponse } from "./authorize-response.ts";
import type { Authorized, Authorizing } from "./authorized.ts";

export const authorizeCommand: Command = {
  name: "authorize",
  summary: "lets a person grant access at XT and stores the pair",
  description: `It prints the link that a person opens to grant access, and asks for the code that XT sends the browser back with: paste the code or
the whole URL. Where there is no terminal it reads either from standard input. It never takes the code from the command line.

The code is exchanged once, and the pair is stored with the care of a rotation: ticks stand back meanwhile, and what a broken connection
leaves behind is found by the next tick or by xt-token recover. It asks before it passes over a living pair.

Exit codes: 0 the pair is in use, 1 failed and nothing is changed, 2 the arguments or the code must be mended, 3 the pair is safe and not
in use yet, 4 XT granted a pair that no store took.`,
  options: {
    "redirect-uri": {
      kind: "value",
      placeholder: "<URI>",
      meaning:
        "where XT sends the browser, as it is registered there; by default what the stack was deployed with (redirectUri)",
    },
    scope: { kind: "value", placeholder: "<words>", meaning: "what to ask for, by default userinfo" },
    language: { kind: "value", placeholder: "<code>", meaning: "language of XT's pages, by default en" },
    yes: { kind: "flag", meaning: "pass over a living pair, a value that is not ours or a run at work without asking" },
  },
  async run(target, given, surroundings) {
    const reading = readLinkSettings(given, target.stack?.redirectUri);
    if (reading.kind === "unusable") {
      for (const problem of reading.problems) surroundings.io.complain(problem);
      return EXIT.unusable;
    }
    const isTerminal = process.stdin.isTTY === true;
    const readPiped = async () => (isTerminal ? undefined : await text(process.stdin));
    const person = { isSure: given["yes"] === true, readPiped, whileAtStake: untilInterrupted };
    return authorize(target, reading.settings, surroundings, person);
  },
};

/** How the person takes part. */
export interface Person {
  /** Answers yes to all but showing a secret. */
  readonly isSure: boolean;
  /** Standard input; `undefined` where it is a terminal. */
  readPiped(): Promise<string | undefined>;
  /** Lends a way to give up to work that must not be broken off at once. */
  whileAtStake<T>(work: (givenUp: AbortSignal) => Promise<T>): Promise<T>;
}

/** From the first look to the last word. */
export async function authorize(
  target: Target,
  settings: LinkSettings,
  surroundings: Surroundings,
  person: Person,
): Promise<Exit> {
  const { clock, client, io } = surroundings;
  const secrets = openSecrets(client, target.config, clock);
  await io.waiting("looking at both secrets", reach(secrets));
  await io.waiting("looking at the clocks", refuseOddClock(target, surroundings));
  const before = await io.waiting("looking at both secrets", look(secrets));
  const credentials = credentialsIn(target, secrets, before);
  const known = new Set<string>();
  await overrule(secrets, before, known, io, person);
  if (target.config.escrow === undefined) {
    io.complain(
      "nobody said where the escrow is, so the pair has one place only to go to: add --stack or --escrow-prefix",
    );
  }
  if (before.facts.current.kind === "absent")
    await io.waiting("asking whether it may be written", proveWritable(secrets));
  io.tell(`open this link and grant access:\n${authorizationLink(credentials.clientId.reveal(), settings)}`);
  const code = await askForCode(io, person);
  // The person was away for minutes.
  const seen = await io.waiting("looking again", look(secrets));
  await overrule(secrets, seen, known, io, person);
  const consent = { credentials: credentialsIn(target, secrets, seen), code };
  const authorized = await person.whileAtStake((givenUp) => {
    const authorizing = { ...openPlaces(target, secrets, surroundings), givenUp };
    return io.waiting("exchanging the code and storing the pair", authorizeConnection(authorizing, seen, consent));
  });
  return conclude(target, secrets, authorized, io);
}

function openPlaces(target: Target, secrets: Secrets, surroundings: Surroundings): Omit<Authorizing, "givenUp"> {
  const { baseUrl, exchangeTimeoutMs: timeoutMs } = target.config;
  const { io } = surroundings;
  return {
    secrets,
    escrow: openEscrow(target, surroundings),
    endpoint: createXtEndpoint({ baseUrl, timeoutMs }),
    exchangeTimeoutMs: timeoutMs,
    onTrouble: () =>
      io.complain(
        "XT granted a pair and Secrets Manager does not take it yet, still trying, leave this running or press Ctrl-C to give the pair up",
      ),
    warn: (sentence) => io.complain(sentence),
  };
}

function credentialsIn(target: Target, { names }: Secrets, { facts }: Look): ClientCredentials {
  const { clientCredentials: read } = facts;
  if (read.kind === "credentials") return read.credentials;
  const exchange = suspectExchange(names, facts);
  if (exchange !== undefined) throw new CommandFailure(`${exchange}, look with ${nextCommand(target, "recover")}`);
  const problem = read.kind === "unusable" ? read.problem : `cannot be read (${read.error.code})`;
  const seed = credentialsCommandLine(target);
  throw new CommandFailure(`${names.clientSecretId} ${problem}, write the client credentials first with ${seed}`);
}

/** Tells what speaks against it, each thing once, and goes on only if the person says so. */
async function overrule(secrets: Secrets, { facts }: Look, known: Set<string>, io: Io, person: Person): Promise<void> {
  const { names, clock } = secrets;
  const found = againstPair(names.tokenSecretId, facts, undefined, clock.now()).filter((one) => !known.has(one));
  for (const obstacle of found) {
    known.add(obstacle);
    io.complain(obstacle);
  }
  if (found.length === 0 || person.isSure || (await io.confirm("put another pair in its place all the same?"))) return;
  throw new CommandFailure("stopped, nothing is changed; to go on without being asked add --yes");
}

async function askForCode(io: Io, person: Person): Promise<Sensitive> {
  const given = (await person.readPiped()) ?? (await io.ask("code or redirected URL (not shown)", false));
  if (given === undefined) throw new CommandFailure("stopped at the prompt, nothing is changed");
  const response = readAuthorizationResponse(given);
  switch (response.kind) {
    case "code":
      return response.code;
    case "denied":
      throw new CommandFailure(`the browser was sent back with ${response.error}: ${response.meaning}`);
    case "unusable":
      throw new CommandFailure(response.problem, EXIT.unusable);
  }
}

async function conclude(target: Target, { clock }: Secrets, authorized: Authorized, io: Io): Promise<Exit> {
  if (authorized.kind === "not-kept") return partWith(target, authorized, io);
  const { exit, sentence } = reportAuthorized(target, authorized, clock.now());
  if (exit === EXIT.done) io.tell(sentence);
  else io.complain(sentence);
  return exit;
}

/** The last thing that can be done for a pair that no store took: the person may take it. */
async function partWith(
  target: Target,
  { pair, code }: Extract<Authorized, { kind: "not-kept" }>,
  io: Io,
): Promise<Exit> {
  io.complain(`XT granted a pair and no store took it (${code}), it is gone when this command ends`);
  if (await io.confirm("show the pair in plain text, so that you can seed it by hand?")) {
    io.tell(pair.reveal());
    io.complain(
      `seed it with ${nextCommand(target, "seed")}, then clear this screen: whoever reads it has the account's access`,
    );
  } else {
    io.complain("the pair is lost, open the link again and type the same command again");
  }
  return EXIT.broken;
}

/**
 * Ctrl-C and the like then ask and no longer end the process, which may hold the only copy of a pair. A terminal that goes away asks for
 * nothing.
 */
async function untilInterrupted<T>(work: (interrupted: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  const stay = () => undefined;
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt).on("SIGHUP", stay);
  try {
    return await work(interruption.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt).off("SIGHUP", stay);
  }
}
