import { randomUUID } from "node:crypto";
import { DEFAULT_CONNECTION, ENVIRONMENT, LABEL } from "../lambda/contract.ts";
import type { Inspection } from "../lambda/inspection.ts";
import { writePair } from "../lambda/rotation/pair-document.ts";
import type { ClientCredentials } from "../lambda/rotation/ports.ts";
import { Sensitive } from "../lambda/rotation/sensitive.ts";
import type { TokenPair } from "../lambda/rotation/token-pair.ts";
import { actAndTell, tellWhatIsLeft } from "./act.ts";
import { callAws, furtherSecretsOf, type Target } from "./aws.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { inspect } from "./invoke.ts";
import { readCredentialsAlone, readPairAlone, readSeed } from "./seed-document.ts";
import { type Call, describeInstant, tellNext } from "./show.ts";
import type { Terminal } from "./terminal.ts";

const CREDENTIALS = [
  { text: "client id", isSecret: false },
  { text: "client secret (not shown)", isSecret: true },
];
const REFRESH_TOKEN = { text: "refresh token (not shown)", isSecret: true };

/** What is to be written. */
interface Input {
  readonly credentials?: ClientCredentials;
  readonly pair?: TokenPair;
}

/** What this command writes. All connections share the client credentials, so only `default` takes them together with a pair. */
type Scope = "both" | "credentials" | "pair";

/**
 * Writes the client credentials, then the pair. The pair comes last, so that a failure on the way leaves the old pair in use.
 *
 * ```
 *   a │ credentials  PutSecretValue            dies here: new credentials and the old pair
 *   b │ pair         PutSecretValue XT_SEED    dies here: the old pair lives, `recover` shows the new one
 *   c │ in use       the function promotes it, from the version that it sees then
 * ```
 *
 * Only the first version of a secret becomes AWSCURRENT by its write. So a pair that the inspection did not see yet stays in use.
 * For a connection that does not exist yet, this command makes both secrets. The census makes the schedule.
 */
export async function run(call: Call): Promise<Exit> {
  const { target, options, terminal } = call;
  const ofConnection = target.connection === DEFAULT_CONNECTION ? "both" : "pair";
  const scope = options.own["credentials-only"] === undefined ? ofConnection : "credentials";
  // A document is checked before the first call to AWS, so that its faults are reported at once.
  const piped = terminal.isInteractive ? undefined : readInput(await terminal.readInput(), scope);
  const seen = await terminal.waiting("asking the function", inspect(target));
  if (seen.kind === "blind") {
    const found = `${seen.why}. Only the function can tell what would be overwritten, so nothing is written`;
    throw new CommandFailure(`${found}. Type ${target.commandLine("doctor")}`);
  }
  const { inspection } = seen;
  const { clientSecretId, tokenSecretId } = inspection.settings;
  const input = piped ?? (await askFor(terminal, scope));
  const { credentials } = input;
  const pair = input.pair && (credentials ? input.pair : ofClientInUse(call, input.pair, inspection.settings));
  await overrule(call, obstacles(inspection, input, Date.now()));
  if (credentials !== undefined) {
    const { clientId, clientSecret } = credentials;
    const text = JSON.stringify({ client_id: clientId.reveal(), client_secret: clientSecret.reveal() });
    await putSecretValue(target, clientSecretId, randomUUID(), new Sensitive(text));
    terminal.note(`client credentials: written to ${clientSecretId}`);
  }
  if (pair === undefined) return tellWhatIsLeft(call);
  if (inspection.verdict.code === "not-connected") return connect(call, pair);
  const versionId = randomUUID();
  await putSecretValue(target, tokenSecretId, versionId, writePair(pair), [LABEL.seed]);
  terminal.note(`token pair: written to ${tokenSecretId} as version ${versionId}`);
  if (inspection.labels[LABEL.current] === undefined) return tellWhatIsLeft(call);
  return actAndTell(call, { promote: { versionId } }, "putting the pair in use", []);
}

