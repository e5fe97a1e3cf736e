import { parseJson } from "../rotation/json.ts";
import { label } from "../rotation/pair-document.ts";
import { strip } from "../rotation/pasted.ts";
import type { Sensitive } from "../rotation/sensitive.ts";

/** Replaces every secret that this run has read or written, in every line of the log. It is the logger's last step. */
export interface Redactor {
  /** Remembers the secrets in one document: a pair, client credentials. */
  watch(text: Sensitive): void;
  redact(text: string): string;
  /** Forgets every secret. Called before each run: a process serves many connections, and would search each line for all their secrets. */
  forget(): void;
}

const SECRET_FIELD = /"(?:access_token|refresh_token|client_secret)"\s*:\s*("(?:[^"\\]|\\.)*"|\d+)/g;

/** Shorter strings would redact ordinary words; no token or client secret of XT's is that short. */
const SHORTEST = 6;

export function createRedactor(): Redactor {
  const known = new Set<string>();
  return {
    watch(text) {
      const stored = text.reveal();
      // JSON within JSON text has its quotes escaped, once or many times over.
      for (const [, literal = '""'] of `${stored}\n${stored.replace(/\\+"/g, '"')}`.matchAll(SECRET_FIELD)) {
        const secret = label(parseJson(literal)) ?? literal.slice(1, -1);
        // What is presented to XT is the stripped one.
        const words = [secret, strip(secret)].filter(({ length }) => length >= SHORTEST);
        for (const form of words.flatMap(formsOf)) known.add(form);
      }
    },
    forget: () => known.clear(),
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
