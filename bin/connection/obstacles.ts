import { type Attempt, type Facts, PEER_GRACE_MS, type VersionedPair } from "../../lambda/rotation/decide.ts";
import { isoTime } from "../../lambda/rotation/pair-document.ts";
import type { ClientCredentials } from "../../lambda/rotation/ports.ts";
import type { SecretNames } from "../../lambda/rotation/report.ts";
import type { TokenPair } from "../../lambda/rotation/token-pair.ts";
import type { Seed } from "../seed/seed-document.ts";
import type { Look } from "./look.ts";

/**
 * What speaks against seeding, one clause each: something would be replaced that a rotation may still live on, or that this
 * project did not write. Only a person may overrule it. Pure.
 */
export function findObstacles(names: SecretNames, look: Look, seed: Seed, nowMs: number): readonly string[] {
  const found = [...againstCredentials(names.clientSecretId, look, seed.credentials)];
  if (!holdsSameToken(look.facts, seed)) found.push(...againstPair(names.tokenSecretId, look.facts, seed.pair, nowMs));
  return found;
}

/** Whether AWSCURRENT holds the refresh token that is to be seeded. */
export function holdsSameToken({ current }: Facts, { pair }: Seed): boolean {
  return current.kind === "pair" && current.pair.refreshToken.equals(pair.refreshToken);
}

/**
 * What is said where neither secret holds what belongs into it, as where one was taken for the other: what is then written to the client
 * secret may overwrite the pair. `undefined` elsewhere.
 */
export function suspectExchange(names: SecretNames, { current, clientCredentials }: Facts): string | undefined {
  if (current.kind !== "malformed" || clientCredentials.kind !== "unusable") return undefined;
  const { tokenSecretId, clientSecretId } = names;
  return (
    `${tokenSecretId} holds no pair and ${clientSecretId} no credentials: the two secrets may be exchanged, check both names before ` +
    "anything is written to either"
  );
}

/**
 * A new client secret of the same client is the ordinary course. Another client is not: a refresh token belongs to one client, and
 * other connections may share these credentials.
 */
export function againstCredentials(
  secretId: string,
  { facts, storedCredentials }: Look,
  credentials: ClientCredentials,
): readonly string[] {
  const { clientCredentials: held } = facts;
  if (storedCredentials === undefined) return [];
  const where = `version ${storedCredentials.versionId} of ${secretId} (AWSCURRENT)`;
  if (held.kind === "unusable") return [`${where} is not ours, it ${held.problem}`];
  if (held.kind === "credentials" && !held.credentials.clientId.equals(credentials.clientId)) {
    return [`${where} holds the credentials of another client`];
  }
  return [];
}

/**
 * What speaks against putting another pair in the place of the one in use.
 *
 * @param pair the other one; `undefined` while it has yet to be bought
 */
export function againstPair(
  secretId: string,
  { current, staged, attempt }: Facts,
  pair: TokenPair | undefined,
  nowMs: number,
): readonly string[] {
  switch (current.kind) {
    case "absent":
      return [];
    case "malformed":
      return [`version ${current.versionId} of ${secretId} (AWSCURRENT) is no token pair, ${current.problem}`];
    case "pair":
      return [
        ...againstLivePair(secretId, "AWSCURRENT", current, nowMs),
        // A copy of what is seeded loses nothing by it.
        ...(staged && !staged.pair.refreshToken.equals(pair?.refreshToken)
          ? againstLivePair(secretId, "XT_ISSUED", staged, nowMs)
          : []),
        ...againstPeer(secretId, attempt, nowMs),
      ];
  }
}

/** The refresh token's expiry counts: a pair whose access token has expired is renewed by the next tick. */
function againstLivePair(
  secretId: string,
  label: string,
  { versionId, pair }: VersionedPair,
  nowMs: number,
): readonly string[] {
  const { origin, refreshExpiresAtMs } = pair;
  if (origin === undefined || (refreshExpiresAtMs !== undefined && refreshExpiresAtMs <= nowMs)) return [];
  const issued = `a pair that was issued to a rotation at ${isoTime(origin.issuedAtMs)}`;
  const until = isoTime(refreshExpiresAtMs);
  const lives = until === undefined ? "may live on" : `would live until ${until} by its date`;
  return [`version ${versionId} of ${secretId} (${label}) holds ${issued} and ${lives}, unless XT refuses it`];
}

/** Its pair would come too late to be promoted, and no tick would look for it. */
function againstPeer(secretId: string, attempt: Attempt | undefined, nowMs: number): readonly string[] {
  if (attempt?.state !== "open") return [];
  const untilMs = attempt.record.deadlineAtMs + PEER_GRACE_MS;
  if (nowMs >= untilMs) return [];
  return [`a rotation may be at work on ${secretId} until ${isoTime(untilMs)}`];
}
