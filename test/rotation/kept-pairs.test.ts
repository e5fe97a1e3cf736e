import { expect, it } from "vitest";
import { judgePairs, type KeptPair, type Surroundings } from "../../lambda/rotation/kept-pairs.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import { at, current, pair } from "./given.ts";

const IN_USE = kept("v1", {});

function kept(versionId: string, fields: Partial<TokenPair>, where: Partial<KeptPair> = {}): KeptPair {
  return { versionId, place: "token secret", labels: [], createdAtMs: at("06:00"), pair: pair(fields), ...where };
}

/** A pair with a refresh token of its own, bought with the token of `parent`. */
function bought(versionId: string, parent: string, fields: Partial<TokenPair> = {}, where: Partial<KeptPair> = {}) {
  const origin = { parent, attempt: 1, issuedAtMs: at("09:00") };
  return kept(versionId, { refreshToken: new Sensitive(`refresh-of-${versionId}`), origin, ...fields }, where);
}

/** What is said of each pair, beside the one in use. */
function judge(pairs: readonly KeptPair[], fields: Partial<Surroundings> = {}): Readonly<Record<string, string>> {
  const surroundings = { current: current(), presented: new Set<string>(), nowMs: at("12:00"), ...fields };
  const judged = judgePairs([IN_USE, ...pairs], surroundings).filter((each) => each.kept !== IN_USE);
  return Object.fromEntries(
    judged.map(({ kept: { versionId, place }, use, why }) => [`${versionId} ${place}`, `${use}: ${why}`]),
  );
}

const FROM_ESCROW = { place: "escrow" } as const;

it.each<[string, readonly KeptPair[], string]>([
  ["received and not in use", [bought("v2", "v0")], "promotable: it was received and is not in use"],
  ["in the escrow alone", [bought("v2", "v0", {}, FROM_ESCROW)], "promotable: the token secret has not taken it"],
  [
    "seeded and not in use",
    [bought("v2", "v0", {}, { labels: ["XT_SEED"] })],
    "promotable: a person seeded it and it is not in use",
  ],
  ["a copy of the one in use", [kept("v2", {})], "not-promotable: it holds the refresh token of the pair in use"],
  ["the parent of a newer one", [bought("v2", "v0"), bought("v3", "v2")], "not-promotable: version v3 took its place"],
  [
    "a copy of the parent of a newer one",
    [bought("v2", "v0"), bought("v2b", "v0", { refreshToken: new Sensitive("refresh-of-v2") }), bought("v3", "v2b")],
    "not-promotable: version v3 took its place",
  ],
  [
    "past its refresh token's life",
    [bought("v2", "v0", { refreshExpiresAtMs: at("12:00") })],
    "not-promotable: its refresh token expired at 2026-11-23T12:00:00.000Z",
  ],
  [
    "in its refresh token's life",
    [bought("v2", "v0", { refreshExpiresAtMs: at("12:01") })],
    "promotable: it was received and is not in use",
  ],
  [
    "of an answer that broke off",
    [bought("v2", "v0", { isRefreshTokenDoubtful: true })],
    "not-promotable: XT's answer ended before its refresh token",
  ],
])("says whether a pair can be put in use that is %s", (_, pairs, expected) => {
  const [first = ""] = Object.keys(judge(pairs.slice(0, 1)));

  expect(judge(pairs)[first]).toBe(expected);
});

it.each(["token secret", "escrow"] as const)(
  "never offers a pair in the %s whose token was presented to XT without an answer",
  (place) => {
    const said = judge([bought("v2", "v0", {}, { place })], { presented: new Set(["v2"]) });

    expect(said).toEqual({
      [`v2 ${place}`]: "not-promotable: its refresh token was presented to XT, and no pair came back",
    });
  },
);

it("does not need the escrow's copy of a pair that is home", () => {
  expect(judge([bought("v2", "v0"), bought("v2", "v0", {}, FROM_ESCROW)])).toEqual({
    "v2 token secret": "promotable: it was received and is not in use",
    "v2 escrow": "not-promotable: the token secret holds this version, the copy is no longer needed",
  });
});

it("judges pairs where nothing is in use", () => {
  expect(judge([bought("v2", "v0")], { current: undefined })).toEqual({
    "v2 token secret": "promotable: it was received and is not in use",
  });
});

it("lists the newest first, by issue, or by writing where a person seeded it", () => {
  const pairs = [
    bought("nine", "v0"),
    kept("eight", {}, { createdAtMs: at("08:00") }),
    kept("ten", {}, { createdAtMs: at("10:00") }),
  ];

  const judged = judgePairs(pairs, { current: undefined, presented: new Set(), nowMs: at("12:00") });

  expect(judged.map((each) => each.kept.versionId)).toEqual(["ten", "nine", "eight"]);
});
