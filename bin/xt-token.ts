#!/usr/bin/env -S node --import tsx
import { text } from "node:stream/consumers";
import { Sensitive } from "../lambda/rotation/sensitive.ts";
import { readArguments, type SeedRequest } from "./arguments.ts";
import { CommandFailure } from "./command-failure.ts";
import { connect } from "./connect.ts";
import { openSecrets, reach, type Secrets } from "./look.ts";
import { ask } from "./prompt.ts";
import { seedConnection } from "./seed.ts";
import { readSeed, type Seed, type SeedReading } from "./seed-document.ts";
import { reportCredentials, reportPair, reportRefusal } from "./seed-report.ts";
import { USAGE } from "./usage.ts";

const EXIT = { done: 0, failed: 1, unusable: 2 } as const;
type Exit = (typeof EXIT)[keyof typeof EXIT];

const clock = { now: () => Date.now() };
const QUESTIONS = [
  { text: "client id", echo: true },
  { text: "client secret (not shown)", echo: false },
  { text: "refresh token (not shown)", echo: false },
];

// Node gives the terminal its settings back when it exits and when SIGINT or SIGTERM ends it, not when a hangup does.
process.once("SIGHUP", () => process.exit(EXIT.failed));
process.exitCode = await run();

async function run(): Promise<Exit> {
  try {
    const read = readArguments(process.argv.slice(2), process.env);
    switch (read.kind) {
      case "help":
        process.stdout.write(USAGE);
        return EXIT.done;
      case "unusable":
        return complain(EXIT.unusable, ...read.problems, "type npx xt-token --help to see what it takes");
      case "seed":
        return await seed(read.request);
    }
  } catch (error) {
    if (error instanceof CommandFailure) return complain(EXIT.failed, error.message);
    // An unforeseen error's text may hold a secret; its class cannot.
    const kind = error instanceof Error ? error.constructor.name : typeof error;
    return complain(EXIT.failed, `an unforeseen ${kind} ended the command, type it again to see what it left`);
  }
}

async function seed(request: SeedRequest): Promise<Exit> {
  const typed = process.stdin.isTTY ? undefined : new Sensitive(await text(process.stdin));
  const piped = typed && readSeed(typed, clock.now());
  if (piped?.kind === "unusable") return complain(EXIT.unusable, ...piped.problems);
  const client = await connect(request.region);
  try {
    const secrets = openSecrets(client, request, clock);
    await reach(secrets);
    const reading = piped ?? (await askForSeed());
    if (reading === undefined) return complain(EXIT.failed, "stopped at the prompt, nothing is written");
    if (reading.kind === "unusable") return complain(EXIT.unusable, ...reading.problems);
    return await write(secrets, request, reading.seed);
  } finally {
    client.destroy();
  }
}

async function askForSeed(): Promise<SeedReading | undefined> {
  const asked = await ask(QUESTIONS, process.stdin, process.stderr);
  if (asked.kind === "cancelled") return undefined;
  const [client_id, client_secret, refresh_token] = asked.answers.map((answer) => answer.reveal());
  return readSeed(new Sensitive(JSON.stringify({ client_id, client_secret, refresh_token })), clock.now());
}

async function write(secrets: Secrets, request: SeedRequest, typed: Seed): Promise<Exit> {
  const seeding = await seedConnection(secrets, typed, request.overwrite, (written) =>
    tell(reportCredentials(request.clientSecretId, written)),
  );
  if (seeding.kind === "refused") return complain(EXIT.failed, reportRefusal(request, seeding.obstacles));
  tell(reportPair(request, seeding.pair, typed.pair, clock.now()));
  return EXIT.done;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(exit: Exit, ...sentences: readonly string[]): Exit {
  process.stderr.write(sentences.map((sentence) => `xt-token: ${sentence}\n`).join(""));
  return exit;
}
