import { expect, it } from "vitest";
import { attemptBegun, MINUTE_MS, NOW_MS, pair, sight, verdictOn } from "../fixtures/sight.ts";

const ESCROW = { ESCROW_PARAMETER_PREFIX: "/xt/escrow/" };
const COPY = { versionId: "v7", pair: pair() };

function seen(copy: typeof COPY | undefined, facts = {}, rest = {}) {
  const copies = new Map([["v7", copy]]);
  return verdictOn(sight(facts, { escrow: { kind: "asked", copies, isWhole: true }, ...rest }, ESCROW));
}

it("does not call a connection healthy whose escrow holds a living pair that no tick looks for", () => {
  const verdict = seen(COPY);

  expect(verdict).toEqual({
    health: "attention",
    findings: [
      {
        severity: "attention",
        code: "escrow-stranded",
        message: "the escrow holds the pair of version v7, which no tick brings home: see whether it is the newest",
        next: "npx xt-token recover --token-secret xt/token --client-secret xt/client --escrow-prefix /xt/escrow/",
      },
    ],
  });
});

it("tells the pair of the open attempt from another that waits beside it", () => {
  const trace = { kind: "escrow", staged: { versionId: "v8", pair: pair() } };

  const { findings } = seen(COPY, { attempt: attemptBegun(15 * MINUTE_MS) }, { trace });

  expect(findings).toContainEqual(expect.objectContaining({ severity: "attention", code: "escrow-stranded" }));
});

it("takes a pair that has expired for a note", () => {
  const verdict = seen({ ...COPY, pair: pair({ refreshExpiresAtMs: NOW_MS }) });

  expect(verdict).toMatchObject({ health: "healthy", findings: [{ severity: "note", code: "escrow-expired" }] });
});

it("takes what is no pair for a note", () => {
  expect(seen(undefined)).toMatchObject({ health: "healthy", findings: [{ severity: "note", code: "escrow-other" }] });
});

it.each([
  ["under XT_ISSUED", { staged: { ...COPY, succeedsCurrent: true } }, {}],
  ["a dead attempt left", { attempt: attemptBegun(15 * MINUTE_MS) }, { trace: { kind: "secret", staged: COPY } }],
])("says that the secret holds the copied version, which is %s", (_where, facts, rest) => {
  const { findings } = seen(COPY, facts, rest);

  expect(findings).toContainEqual(
    expect.objectContaining({
      code: "escrow-left",
      message: "the escrow still holds a copy of version v7, which is in the token secret",
    }),
  );
});
