import { type CredentialFields, readCredentialFields } from "../lambda/rotation/client-credentials.ts";
import { describeType, isRecord, type JsonObject } from "../lambda/rotation/json.ts";
import { readPair, writePair } from "../lambda/rotation/pair-document.ts";
import { parsePasted } from "../lambda/rotation/pasted.ts";
import type { ClientCredentials } from "../lambda/rotation/ports.ts";
import type { Sensitive } from "../lambda/rotation/sensitive.ts";
import type { TokenPair } from "../lambda/rotation/token-pair.ts";

/** What a person seeds. The pair has no origin, since no rotation issued it. */
export interface Seed {
  readonly credentials: ClientCredentials;
  readonly pair: TokenPair;
}

interface Unusable {
  readonly kind: "unusable";
  readonly problems: readonly string[];
}

export type SeedReading = { readonly kind: "seed"; readonly seed: Seed } | Unusable;

export type PairAloneReading = { readonly kind: "pair"; readonly pair: TokenPair } | Unusable;

const EXAMPLE = '{"client_id": "…", "client_secret": "…", "refresh_token": "…"}';
const PAIR_EXAMPLE = '{"refresh_token": "…"}';
const CREDENTIALS_EXAMPLE = '{"client_id": "…", "client_secret": "…"}';
/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const LARGEST_VALUE_BYTES = 65_536;

/**
 * Reads the one document that holds everything to be seeded: credentials with a refresh token, with the fields of XT's `result` or
 * with its whole envelope beside them. Finds every problem at once and repeats no value.
 *
 * @param nowMs where `expires_in` is counted from, milliseconds since the epoch
 */
export function readSeed(text: Sensitive, nowMs: number): SeedReading {
  const document = readDocument(text, EXAMPLE);
  if (typeof document === "string") return unusable([document]);
  const fields = readCredentialFields(document);
  const reading = readPair({ versionId: "", text, createdAtMs: nowMs });
  if (fields.kind === "unusable" || reading.kind === "malformed") {
    const ofPair = reading.kind === "malformed" ? [reading.problem] : [];
    return unusable([...(fields.kind === "unusable" ? fields.problems : []), ...ofPair]);
  }
  const { credentials } = fields;
  const clientId = credentials.clientId.reveal();
  // A refresh token is bound to the client that it was issued to (RFC 6749 §6).
  if ((reading.pair.clientId ?? clientId) !== clientId) {
    return unusable(["result.client_id must be client_id, the pair was issued to another client"]);
  }
  const pair = { ...reading.pair, clientId, origin: undefined };
  const problems = faultsOfSize(pair);
  return problems.length > 0 ? unusable(problems) : { kind: "seed", seed: { credentials, pair } };
}

/**
 * Reads the document for a further connection. It holds a pair and no client secret: all connections share the client credentials, and a
 * migration that wrote them once per connection would exceed the versions that Secrets Manager keeps. Repeats no value.
 *
 * @param nowMs where `expires_in` is counted from, milliseconds since the epoch
 */
export function readPairAlone(text: Sensitive, nowMs: number): PairAloneReading {
  const document = readDocument(text, PAIR_EXAMPLE);
  if (typeof document === "string") return unusable([document]);
  const reading = readPair({ versionId: "", text, createdAtMs: nowMs });
  const problems = reading.kind === "malformed" ? [reading.problem] : faultsOfSize(reading.pair);
  if (document["client_secret"] !== undefined) {
    problems.push("client_secret must be left out, all connections have the same client credentials");
  }
  if (reading.kind === "malformed" || problems.length > 0) return unusable(problems);
  return { kind: "pair", pair: { ...reading.pair, origin: undefined } };
}

function faultsOfSize(pair: TokenPair): string[] {
  const sizeBytes = Buffer.byteLength(writePair(pair).reveal());
  if (sizeBytes <= LARGEST_VALUE_BYTES) return [];
  return [`the pair must fit in ${LARGEST_VALUE_BYTES} bytes, got ${sizeBytes}`];
}

/** Reads a document that holds the client credentials and nothing of a pair. Finds every problem at once and repeats no value. */
export function readCredentialsAlone(text: Sensitive): CredentialFields {
  const document = readDocument(text, CREDENTIALS_EXAMPLE);
  if (typeof document === "string") return unusable([document]);
  const fields = readCredentialFields(document);
  const ofPair = ["refresh_token", "access_token", "result"]
    .filter((name) => document[name] !== undefined)
    .map((name) => `${name} must be left out, the pair is to stay as it is`);
  if (ofPair.length === 0) return fields;
  return unusable([...(fields.kind === "unusable" ? fields.problems : []), ...ofPair]);
}

/** The one document, or what is wrong with it. */
function readDocument(text: Sensitive, example: string): JsonObject | string {
  const document = parsePasted(text.reveal());
  if (document === undefined) return `the input must be one JSON document such as ${example}`;
  return isRecord(document) ? document : `the input must be a JSON object, got ${describeType(document)}`;
}

function unusable(problems: readonly string[]): Unusable {
  return { kind: "unusable", problems };
}
