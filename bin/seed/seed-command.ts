import { text } from "node:stream/consumers";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { type Command, EXIT, type Exit, type Surroundings } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { ask } from "../command-line/prompt.ts";
import { openSecrets, reach, type Secrets } from "../connection/look.ts";
import { seedConnection } from "./seed.ts";
import { readSeed, type Seed, type SeedReading } from "./seed-document.ts";
import { reportCredentials, reportPair, reportRefusal, type SeedRequest } from "./seed-report.ts";

const QUESTIONS = [
  { text: "client id", echo: true },
  { text: "client secret (not shown)", echo: false },
  { text: "refresh token (not shown)", echo: false },
];

export const seedCommand: Command = {
  name: "seed",
  summary: "writes the client credentials and the first token pair",
  description: `On a terminal it asks for the client id, the client secret and the refresh token. Otherwise it reads one JSON document from standard
input: {"client_id": "…", "client_secret": "…", "refresh_token": "…"}, or the credentials with XT's answer beside them:
{"client_id": "…", "client_secret": "…", "result": {…}}. It never takes a secret from the command line.

Exit codes: 0 done, 1 failed or refused, 2 the arguments or the input must be mended.`,
  options: {
    overwrite: {
      kind: "flag",
      meaning: "replace a live pair, another client's credentials or a value that is not ours",
    },
  },
  async run({ config, region }, given, surroundings) {
    const { tokenSecretId, clientSecretId } = config;
    const request = { tokenSecretId, clientSecretId, region, overwrite: given["overwrite"] === true };
    const { clock, client, io } = surroundings;
    const typed = process.stdin.isTTY ? undefined : new Sensitive(await text(process.stdin));
    const piped = typed && readSeed(typed, clock.now());
    if (piped?.kind === "unusable") return complain(surroundings, piped.problems);
    const secrets = openSecrets(client, request, clock);
    await io.waiting("looking at both secrets", reach(secrets));
    const reading = piped ?? (await askForSeed(surroundings));
    if (reading.kind === "unusable") return complain(surroundings, reading.problems);
    return await write(surroundings, secrets, request, reading.seed);
  },
};

/** Not through `Io`, question by question: the rest of a paste must never meet a terminal that echoes between two of them. */
async function askForSeed({ clock }: Surroundings): Promise<SeedReading> {
  const asked = await ask(QUESTIONS, process.stdin, process.stderr);
  if (asked.kind === "cancelled") throw new CommandFailure("stopped at the prompt, nothing is written");
  const [client_id, client_secret, refresh_token] = asked.answers.map((answer) => answer.reveal());
  return readSeed(new Sensitive(JSON.stringify({ client_id, client_secret, refresh_token })), clock.now());
}

async function write(surroundings: Surroundings, secrets: Secrets, request: SeedRequest, typed: Seed): Promise<Exit> {
  const { clock, io } = surroundings;
  const seeding = await seedConnection(secrets, typed, request.overwrite, (written) =>
    io.tell(reportCredentials(request.clientSecretId, written)),
  );
  if (seeding.kind === "refused") throw new CommandFailure(reportRefusal(request, seeding.obstacles));
  io.tell(reportPair(request, seeding.pair, typed.pair, clock.now()));
  return EXIT.done;
}

function complain({ io }: Surroundings, problems: readonly string[]): Exit {
  for (const problem of problems) io.complain(problem);
  return EXIT.unusable;
}
