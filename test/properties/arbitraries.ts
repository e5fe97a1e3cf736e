import fc from "fast-check";

/** Names that one of our readers looks for, and names that every object inherits. */
const NAMES = [
  "rc",
  "mc",
  "ma",
  "result",
  "data",
  "schema",
  "kind",
  "access_token",
  "refresh_token",
  "expires_in",
  "refresh_expires_in",
  "expires_at",
  "issued_at",
  "started_at",
  "deadline_at",
  "parent",
  "attempt",
  "client_id",
  "client_secret",
  "secretId",
  "force",
  "toString",
  "valueOf",
  "__proto__",
  "constructor",
  "",
] as const;

/** Literals at which readers tend to stumble; the object is one that no `String` can show. */
const LITERALS = [
  "0",
  "-0",
  "1",
  "1e999",
  "-1e999",
  "1e-320",
  "9007199254740993",
  "null",
  "true",
  '""',
  '{"toString":0}',
];

/** A secret as it may stand in a foreign document; long and odd enough that no message holds it by chance. */
export const planted = fc
  .string({ minLength: 24, maxLength: 24, unit: fc.constantFrom(..."0123456789abcdef") })
  .map((digits) => `planted-${digits}`);

/** Any UTF-16 unit, halves of surrogate pairs among them, and more often those that JSON and URLs treat in their own way. */
const character = fc.oneof(
  fc.constantFrom(...'"\\/{}[]:;,.?#@&%+ \n\u0000\uFEFF\ud83d\ude00\u0301aZ7'),
  fc.nat({ max: 0xffff }).map((unit) => String.fromCharCode(unit)),
);

/** Text of any characters. */
export const hostileText = fc.string({ unit: character });

/**
 * JSON text, and not a value: text can hold `__proto__` and one name twice, as foreign text does.
 *
 * @param scalar text of the strings in it; by default any characters
 */
export function jsonText(scalar: fc.Arbitrary<string> = hostileText) {
  const name = fc.oneof({ arbitrary: fc.constantFrom(...NAMES), weight: 4 }, scalar);
  return fc.letrec<{ value: string; object: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom(...LITERALS),
      scalar.map((text) => JSON.stringify(text)),
      fc.double().map((number) => JSON.stringify(number)),
      fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
      tie("object"),
    ),
    object: fc
      .array(fc.tuple(name, tie("value")), { maxLength: 6 })
      .map((fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`),
  }));
}

/** A token as XT may issue it: one word of printable ASCII (RFC 6749 appendix A), its ends not such as a copy brings along. */
export const tokenText = fc
  .string({ unit: fc.constantFrom(..."abcXYZ019-_.~+/=\"'\\:;,{}[]()<>@#$%&!?|^") })
  .map((middle) => `t${middle}t`)
  .filter((text) => !text.includes("..."));

/** Any text at all, JSON more often than chance has it. */
export const anyText = fc.oneof(hostileText, jsonText().value, jsonText().object);

/** A token of any spelling: a JWT's, an opaque one, and text that JSON has to escape. Held tokens begin otherwise. */
export const freshToken = fc
  .oneof(
    fc.string({ minLength: 1, unit: fc.constantFrom(..."abcXYZ019-_.") }),
    fc.string({ minLength: 1, unit: fc.constantFrom('"', "\\", "/", "{", "}", ":", ",", "\n", "a", "7") }),
    hostileText,
  )
  .map((text) => `fresh-${text}`);

/** Milliseconds since the epoch, as far as four digits of year reach. */
export const instant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 30) });
