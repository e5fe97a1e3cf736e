import fc from "fast-check";
import { expect, it } from "vitest";
import { readEvent } from "../../lambda/event.ts";
import { InvalidEvent } from "../../lambda/rotation/errors.ts";
import { parseJson } from "../../lambda/rotation/json.ts";
import { jsonText, planted } from "./arbitraries.ts";

/** What reading comes to; anything but a reading and an `InvalidEvent` is thrown on. */
function read(event: unknown): { readonly problem: string } | { readonly fields: readonly string[] } {
  try {
    return { fields: Object.keys(readEvent(event)) };
  } catch (error) {
    if (error instanceof InvalidEvent) return { problem: error.message };
    throw error;
  }
}

const SCALARS = fc.oneof(planted, fc.constantFrom("", "token-2"));

it("reads any event or refuses it by name, and reads no field that it does not know", () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), jsonText().object.map(parseJson)), (event) => {
      const reading = read(event);

      if ("fields" in reading) expect(["secretId", "force"]).toEqual(expect.arrayContaining([...reading.fields]));
      else expect(reading.problem).toMatch(/^the event is invalid: /);
    }),
    { numRuns: 500 },
  );
});

it("reads exactly the events of the contract", () => {
  const event = fc.record({ secretId: fc.string({ minLength: 1 }), force: fc.boolean() }, { requiredKeys: [] });
  fc.assert(
    fc.property(event, (given) => {
      expect(readEvent(given)).toEqual(given);
    }),
  );
});

it("repeats no value of a refused event, nor a field's name that is no word", () => {
  const word = fc.constantFrom("secretId", "force", "froce");
  const sentence = planted.map((secret) => `the token ${secret}`);
  const event = fc.dictionary(fc.oneof(word, sentence), jsonText(SCALARS).value.map(parseJson), { minKeys: 1 });
  fc.assert(
    fc.property(event, (given) => {
      const reading = read(given);

      expect("problem" in reading ? reading.problem : "").not.toContain("planted-");
    }),
    { numRuns: 500 },
  );
});
