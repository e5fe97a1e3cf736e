import type { Attempt, CurrentPair, Facts, StagedPair } from "../../lambda/rotation/facts.ts";
import type { ClientCredentials, StoredValue, TokenAnswer } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";

/** An instant of the day on which these tests play, by its time of day. */
export function at(time: string): number {
  return Date.parse(`2026-11-23T${time}Z`);
}

export const CREDENTIALS: ClientCredentials = {
  clientId: new Sensitive("client-1"),
  clientSecret: new Sensitive("secret-1"),
};

/** A pair that a person seeded; it ends at 15:00. */
export function pair(fields: Partial<TokenPair> = {}): TokenPair {
  return {
    accessToken: new Sensitive("access-1"),
    refreshToken: new Sensitive("refresh-1"),
    expiresAtMs: at("15:00"),
    ...fields,
  };
}

/** The seeded pair as version `v1` of 06:00. Nine hours of life make it due at noon. */
export function current(fields: Partial<TokenPair> = {}): CurrentPair {
  return { kind: "pair", versionId: "v1", createdAtMs: at("06:00"), pair: pair(fields) };
}

/** A pair that attempt 1 on `parent` bought. It succeeds `current()` where that is `v1`. */
export function issued(parent: string): StagedPair {
  return {
    succeedsCurrent: parent === "v1",
    versionId: `issued-1-of-${parent}`,
    pair: pair({
      accessToken: new Sensitive("access-2"),
      refreshToken: new Sensitive("refresh-2"),
      origin: { parent, attempt: 1, issuedAtMs: at("12:00") },
    }),
  };
}

/** An attempt on `v1` that started at noon and whose run ended at 12:02 at the latest: at work until 12:12. */
export function attemptOnV1(state: Attempt["state"], attempt = 1, fields: Partial<Attempt> = {}): Attempt {
  const times = { startedAtMs: at("12:00"), deadlineAtMs: at("12:02") };
  const record = { parent: "v1", attempt, run: "run-0", nonce: "nonce-0", ...times };
  const isUnknown = state === "unknown";
  const versionId = `attempt-${attempt}-of-v1`;
  return { versionId, state, record, isRejected: false, mayBeLost: isUnknown, isSearched: isUnknown, ...fields };
}

export function facts(fields: Partial<Facts> = {}): Facts {
  const clientCredentials = { kind: "credentials", credentials: CREDENTIALS } as const;
  const publication = { kind: "none" } as const;
  return { current: current(), secretCreatedAtMs: at("06:00"), publication, clientCredentials, ...fields };
}

/** A version's value as a store returns it, written at 06:00. */
export function stored(text: string | undefined, versionId = "v1"): StoredValue {
  return { versionId, text: text === undefined ? undefined : new Sensitive(text), createdAtMs: at("06:00") };
}

export function answered(status: number, body: string, complete = true): Extract<TokenAnswer, { kind: "answered" }> {
  return { kind: "answered", status, body: new Sensitive(body), complete };
}

/** A pair with its tokens in plain sight: two `Sensitive` are equal to the test runner whatever they hold. */
export function shown(tokenPair: TokenPair): unknown {
  return {
    ...tokenPair,
    accessToken: tokenPair.accessToken?.reveal(),
    refreshToken: tokenPair.refreshToken.reveal(),
  };
}

/** An unsigned JWT with these claims. */
export function jwt(claims: Readonly<Record<string, unknown>>): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}
