import { readClientCredentials } from "../lambda/rotation/client-credentials.ts";
import { describeType, isRecord, parseJson } from "../lambda/rotation/json.ts";
import { label, readPair, writePair } from "../lambda/rotation/pair-document.ts";
import type { ClientCredentials } from "../lambda/rotation/ports.ts";
import { Sensitive } from "../lambda/rotation/sensitive.ts";
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

export type CredentialsAloneReading =
  | { readonly kind: "credentials"; readonly credentials: ClientCredentials }
  | Unusable;

type Fields = Readonly<Record<string, unknown>>;

const EXAMPLE = '{"client_id": "…", "client_secret": "…", "refresh_token": "…"}';
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
  const problems: string[] = [];
  const answer = readAnswer(document, problems);
  const client_id = word("client_id", document["client_id"], problems);
  const client_secret = word("client_secret", document["client_secret"], problems);
  const refresh_token = word("refresh_token", answer["refresh_token"] ?? document["refresh_token"], problems);
  const access_token = answer["access_token"] ? word("access_token", answer["access_token"], problems) : undefined;
  const grantedTo = label(answer["client_id"])?.trim();
  // A refresh token is bound to the client that it was issued to (RFC 6749 §6).
  if (client_id && grantedTo && grantedTo !== client_id) {
    problems.push("result.client_id must be client_id, the pair was issued to another client");
  }
  const pair = { ...answer, schema: 1, client_id, refresh_token, access_token };
  const reading = readPair({ versionId: "", text: new Sensitive(JSON.stringify(pair)), createdAtMs: nowMs });
  const credentials = readClientCredentials({
    versionId: "",
    text: new Sensitive(JSON.stringify({ client_id, client_secret })),
    createdAtMs: nowMs,
  });
  if (problems.length > 0) return unusable(problems);
  if (credentials.kind !== "credentials") return unusable([`the input ${credentials.problem}`]);
  if (reading.kind !== "pair") return unusable([reading.problem]);
  const seeded = { ...reading.pair, origin: undefined };
  const sizeBytes = Buffer.byteLength(writePair(seeded).reveal());
  if (sizeBytes > LARGEST_VALUE_BYTES) {
    return unusable([`the pair must fit in ${LARGEST_VALUE_BYTES} bytes, got ${sizeBytes}`]);
  }
  return { kind: "seed", seed: { credentials: credentials.credentials, pair: seeded } };
}

/** The one document, or what is wrong with it. */
function readDocument(text: Sensitive, example: string): Fields | string {
  const document = parseJson(text.reveal().replace(/^\uFEFF/, ""));
  if (document === undefined) return `the input must be one JSON document such as ${example}`;
  return isRecord(document) ? document : `the input must be a JSON object, got ${describeType(document)}`;
}

/** Reads a document that holds the client credentials and nothing of a pair. Finds every problem at once and repeats no value. */
export function readCredentialsAlone(text: Sensitive): CredentialsAloneReading {
  const document = readDocument(text, CREDENTIALS_EXAMPLE);
  if (typeof document === "string") return unusable([document]);
  const problems: string[] = [];
  const clientId = word("client_id", document["client_id"], problems);
  const clientSecret = word("client_secret", document["client_secret"], problems);
  for (const name of ["refresh_token", "access_token", "result"].filter((each) => document[each] !== undefined)) {
    problems.push(`${name} must be left out, the pair is to stay as it is`);
  }
  if (problems.length > 0 || clientId === undefined || clientSecret === undefined) return unusable(problems);
  const credentials = { clientId: new Sensitive(clientId), clientSecret: new Sensitive(clientSecret) };
  return { kind: "credentials", credentials };
}

function unusable(problems: readonly string[]): Unusable {
  return { kind: "unusable", problems };
}

/** The fields that XT answered with: those of `result` where there is one, else what stands beside the credentials. */
function readAnswer(document: Fields, problems: string[]): Fields {
  const { rc, result } = document;
  if (rc !== undefined && Number(rc) !== 0) {
    problems.push("rc must be 0, XT refused and this answer holds no pair");
  }
  if (result === undefined) return document;
  if (!isRecord(result)) {
    problems.push(`result must be an object, got ${describeType(result)}`);
    return {};
  }
  const beside = label(document["refresh_token"])?.trim();
  if (beside !== undefined && beside !== label(result["refresh_token"])?.trim()) {
    problems.push("refresh_token must be given once, beside the credentials or in result");
  }
  return result;
}

/** A credential or a token: one word of printable ASCII (RFC 6749 appendix A). Space around it is the clipboard's. */
function word(name: string, value: unknown, problems: string[]): string | undefined {
  if (typeof value !== "string" || value.trim() === "") {
    const found = typeof value === "string" ? "an empty string" : describeType(value);
    problems.push(`${name} must be a string, got ${found}`);
    return undefined;
  }
  const trimmed = value.trim();
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    problems.push(`${name} must be one word of printable ASCII, check what was pasted`);
  }
  return trimmed;
}
