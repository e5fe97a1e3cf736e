import { text } from "node:stream/consumers";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { type Command, EXIT, type Exit, type Surroundings } from "../command-line/command.ts";
import { CommandFailure } from "../command-line/command-failure.ts";
import { ask, type Question } from "../command-line/prompt.ts";
import { openSecrets, reach, type Secrets } from "../connection/look.ts";
import { seedConnection, seedCredentials } from "./seed.ts";
import { readCredentialsAlone, readSeed, type Seed } from "./seed-document.ts";
import { reportCredentials, reportPair, reportRefusal, type SeedRequest } from "./seed-report.ts";

const QUESTIONS = [
  { text: "client id", echo: true },
  { text: "client secret (not shown)", echo: false },
];
const REFRESH_TOKEN = { text: "refresh token (not shown)", echo: false };

export const seedCommand: Command = {
  name: "seed",
  summary: "writes the client credentials and the first token pair",
  description: `On a terminal it asks for the client id, the client secret and the refresh token. Otherwise it reads one JSON document from standard
input: {"client_id": "…", "client_secret": "…", "refresh_token": "…"}, or the credentials with XT's answer beside them:
{"client_id": "…", "client_secret": "…", "result": {…}}. It never takes a secret from the command line.

With --credentials-only it takes the client id and the client secret alone and leaves the pair as it is: for a secret that XT has
changed, and before the first xt-token authorize.

Exit codes: 0 done, 1 failed or refused, 2 the arguments or the input must be mended.`,
  options: {
    "credentials-only": { kind: "flag", meaning: "write the client credentials and leave the pair as it is" },
    overwrite: {
      kind: "flag",
      meaning: "replace a live pair, another client's credentials or a value that is not ours",
    },
  },
  async run({ config, region }, given, surroundings) {
    const { tokenSecretId, clientSecretId } = config;
    const isCredentialsOnly = given["credentials-only"] === true;
    const overwrite = given["overwrite"] === true;
    const request = { tokenSecretId, clientSecretId, region, overwrite, isCredentialsOnly };
    return isCredentialsOnly ? seedAlone(request, surroundings) : seedBoth(request, surroundings);
  },
};

async function seedBoth(request: SeedRequest, surroundings: Surroundings): Promise<Exit> {
  const { clock, client } = surroundings;
  const piped = await readPiped((typed) => readSeed(typed, clock.now()));
  if (piped?.kind === "unusable") return complain(surroundings, piped.problems);
  const secrets = openSecrets(client, request, clock);
  await surroundings.io.waiting("looking at both secrets", reach(secrets));
  const reading = piped ?? readSeed(await askFor([...QUESTIONS, REFRESH_TOKEN]), clock.now());
  if (reading.kind === "unusable") return complain(surroundings, reading.problems);
  return await write(surroundings, secrets, request, reading.seed);
}

async function seedAlone(request: SeedRequest, surroundings: Surroundings): Promise<Exit> {
  const { clock, client, io } = surroundings;
  const piped = await readPiped(readCredentialsAlone);
  if (piped?.kind === "unusable") return complain(surroundings, piped.problems);
  const secrets = openSecrets(client, request, clock);
  await io.waiting("looking at both secrets", reach(secrets));
  const reading = piped ?? readCredentialsAlone(await askFor(QUESTIONS));
  if (reading.kind === "unusable") return complain(surroundings, reading.problems);
  const seeding = await seedCredentials(secrets, reading.credentials, request.overwrite);
  if (seeding.kind === "refused") throw new CommandFailure(reportRefusal(request, seeding.obstacles));
  io.tell(reportCredentials(request.clientSecretId, seeding.credentials));
  return EXIT.done;
}

/** What standard input holds; `undefined` where a person sits at it. Read before anything is reached, since it needs nothing else. */
async function readPiped<Reading>(read: (typed: Sensitive) => Reading): Promise<Reading | undefined> {
  return process.stdin.isTTY ? undefined : read(new Sensitive(await text(process.stdin)));
}

/** Not through `Io`, question by question: the rest of a paste must never meet a terminal that echoes between two of them. */
async function askFor(questions: readonly Question[]): Promise<Sensitive> {
  const asked = await ask(questions, process.stdin, process.stderr);
  if (asked.kind === "cancelled") throw new CommandFailure("stopped at the prompt, nothing is written");
  const [client_id, client_secret, refresh_token] = asked.answers.map((answer) => answer.reveal());
  return new Sensitive(JSON.stringify({ client_id, client_secret, refresh_token }));
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
