import fc from "fast-check";
import { freshToken } from "./arbitraries.ts";

/** The tokens that an answer brings. */
export interface FreshTokens {
  readonly access: string;
  readonly refresh: string;
}

export const freshTokens: fc.Arbitrary<FreshTokens> = fc.record({ access: freshToken, refresh: freshToken });

/** An answer in which XT grants these tokens, in a spelling that the documentation does not rule out. */
export interface GenuineAnswer extends FreshTokens {
  readonly status: number;
  readonly body: string;
}

/** What may stand where the documentation has a number: nothing of it may cost the tokens. */
const oddValue = fc.constantFrom<unknown>(15_551_999, "15551999", -1, 1e300, null, "soon", true, {}, [1]);

/** The fields of `result` beside the tokens, each absent, as documented, or of another type. */
const otherFields = fc.record(
  {
    user_id: fc.constantFrom<unknown>("12345678", 12_345_678, null),
    expires_in: oddValue,
    refresh_expires_in: oddValue,
    client_id: oddValue,
    scope: oddValue,
    token_type: fc.constant("bearer"),
  },
  { requiredKeys: [] },
);

/** What stands beside `result`, a request's echo among it. */
const otherParts = fc.record(
  {
    mc: fc.constantFrom<unknown>("SUCCESS", null, 7),
    ma: fc.constantFrom<unknown>([], null, ["refresh_token"]),
    request: fc.constant({ refresh_token: "refresh-1", access_token: "access-1", grant_type: "refresh_token" }),
    trace: fc.jsonValue({ maxDepth: 1 }),
  },
  { requiredKeys: [] },
);

/** Ways to wrap the result: further levels, a list, and JSON within text. */
const wrapping = fc.constantFrom<(result: unknown) => unknown>(
  (result) => result,
  (result) => [result],
  (result) => ({ data: result }),
  (result) => [[{ token: [result] }]],
  (result) => JSON.stringify(result),
);

const spacing = fc.constantFrom<string | number>("", 1, 4, "\t");

const status = fc.constantFrom(200, 200, 200, 201, 299);

/** The envelope as a value, its fields in any order. */
const envelope = fc
  .tuple(freshTokens, otherFields, otherParts, wrapping, fc.constantFrom<unknown>(0, "0", -0))
  .chain(([{ access, refresh }, fields, parts, wrap, rc]) => {
    const result = shuffled({ ...fields, access_token: access, refresh_token: refresh });
    return result
      .chain((ordered) => shuffled({ ...parts, rc, result: wrap(ordered) }))
      .map((document) => ({ access, refresh, document }));
  });

function shuffled(fields: Readonly<Record<string, unknown>>): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(fields);
  return fc.shuffledSubarray(entries, { minLength: entries.length }).map((ordered) => Object.fromEntries(ordered));
}

/** An answer that is JSON, with or without a byte order mark. */
export const genuineAnswer: fc.Arbitrary<GenuineAnswer> = fc
  .tuple(envelope, spacing, status, fc.constantFrom("", "\uFEFF", "\n"))
  .map(([{ access, refresh, document }, space, code, before]) => ({
    access,
    refresh,
    status: code,
    body: `${before}${JSON.stringify(document, undefined, space)}`,
  }));

/** The same with one field to a line and a remark behind it, as in the documentation's example; no JSON any more. */
export const commentedAnswer: fc.Arbitrary<GenuineAnswer> = fc
  .tuple(freshTokens, otherFields, fc.constantFrom("//", "/* */ //", "#", ","))
  .chain(([{ access, refresh }, fields, remark]) =>
    shuffled({ ...fields, access_token: access, refresh_token: refresh }).map((result) => ({
      access,
      refresh,
      status: 200,
      body: JSON.stringify({ rc: 0, mc: "SUCCESS", ma: [], result }, undefined, 2).replaceAll(
        "\n",
        `${remark} remark of the "documentation"\n`,
      ),
    })),
  );
