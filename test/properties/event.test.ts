import fc from "fast-check";
import { expect, it } from "vitest";
import { readEvent } from "../../lambda/event.ts";
import { InvalidEvent } from "../../lambda/rotation/errors.ts";
import { parseJson } from "../../lambda/rotation/json.ts";
import { jsonText, planted } from "./arbitraries.ts";

/** What reading comes to; anything but a reading and an `InvalidEvent` is thrown on. */
function read(event: unknown): { readonly problem: string } | { readonly kind: string } {
  try {
    return { kind: readEvent(event).kind };
  } catch (error) {
    if (error instanceof InvalidEvent) return { problem: error.message };
    throw error;
  }
}

it("reads any event or refuses it by name", () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), jsonText().object.map(parseJson)), (event) => {
      const reading = read(event);

      if ("kind" in reading) expect(["tick", "authorize", "inspect", "promote"]).toContain(reading.kind);
      else expect(reading.problem).toMatch(/^the event is invalid: /);
    }),
    { numRuns: 500 },
  );
});

it("reads exactly the events of the contract, with or without the connection's name", () => {
  const text = fc.string({ minLength: 1 });
  const consent = fc.record({ code: text, replaceAccount: fc.boolean() }, { requiredKeys: ["code"] });
  const wish = fc.oneof(
    fc.record({ force: fc.boolean() }).map((fields) => ({ kind: "tick", fields })),
    consent.map((authorize) => ({ kind: "authorize", fields: { authorize } })),
    fc.constant({ kind: "inspect", fields: { inspect: true } }),
    fc.stringMatching(/^[\w-]{1,64}$/).map((versionId) => ({ kind: "promote", fields: { promote: { versionId } } })),
  );
  const name = fc.constantFrom<object>({}, { connection: "default" });
  fc.assert(
    fc.property(wish, name, ({ kind, fields }, named) => {
      expect(read({ ...fields, ...named })).toEqual({ kind });
    }),
  );
});

it("repeats no value of a refused event, nor a field's name that is no word", () => {
  const word = fc.constantFrom("connection", "force", "inspect", "authorize", "promote", "code", "versionId", "froce");
  const sentence = planted.map((secret) => `the token ${secret}`);
  const value = fc.oneof(planted, fc.array(planted), fc.constantFrom(0, true, null));
  const inner = fc.dictionary(fc.oneof(word, sentence), value);
  const event = fc.dictionary(fc.oneof(word, sentence), fc.oneof(value, inner), { minKeys: 1 });
  fc.assert(
    fc.property(event, (given) => {
      const reading = read(given);

      expect("problem" in reading ? reading.problem : "").not.toContain("planted-");
    }),
    { numRuns: 500 },
  );
});
