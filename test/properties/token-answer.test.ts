import fc from "fast-check";
import { expect, it } from "vitest";
import { readPair, writePair } from "../../lambda/rotation/pair-document.ts";
import { type ExchangeOutcome, findOddities, readTokenAnswer } from "../../lambda/rotation/token-answer.ts";
import { answered, at, pair, shown, stored } from "../rotation/given.ts";
import { anyText, planted } from "./arbitraries.ts";
import { commentedAnswer, type FreshTokens, freshTokens, genuineAnswer } from "./genuine-answer.ts";

const ORIGIN = { parent: "v1", attempt: 1, issuedAtMs: at("12:00") };

function read(status: number, body: string, complete = true): ExchangeOutcome {
  return readTokenAnswer(answered(status, body, complete), pair(), ORIGIN);
}

/** The tokens that an answer granted, `undefined` where it granted none. */
function tokensOf(outcome: ExchangeOutcome): readonly (string | undefined)[] | undefined {
  if (outcome.kind !== "granted") return undefined;
  return [outcome.pair.accessToken?.reveal(), outcome.pair.refreshToken.reveal()];
}

it("grants exactly the tokens of every genuine answer, however it is spelt", () => {
  fc.assert(
    fc.property(fc.oneof(genuineAnswer, commentedAnswer), ({ status, body, access, refresh }) => {
      expect(tokensOf(read(status, body))).toEqual([access, refresh]);
    }),
    { numRuns: 500 },
  );
});

it("takes a token whole or not at all, wherever a genuine answer is cut off", () => {
  const cutAnswer = fc
    .oneof(genuineAnswer, commentedAnswer)
    .chain((answer) =>
      fc
        .integer({ min: 0, max: answer.body.length })
        .map((length) => ({ ...answer, cut: answer.body.slice(0, length) })),
    );
  fc.assert(
    fc.property(cutAnswer, ({ status, cut, access, refresh }) => {
      const [takenAccess = "access-1", takenRefresh = "refresh-1"] = tokensOf(read(status, cut, false)) ?? [];

      expect([access, "access-1"]).toContain(takenAccess);
      expect([refresh, "refresh-1"]).toContain(takenRefresh);
    }),
    { numRuns: 500 },
  );
});

it("grants both tokens of an answer that is cut off behind them", () => {
  const tail = fc.string({ unit: fc.constantFrom(...'{}[]:," \n019a\\') });
  fc.assert(
    fc.property(freshTokens, tail, ({ access, refresh }, text) => {
      const tokens = `"access_token":${JSON.stringify(access)},"refresh_token":${JSON.stringify(refresh)}`;

      expect(tokensOf(read(200, `{"rc":0,"mc":"SUCCESS","result":{${tokens},${text}`, false))).toEqual([
        access,
        refresh,
      ]);
    }),
  );
});

it.each(["result", "access_token", "refresh_token"])(
  "grants the tokens although %s comes a second time, empty",
  (name) => {
    const empty = fc.constantFrom("null", '""', "{}", "[]");
    fc.assert(
      fc.property(freshTokens, empty, fc.boolean(), ({ access, refresh }, value, isFirst) => {
        const again = `"${name}":${value}`;
        const both = `"access_token":${JSON.stringify(access)},"refresh_token":${JSON.stringify(refresh)}`;
        const inOrder = (fields: string) => (isFirst ? `${again},${fields}` : `${fields},${again}`);
        const result = name === "result" ? inOrder(`"result":{${both}}`) : `"result":{${inOrder(both)}}`;

        expect(tokensOf(read(200, `{"rc":0,${result}}`))).toEqual([access, refresh]);
      }),
    );
  },
);

it("grants a lone token and keeps what it does not bring", () => {
  const lone = fc.tuple(freshTokens, fc.constantFrom<keyof FreshTokens>("access", "refresh"));
  fc.assert(
    fc.property(lone, ([tokens, which]) => {
      const body = `{"rc":0,"result":{"${which}_token":${JSON.stringify(tokens[which])}}}`;

      const expected = which === "access" ? [tokens.access, "refresh-1"] : ["access-1", tokens.refresh];
      expect(tokensOf(read(200, body))).toEqual(expected);
    }),
  );
});

it("survives any answer, and what it grants reads back as it was granted", () => {
  const status = fc.oneof(fc.constantFrom(200, 302, 400, 421, 429, 500), fc.integer({ min: 100, max: 599 }));
  fc.assert(
    fc.property(status, anyText, fc.boolean(), (code, body, complete) => {
      const outcome = read(code, body, complete);

      expect(["granted", "rejected", "turned-away", "throttled", "unknown"]).toContain(outcome.kind);
      if (outcome.kind !== "granted") return;
      const reading = readPair({ ...stored(undefined), text: writePair(outcome.pair) });
      expect(reading.kind === "pair" && shown(reading.pair)).toEqual(shown(outcome.pair));
    }),
    { numRuns: 2_000 },
  );
});

it("repeats nothing of any answer but its tokens: not as evidence, not as an oddity", () => {
  const name = fc.constantFrom("mc", "ma", "result", "expires_in", "error", "returnCode", "access_token");
  const body = fc
    .tuple(fc.dictionary(name, planted), fc.oneof(fc.constantFrom(0, 1), planted))
    .map(([{ error, ...fields }, rc]) => JSON.stringify({ ...fields, error: error && { code: error }, rc }));
  fc.assert(
    fc.property(fc.oneof(planted, body), fc.integer({ min: 100, max: 599 }), (text, status) => {
      const outcome = read(status, text);

      const told = JSON.stringify(outcome.kind === "granted" ? findOddities(outcome) : outcome);
      expect(told).not.toContain("planted-");
    }),
    { numRuns: 500 },
  );
});
