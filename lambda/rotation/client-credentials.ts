import { isRecord, type JsonObject } from "./json.ts";
import { label } from "./pair-document.ts";
import { parsePasted, readWord } from "./pasted.ts";
import type { ClientCredentials, StoredValue } from "./ports.ts";

/** The client secret's value, read. */
export type CredentialsReading =
  | { readonly kind: "credentials"; readonly credentials: ClientCredentials }
  | { readonly kind: "unusable"; readonly problem: string };

/** The two fields of a document, read; with every problem at once. */
export type CredentialFields =
  | { readonly kind: "credentials"; readonly credentials: ClientCredentials }
  | { readonly kind: "unusable"; readonly problems: readonly string[] };

/** Reads `{"client_id": "…", "client_secret": "…"}`; other fields are left alone. */
export function readClientCredentials(stored: StoredValue | undefined): CredentialsReading {
  if (stored === undefined) return { kind: "unusable", problem: "has no value" };
  const document = stored.text === undefined ? undefined : parsePasted(stored.text.reveal());
  if (!isRecord(document))
    return { kind: "unusable", problem: "must hold a JSON object with client_id and client_secret" };
  const fields = readCredentialFields(document);
  return fields.kind === "credentials"
    ? fields
    : { kind: "unusable", problem: `must hold client credentials, ${fields.problems.join("; ")}` };
}

/** An id that is all digits may be written as a number. */
export function readCredentialFields(document: JsonObject): CredentialFields {
  const { client_id, client_secret } = document;
  const id = readWord("client_id", label(client_id) ?? client_id, document);
  const secret = readWord("client_secret", client_secret, document);
  return id.kind === "word" && secret.kind === "word"
    ? { kind: "credentials", credentials: { clientId: id.word, clientSecret: secret.word } }
    : { kind: "unusable", problems: [id, secret].flatMap((field) => (field.kind === "word" ? [] : [field.problem])) };
}
