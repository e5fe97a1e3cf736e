import fc from "fast-check";
import { expect, it } from "vitest";
import { readClientCredentials } from "../../lambda/rotation/client-credentials.ts";
import { stored } from "../rotation/given.ts";
import { anyText, jsonText, planted, tokenText } from "./arbitraries.ts";

it("reads client credentials of any printable characters as they were stored", () => {
  fc.assert(
    fc.property(tokenText, tokenText, (clientId, clientSecret) => {
      const value = JSON.stringify({ client_id: clientId, client_secret: clientSecret });

      const reading = readClientCredentials(stored(value));

      const credentials = reading.kind === "credentials" ? reading.credentials : undefined;
      expect(credentials?.clientId.reveal()).toBe(clientId);
      expect(credentials?.clientSecret.reveal()).toBe(clientSecret);
    }),
  );
});

it("reads any value as credentials or as unusable, without a throw", () => {
  fc.assert(
    fc.property(fc.option(anyText, { nil: undefined }), (text) => {
      const { kind } = readClientCredentials(stored(text));

      expect(["credentials", "unusable"]).toContain(kind);
    }),
    { numRuns: 500 },
  );
});

it("repeats nothing that an unusable value holds", () => {
  const document = fc.oneof(planted, jsonText(planted).value, jsonText(planted).object);
  fc.assert(
    fc.property(document, (text) => {
      const reading = readClientCredentials(stored(text));

      expect(reading.kind === "unusable" ? reading.problem : "").not.toContain("planted-");
    }),
    { numRuns: 500 },
  );
});
