import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";

/** The claims of XT's documented example. `exp` is in seconds since the epoch. */
export interface TokenClaims {
  readonly sub: string;
  readonly "user-id": number;
  readonly scope: string;
  readonly iss: string;
  readonly exp: number;
  readonly client_id: string;
}

/** One key pair for the whole process, since making one takes longer than most tests. */
let signingKey: KeyObject | undefined;

/** A JWT signed with RS256. No two are equal, not even for equal claims: each carries a `jti` of its own. */
export function signToken(claims: TokenClaims): string {
  const signed = `${encode({ alg: "RS256" })}.${encode({ ...claims, jti: randomUUID() })}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey()).toString("base64url")}`;
}

/** The key that verifies every token of this process. */
export function verificationKey(): KeyObject {
  return createPublicKey(privateKey());
}

function privateKey(): KeyObject {
  signingKey ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  return signingKey;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
