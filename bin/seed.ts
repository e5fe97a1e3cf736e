import { randomUUID } from "node:crypto";
import { LABEL } from "../lambda/contract.ts";
import type { Inspection } from "../lambda/inspection.ts";
import { writePair } from "../lambda/rotation/pair-document.ts";
import { Sensitive } from "../lambda/rotation/sensitive.ts";
import { actAndTell, tellWhatIsLeft } from "./act.ts";
import { callAws, type Target } from "./aws.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { inspect } from "./invoke.ts";
import { readCredentialsAlone, readSeed, type Seed } from "./seed-document.ts";
import { type Call, describeInstant } from "./show.ts";
import type { Terminal } from "./terminal.ts";

const CREDENTIALS = [
  { text: "client id", isSecret: false },
  { text: "client secret (not shown)", isSecret: true },
];
const REFRESH_TOKEN = { text: "refresh token (not shown)", isSecret: true };

/** What is to be written. */
type Input = Pick<Seed, "credentials"> & Partial<Pick<Seed, "pair">>;

/**
 * Writes the client credentials, then the pair. The pair comes last, so that whatever fails on the way leaves nothing half live.
 *
 * ```
 *   a │ credentials  PutSecretValue            dies here: new credentials and the old pair
 *   b │ pair         PutSecretValue XT_SEED    dies here: the old pair lives, `recover` shows the new one
 *   c │ in use       the function promotes it, from the version that it sees then
 * ```
 *
 * The first version of a secret becomes AWSCURRENT by its write, and no other does: a pair that an inspection did not see yet stays in use.
 */
export async function run(call: Call): Promise<Exit> {
  const { target, options, terminal } = call;
  const isPairToo = options.own["credentials-only"] === undefined;
  // What is wrong with a document is told before anything is asked of AWS.
  const piped = terminal.isInteractive ? undefined : readInput(await terminal.readInput(), isPairToo);
  const seen = await terminal.waiting("asking the function", inspect(target));
  if (seen.kind === "blind") {
    const found = `${seen.why}. Only the function can tell what would be overwritten, so nothing is written`;
    throw new CommandFailure(`${found}. Type ${target.commandLine("doctor")}`);
  }
  const { inspection } = seen;
  const { clientSecretId, tokenSecretId } = inspection.settings;
  const input = piped ?? (await askFor(terminal, isPairToo));
  await overrule(call, obstacles(inspection, input, Date.now()));
  const { clientId, clientSecret } = input.credentials;
  const credentials = JSON.stringify({ client_id: clientId.reveal(), client_secret: clientSecret.reveal() });
  await putSecretValue(target, clientSecretId, randomUUID(), new Sensitive(credentials));
  terminal.note(`client credentials: written to ${clientSecretId}`);
  if (input.pair === undefined) return tellWhatIsLeft(call);
  const versionId = randomUUID();
  await putSecretValue(target, tokenSecretId, versionId, writePair(input.pair), [LABEL.seed]);
  terminal.note(`token pair: written to ${tokenSecretId} as version ${versionId}`);
  if (inspection.labels[LABEL.current] === undefined) return tellWhatIsLeft(call);
  return actAndTell(call, { promote: { versionId } }, "putting the pair in use", []);
}

function readInput(typed: Sensitive, isPairToo: boolean): Input {
  const reading = isPairToo ? readSeed(typed, Date.now()) : readCredentialsAlone(typed);
  switch (reading.kind) {
    case "seed":
      return reading.seed;
    case "credentials":
      return { credentials: reading.credentials };
    case "unusable":
      throw new CommandFailure(reading.problems.join("; "), EXIT.unusable);
  }
}

/** All in one go: the rest of a paste must never meet a terminal that echoes between two questions. */
async function askFor(terminal: Terminal, isPairToo: boolean): Promise<Input> {
  const answers = await terminal.ask(isPairToo ? [...CREDENTIALS, REFRESH_TOKEN] : CREDENTIALS);
  const [client_id, client_secret, refresh_token] = answers.map((answer) => answer.reveal());
  return readInput(new Sensitive(JSON.stringify({ client_id, client_secret, refresh_token })), isPairToo);
}

/** What speaks against writing, each in one sentence. Pure. */
export function obstacles(
  { settings, current, labels, attempt }: Inspection,
  input: Input,
  nowMs: number,
): readonly string[] {
  const found: string[] = [];
  const when = (at: string | null) => describeInstant(at, nowMs);
  if (settings.clientId !== null && settings.clientId !== input.credentials.clientId.reveal()) {
    found.push(`${settings.clientSecretId} holds the credentials of another client, ${settings.clientId}`);
  }
  if (input.pair === undefined) return found;
  if (current === null) {
    if (labels[LABEL.current] !== undefined)
      found.push(`${settings.tokenSecretId} holds a value that is not a token pair`);
  } else if (current.refreshExpiresAt === null || Date.parse(current.refreshExpiresAt) > nowMs) {
    found.push(
      `${settings.tokenSecretId} holds a pair in use, and its refresh token is valid until ${when(current.refreshExpiresAt)}`,
    );
  }
  if (attempt?.state === "open") found.push(`a run is still going or has died, it began ${when(attempt.startedAt)}`);
  return found;
}

async function overrule({ target, options, terminal }: Call, found: readonly string[]): Promise<void> {
  if (found.length === 0 || options.own["overwrite"] !== undefined) return;
  for (const obstacle of found) terminal.complain(obstacle);
  if (terminal.isInteractive && (await terminal.confirm("overwrite?"))) return;
  const words = options.own["credentials-only"] ? "seed --credentials-only" : "seed";
  const sure = target.commandLine(`${words} --overwrite`);
  throw new CommandFailure(`nothing is written, to overwrite type ${sure}`);
}

/** Writes one version. The SDK sends it again under the same id, which is the same write. */
async function putSecretValue(target: Target, SecretId: string, id: string, text: Sensitive, VersionStages?: string[]) {
  const { PutSecretValueCommand, SecretsManagerClient } = await import("@aws-sdk/client-secrets-manager");
  const client = new SecretsManagerClient({ region: target.region });
  const input = { SecretId, ClientRequestToken: id, SecretString: text.reveal(), VersionStages };
  const send = () => client.send(new PutSecretValueCommand(input));
  await callAws("secretsmanager:PutSecretValue", SecretId, target.region, send);
}
