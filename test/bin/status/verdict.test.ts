import { expect, it } from "vitest";
import { StoreUnavailable } from "../../../lambda/rotation/errors.ts";
import {
  attemptBegun,
  HOUR_MS,
  inUse,
  MINUTE_MS,
  NOW_MS,
  pair,
  pairExpiring,
  sight,
  verdictOn,
} from "../fixtures/sight.ts";

const ESCROW = { ESCROW_PARAMETER_PREFIX: "/xt/escrow/" };
const DUE = { current: inUse(pairExpiring(7 * HOUR_MS + 45 * MINUTE_MS)) };
const STAGED = { versionId: "v2", pair: pair() };

it("finds nothing on a connection in good order", () => {
  expect(verdictOn(sight())).toEqual({ health: "healthy", findings: [] });
});

it("tells of a renewal that left the refresh token as it was, since it may be spent", () => {
  const { health, findings } = verdictOn(sight({}, { isRefreshTokenKept: true }));

  expect(health).toBe("attention");
  expect(findings).toEqual([
    {
      severity: "attention",
      code: "refresh-kept",
      message: expect.stringMatching(
        /^the last renewal brought no new refresh token: .* authorize again while the access token lives$/,
      ),
      next: "npx xt-token authorize --redirect-uri <URI> --token-secret xt/token --client-secret xt/client",
    },
  ]);
});

it("takes a renewal that is due and that the next tick takes up for healthy", () => {
  expect(verdictOn(sight(DUE))).toEqual({ health: "healthy", findings: [] });
});

it.each([
  [
    { current: { kind: "absent" } },
    "not-seeded",
    /^xt\/token has no value/,
    "npx xt-token authorize --redirect-uri <URI> --token-secret xt/token --client-secret xt/client",
  ],
  [
    { current: { kind: "absent" }, clientCredentials: { kind: "unusable", problem: "has no value" } },
    "not-seeded",
    /^xt\/token has no value/,
    "npx xt-token seed --token-secret xt/token --client-secret xt/client",
  ],
  [
    { current: { kind: "malformed", versionId: "v1", problem: "the value must be JSON" } },
    "malformed",
    /^xt\/token holds no token pair in AWSCURRENT \(the value must be JSON\)/,
    "npx xt-token recover --token-secret xt/token --client-secret xt/client",
  ],
  [
    { clientCredentials: { kind: "unusable", problem: "has no value" } },
    "client-credentials",
    /^xt\/client has no value, so that no pair can be renewed$/,
    "npx xt-token seed --credentials-only --token-secret xt/token --client-secret xt/client",
  ],
  [
    { current: inUse(pair({ refreshExpiresAtMs: NOW_MS })) },
    "refresh-expired",
    /^the refresh token expired/,
    "npx xt-token authorize --redirect-uri <URI> --token-secret xt/token --client-secret xt/client",
  ],
  [
    { current: inUse(pairExpiring(0)), attempt: attemptBegun(MINUTE_MS, "unspent") },
    "access-expired",
    /^the access token expired/,
    "npx xt-token rotate --now --token-secret xt/token --client-secret xt/client",
  ],
] as const)("calls %j broken", (facts, code, message, next) => {
  const { health, findings } = verdictOn(sight(facts));

  expect(health).toBe("broken");
  expect(findings[0]).toEqual({ severity: "broken", code, message: expect.stringMatching(message), next });
});

it("calls a held outcome broken, and nothing else of it", () => {
  const facts = { ...DUE, attempt: attemptBegun(15 * MINUTE_MS) };

  const verdict = verdictOn(sight(facts, { trace: { kind: "nowhere" } }, { UNKNOWN_OUTCOME_POLICY: "hold" }));

  expect(verdict).toMatchObject({ health: "broken", findings: [{ code: "held" }] });
  expect(verdict.findings).toHaveLength(1);
});

it.each([
  [29, []],
  [30, [{ severity: "attention", code: "no-tick" }]],
  [299, [{ severity: "attention", code: "no-tick" }]],
  [300, [{ severity: "broken", code: "no-tick" }]],
])("judges a renewal that has been waiting for %s minutes", (minutes, expected) => {
  const current = inUse(pairExpiring(8 * HOUR_MS - minutes * MINUTE_MS));

  const { findings } = verdictOn(sight({ current }));

  expect(findings.map(({ severity, code }) => ({ severity, code }))).toEqual(expected);
});

it.each([
  [1, "note", "at-work"],
  [2, "attention", "attempt-died"],
  [12, "attention", "outcome-unknown"],
])("judges an open attempt that began %s minutes ago", (minutes, severity, code) => {
  const facts = { ...DUE, attempt: attemptBegun(minutes * MINUTE_MS) };

  const { findings } = verdictOn(sight(facts, { trace: { kind: "nowhere" } }));

  expect(findings).toMatchObject([{ severity, code }]);
});

