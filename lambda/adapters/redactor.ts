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
        const secret: unknown = JSON.parse(literal);
        if (typeof secret !== "string" || secret.length < SHORTEST) continue;
        known
          .add(secret)
          .add(encodeURIComponent(secret))
          .add(new URLSearchParams([["", secret]]).toString().slice(1));
      }
    },
    redact(text) {
      let redacted = text;
      for (const secret of known) redacted = redacted.replaceAll(secret, "[redacted]");
      return redacted;
    },
  };
}
