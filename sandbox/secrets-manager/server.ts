import { awsJsonService } from "../aws-json/aws-json-service.ts";
import { type Endpoint, type EndpointOptions, startEndpoint } from "../aws-json/endpoint.ts";
import type { RefusalCode } from "../aws-json/refusal.ts";
import { type Acts, createActs } from "./acts.ts";
import { OPERATIONS, type QuotaWorld } from "./operations.ts";
import { RequestQuotas } from "./request-quotas.ts";
import { Secrets } from "./secrets.ts";
import { type StaleMoment, StaleReads } from "./stale-reads.ts";

export interface SecretsManagerOptions extends EndpointOptions {
  /** Refuses requests that exceed AWS's quotas per second. @default no quotas */
  readonly quotas?: true;
}

export interface SecretsManagerStandIn extends Acts, Endpoint {
  /** Lets reads of one secret be answered from an earlier moment. Writes always act on the true state. */
  answerReadsAsOf(secretName: string, moment: StaleMoment): void;
  /** Lets every read of the secret be true again. */
  answerReadsTruly(secretName: string): void;
  /** Lets ListSecrets answer as of this moment, in milliseconds since the epoch; `undefined` ends that. */
  answerListsAsOf(atMs: number | undefined): void;
}

/** Exceptions of the protocol itself, which spell their text `message`; Secrets Manager's own spell it `Message`. */
const PROTOCOL_REFUSALS: ReadonlySet<RefusalCode> = new Set([
  "SerializationException",
  "ThrottlingException",
  "UnknownOperationException",
  "ValidationException",
]);

const SERVICE = awsJsonService<QuotaWorld>({
  targetPrefix: "secretsmanager.",
  operations: OPERATIONS,
  messageField: (code) => (PROTOCOL_REFUSALS.has(code) ? "message" : "Message"),
});

/**
 * Starts a strict stand-in for Secrets Manager on 127.0.0.1, over plain HTTP. It refuses what AWS refuses, since a
 * rotator that passes only where a rule is missing would lose a token on AWS.
 */
export async function startSecretsManager(options: SecretsManagerOptions = {}): Promise<SecretsManagerStandIn> {
  const { now = Date.now } = options;
  const secrets = new Secrets();
  const staleReads = new StaleReads();
  const quotas = options.quotas === true ? new RequestQuotas() : undefined;
  const world = (): QuotaWorld => ({ secrets, staleReads, quotas, nowMs: now() });
  // Assigned and not spread: a spread would freeze the endpoint's count of connections.
  return Object.assign(await startEndpoint(SERVICE, world, options), createActs(world), {
    answerReadsAsOf: (name: string, moment: StaleMoment) => staleReads.answerAsOf(secrets.find(name), moment),
    answerReadsTruly: (name: string) => staleReads.end(secrets.find(name)),
    answerListsAsOf: (atMs: number | undefined) => staleReads.answerListsAsOf(atMs),
  });
}
