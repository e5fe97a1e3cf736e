import { parseJson } from "../rotation/json.ts";
import type { Sensitive } from "../rotation/sensitive.ts";

/** The last net under the logger: replaces every secret that passed through this process, wherever it turns up. */
export interface Redactor {
  /** Remembers the secrets in one document: a pair, client credentials. */
  watch(text: Sensitive): void;
  redact(text: string): string;
}

const SECRET_FIELD = /"(?:access_token|refresh_token|client_secret)"\s*:\s*("(?:[^"\\]|\\.)*")/g;

/** Shorter strings would redact ordinary words; no token or client secret of XT's is that short. */
const SHORTEST = 6;

export function createRedactor(): Redactor {
  const known = new Set<string>();
  return {
    watch(text) {
      for (const [, literal = '""'] of text.reveal().matchAll(SECRET_FIELD)) {
        const parsed = parseJson(literal);
        const secret = typeof parsed === "string" ? parsed : literal.slice(1, -1);
        if (secret.length >= SHORTEST) for (const form of formsOf(secret)) known.add(form);
      }
    },
    redact(text) {
      // The longest first: where one secret begins another, replacing it alone would leave the other's end.
      const longestFirst = [...known].sort((one, other) => other.length - one.length);
      return longestFirst.reduce((redacted, secret) => redacted.replaceAll(secret, "[redacted]"), text);
    },
  };
}

/** The secret as it is and as queries spell it. Bytes first: half of a surrogate pair, which no URL can hold, must not throw. */
function formsOf(secret: string): readonly string[] {
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  return [secret, form, encodeURIComponent(Buffer.from(secret).toString())];
}