it("says that a dead attempt's pair is safe where it is in sight", () => {
  const facts = { ...DUE, attempt: attemptBegun(15 * MINUTE_MS) };

  const { findings } = verdictOn(sight(facts, { trace: { kind: "secret", staged: STAGED } }));

  expect(findings).toMatchObject([{ severity: "attention", message: expect.stringMatching(/its pair is safe/) }]);
});

it("names a pair that nobody promoted, and says nothing of the old pair's expiry", () => {
  const staged = { ...STAGED, succeedsCurrent: true };

  const { health, findings } = verdictOn(sight({ current: inUse(pairExpiring(-1)), staged }));

  expect(health).toBe("attention");
  expect(findings.map(({ code }) => code)).toEqual(["no-tick", "not-promoted"]);
});

it("takes a pair of another grant for a note", () => {
  expect(verdictOn(sight({ staged: { ...STAGED, succeedsCurrent: false } }))).toMatchObject({
    health: "healthy",
    findings: [{ severity: "note", code: "other-grant" }],
  });
});

it.each([
  [2, "attempt-failed", undefined],
  [3, "attempts-failed", "npx xt-token rotate --now --token-secret xt/token --client-secret xt/client"],
])("judges attempt %s that spent nothing", (attempt, code, next) => {
  const facts = { ...DUE, attempt: attemptBegun(MINUTE_MS, "unspent", attempt) };

  const { health, findings } = verdictOn(sight(facts));

  expect(health).toBe("attention");
  expect(findings).toMatchObject([{ code }]);
  expect(findings[0]?.next).toBe(next);
});

it("wants a seeded pair without an access token to be known", () => {
  const current = inUse(pair({ accessToken: undefined, expiresAtMs: undefined, origin: undefined }));

  expect(verdictOn(sight({ current })).findings).toContainEqual(
    expect.objectContaining({ severity: "attention", code: "no-access-token" }),
  );
});

it("warns of a refresh token that nears its end and is not renewed", () => {
  const refreshExpiresAtMs = NOW_MS + 23 * HOUR_MS;
  const origin = { parent: "v0", attempt: 1, issuedAtMs: NOW_MS - 80 * HOUR_MS };

  const { findings } = verdictOn(sight({ current: inUse(pair({ refreshExpiresAtMs, origin })) }));

  expect(findings).toContainEqual(expect.objectContaining({ severity: "attention", code: "refresh-near" }));
});

it("tells a client secret that cannot be read from one that is unusable", () => {
  const error = new StoreUnavailable("GetSecretValue", "xt/client", "AccessDeniedException");

  const { health, findings } = verdictOn(sight({ clientCredentials: { kind: "unavailable", error } }));

  expect(health).toBe("attention");
  expect(findings[0]?.message).toContain("cannot be read from here (AccessDeniedException)");
});

it("puts what is broken before what needs attention", () => {
  const facts = { current: inUse(pairExpiring(-HOUR_MS)), attempt: attemptBegun(MINUTE_MS, "unspent", 3) };

  const { findings } = verdictOn(sight(facts, { escrow: { kind: "unnamed" } }));

  expect(findings.map(({ severity }) => severity)).toEqual(["broken", "attention", "note"]);
});

it("has the escrow's copy of the pair in use deleted", () => {
  const copies = new Map([["v1", STAGED]]);

  expect(verdictOn(sight({}, { escrow: { kind: "asked", copies, isWhole: true } }, ESCROW)).findings).toEqual([
    {
      severity: "attention",
      code: "escrow-left",
      message: "the escrow still holds a copy of the pair in use, delete it",
      next: "aws ssm delete-parameter --name /xt/escrow/v1",
    },
  ]);
});

it("has a pair in the escrow brought home", () => {
  const copies = new Map([["v2", STAGED]]);
  const facts = { ...DUE, attempt: attemptBegun(15 * MINUTE_MS) };
  const rest = { trace: { kind: "escrow", staged: STAGED }, escrow: { kind: "asked", copies, isWhole: true } } as const;

  expect(verdictOn(sight(facts, rest, ESCROW)).findings).toContainEqual(
    expect.objectContaining({ code: "escrow-holds", next: expect.stringMatching(/^npx xt-token rotate /) }),
  );
});

it.each([
  [undefined, "note"],
  [{ kind: "unseen", code: "AccessDeniedException" }, "attention"],
] as const)("with a trace of %j an escrow that cannot be asked is %s", (trace, severity) => {
  const attempt = trace && attemptBegun(15 * MINUTE_MS);

  const { findings } = verdictOn(
    sight({ ...DUE, attempt }, { trace, escrow: { kind: "unreachable", code: "AccessDeniedException" } }),
  );

  expect(findings).toContainEqual(expect.objectContaining({ severity, code: "escrow-unreachable" }));
});
