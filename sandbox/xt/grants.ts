import { randomUUID } from "node:crypto";
import { signToken } from "./sign-token.ts";

/**
 * What a refresh token that was already spent is still worth. XT documents none of it, so a rotator must survive each.
 * - `single-use`: it is refused, and the newer pair lives on.
 * - `single-use-revoking`: it is refused, and the whole grant dies with it, newest pair included (RFC 9700 §4.14.2).
 * - `graceMs`: it buys another pair until that many milliseconds after it was first spent, and is refused later.
 * - `reusable`: it buys another pair for as long as it has not expired.
 */
export type Reuse = "single-use" | "single-use-revoking" | { readonly graceMs: number } | "reusable";

/** One answer's tokens, with what XT says about them. */
export interface IssuedPair {
  readonly userId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInMs: number;
  readonly refreshExpiresInMs: number;
  readonly clientId: string;
  readonly scope: string;
}

/** `revoked`: it was refused, and the refusal ended the whole grant. */
export type Presented =
  | { readonly kind: "granted"; readonly pair: IssuedPair }
  | { readonly kind: "refused" }
  | { readonly kind: "revoked" };

export interface GrantsOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly clientId: string;
  readonly reuse: Reuse;
  readonly accessLifetimeMs: number;
  readonly refreshLifetimeMs: number;
}

interface Grant {
  revoked: boolean;
}

interface IssuedToken {
  readonly grant: Grant;
  readonly expiresAtMs: number;
  spentAtMs: number | undefined;
}

const USER_ID = "12345678";
const SCOPE = "userinfo";

/** Everything that XT remembers: grants, authorization codes, and what became of each refresh token. */
export class Grants {
  readonly #options: GrantsOptions;
  readonly #codes = new Set<string>();
  readonly #issued = new Map<string, IssuedToken>();
  #newest: string | undefined;
  reuse: Reuse;

  constructor(options: GrantsOptions) {
    this.#options = options;
    this.reuse = options.reuse;
  }

  /** The refresh token that was issued last, whether or not it is still live. */
  get newestRefreshToken(): string | undefined {
    return this.#newest;
  }

  /** A person authorises. Earlier grants live on. */
  authorize(): IssuedPair {
    return this.#issue({ revoked: false });
  }

  /** A person authorises, and the redirect carries this code. */
  newCode(): string {
    const code = randomUUID();
    this.#codes.add(code);
    return code;
  }

  /** A code buys a fresh grant once. */
  presentCode(code: string): Presented {
    return this.#codes.delete(code) ? { kind: "granted", pair: this.authorize() } : { kind: "refused" };
  }

  presentRefreshToken(refreshToken: string): Presented {
    const token = this.#issued.get(refreshToken);
    if (token === undefined || this.#isDead(token)) return { kind: "refused" };
    if (this.#isSpent(token)) {
      if (this.reuse !== "single-use-revoking") return { kind: "refused" };
      token.grant.revoked = true;
      return { kind: "revoked" };
    }
    token.spentAtMs ??= this.#options.now();
    return { kind: "granted", pair: this.#issue(token.grant) };
  }

  /** Says whether presenting this refresh token now would be granted. Changes nothing. */
  isLive(refreshToken: string): boolean {
    const token = this.#issued.get(refreshToken);
    return token !== undefined && !this.#isDead(token) && !this.#isSpent(token);
  }

  #isDead(token: IssuedToken): boolean {
    return token.grant.revoked || this.#options.now() >= token.expiresAtMs;
  }

  #isSpent(token: IssuedToken): boolean {
    if (token.spentAtMs === undefined || this.reuse === "reusable") return false;
    return typeof this.reuse === "string" || this.#options.now() - token.spentAtMs > this.reuse.graceMs;
  }

  #issue(grant: Grant): IssuedPair {
    const { now, clientId, accessLifetimeMs, refreshLifetimeMs } = this.#options;
    const nowMs = now();
    const refreshToken = this.#sign(nowMs + refreshLifetimeMs);
    this.#issued.set(refreshToken, { grant, expiresAtMs: nowMs + refreshLifetimeMs, spentAtMs: undefined });
    this.#newest = refreshToken;
    return {
      userId: USER_ID,
      accessToken: this.#sign(nowMs + accessLifetimeMs),
      refreshToken,
      expiresInMs: accessLifetimeMs,
      refreshExpiresInMs: refreshLifetimeMs,
      clientId,
      scope: SCOPE,
    };
  }

  #sign(expiresAtMs: number): string {
    return signToken({
      sub: USER_ID,
      "user-id": Number(USER_ID),
      scope: SCOPE,
      iss: "xt.com",
      exp: Math.floor(expiresAtMs / 1_000),
      client_id: this.#options.clientId,
    });
  }
}