/** Makes the secrets of a connection that does not exist yet. The pair comes last, because the census acts on connections with a pair. */
async function connect({ target, options, terminal }: Call, pair: TokenPair): Promise<Exit> {
  const { connection } = target;
  const names = furtherSecretsOf(target);
  if (names === undefined) {
    throw new CommandFailure(`the function has no settings for further connections, deploy the stack again`);
  }
  await createSecret(target, names.accessToken);
  await createSecret(target, names.pair, writePair(pair));
  terminal.note(`token pair: written to the new secret ${names.pair}`);
  if (options.json) terminal.json({ schema: 1, acted: null, verdict: null });
  else {
    const rest = "Within the hour the census makes its schedule, then ticks renew the pair";
    terminal.tell(`${terminal.good("✓")} ${connection} is a connection now. ${rest}`);
    tellNext(terminal, target.commandLine("status"));
  }
  return EXIT.done;
}

/** Makes a secret; an empty one without a value. An empty one may exist already, if the same command failed before. */
async function createSecret({ environment, region }: Target, Name: string, value?: Sensitive): Promise<void> {
  const { CreateSecretCommand, ResourceExistsException, SecretsManagerClient } = await import(
    "@aws-sdk/client-secrets-manager"
  );
  const client = new SecretsManagerClient({ region });
  const command = new CreateSecretCommand({
    Name,
    ClientRequestToken: randomUUID(),
    SecretString: value?.reveal(),
    KmsKeyId: environment[ENVIRONMENT.escrowKeyId],
    Tags: [{ Key: "application", Value: "xt-token-rotation" }],
  });
  await callAws("secretsmanager:CreateSecret", Name, region, async () => {
    try {
      await client.send(command);
    } catch (error) {
      if (value !== undefined || !(error instanceof ResourceExistsException)) throw error;
    }
  });
}

function readInput(typed: Sensitive, scope: Scope): Input {
  const nowMs = Date.now();
  const read = { both: readSeed, credentials: readCredentialsAlone, pair: readPairAlone }[scope];
  const reading = read(typed, nowMs);
  switch (reading.kind) {
    case "seed":
      return reading.seed;
    case "credentials":
      return { credentials: reading.credentials };
    case "pair":
      return { pair: reading.pair };
    case "unusable":
      throw new CommandFailure(reading.problems.join("; "), EXIT.unusable);
  }
}

/** All in one go: the rest of a paste must never meet a terminal that echoes between two questions. */
async function askFor(terminal: Terminal, scope: Scope): Promise<Input> {
  const questions = { both: [...CREDENTIALS, REFRESH_TOKEN], credentials: CREDENTIALS, pair: [REFRESH_TOKEN] }[scope];
  const answers = await terminal.ask(questions);
  const fields = scope === "pair" ? ["refresh_token"] : ["client_id", "client_secret", "refresh_token"];
  const document = Object.fromEntries(answers.map((answer, index) => [fields[index], answer.reveal()]));
  return readInput(new Sensitive(JSON.stringify(document)), scope);
}

/**
 * Adds the client id to a pair. A refresh token works only for the client that it was issued to.
 *
 * @throws CommandFailure if the pair names another client than the client secret, or the client secret holds no credentials
 * @see RFC 6749 §6
 */
function ofClientInUse({ target }: Call, pair: TokenPair, { clientId }: Inspection["settings"]): TokenPair {
  if (clientId === null) {
    const seed = target.commandLine("seed --credentials-only");
    throw new CommandFailure(`the client secret holds no usable credentials, write them first: ${seed}`);
  }
  if ((pair.clientId ?? clientId) === clientId) return { ...pair, clientId };
  throw new CommandFailure(
    `the pair was issued to another client, the client secret holds the credentials of ${clientId}`,
    EXIT.unusable,
  );
}

/** What speaks against writing, each in one sentence. Pure. */
export function obstacles(
  { settings, current, labels, attempt }: Inspection,
  input: Input,
  nowMs: number,
): readonly string[] {
  const found: string[] = [];
  const when = (at: string | null) => describeInstant(at, nowMs);
  const { credentials } = input;
  if (credentials && settings.clientId !== null && settings.clientId !== credentials.clientId.reveal()) {
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
