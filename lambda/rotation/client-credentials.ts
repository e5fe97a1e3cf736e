import { describeType, isRecord, parseJson } from "./json.ts";
import type { ClientCredentials, StoredValue } from "./ports.ts";
import { Sensitive } from "./sensitive.ts";

/** The client secret's value, read. */
export type CredentialsReading =
  | { readonly kind: "credentials"; readonly credentials: ClientCredentials }
  | { readonly kind: "unusable"; readonly problem: string };

/** Reads `{"client_id": "…", "client_secret": "…"}`; other fields are left alone. */
export function readClientCredentials(stored: StoredValue | undefined): CredentialsReading {
  if (stored === undefined) return { kind: "unusable", problem: "has no value" };
  const document = stored.text === undefined ? undefined : parseJson(stored.text.reveal().trim());
  if (!isRecord(document))
    return { kind: "unusable", problem: "must hold a JSON object with client_id and client_secret" };
  const { client_id: clientId, client_secret: clientSecret } = document;
  if (typeof clientId !== "string" || clientId === "") {
    return { kind: "unusable", problem: `must hold client_id as a string, got ${describeType(clientId)}` };
  }
  if (typeof clientSecret !== "string" || clientSecret === "") {
    return { kind: "unusable", problem: `must hold client_secret as a string, got ${describeType(clientSecret)}` };
  }
  return {
    kind: "credentials",
    credentials: { clientId: new Sensitive(clientId), clientSecret: new Sensitive(clientSecret) },
  };
}
