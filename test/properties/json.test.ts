import fc from "fast-check";
import { expect, it } from "vitest";
import { parseJson } from "../../lambda/rotation/json.ts";
import { anyText, hostileText, jsonText } from "./arbitraries.ts";

/** JSON text of which no number needs more digits than a double holds. */
const plainJson = jsonText().value.filter((text) => !/\d{16}/.test(text));

/** More digits than a double holds, in a value or in a string. */
const longDigits = fc.stringMatching(/^[1-9]\d{16,30}$/);

it("parses what JSON.parse parses, and nothing else", () => {
  fc.assert(
    fc.property(fc.oneof(anyText, plainJson), (text) => {
      const isJson = (() => {
        try {
          JSON.parse(text);
          return true;
        } catch {
          return false;
        }
      })();

      expect(parseJson(text) !== undefined).toBe(isJson);
    }),
    { numRuns: 1_000 },
  );
});

it("parses JSON without long integers as JSON.parse does", () => {
  fc.assert(
    fc.property(plainJson, (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it("keeps every digit of a long integer, and strings with digits as they are", () => {
  fc.assert(
    fc.property(longDigits, fc.constantFrom("", "-"), hostileText, longDigits, (digits, sign, text, inside) => {
      const string = `${text}":${inside},\\`;

      const parsed = parseJson(`{"id" :${sign}${digits} ,"note":${JSON.stringify(string)},"ids":[${digits},1]}`);

      expect(parsed).toEqual({ id: `${sign}${digits}`, note: string, ids: [digits, 1] });
    }),
  );
});
