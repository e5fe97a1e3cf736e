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
  readonly userId: string;
  revoked: boolean;
}

interface IssuedToken {
  readonly grant: Grant;
  readonly expiresAtMs: number;
  spentAtMs: number | undefined;
}

/** The users who can grant access; the first does where none is named. */
export const USER_IDS = ["12345678", "87654321"] as const;
export type UserId = (typeof USER_IDS)[number];

const SCOPE = "userinfo";

/** Everything that XT remembers: grants, authorization codes, and what became of each refresh token. */
export class Grants {
  readonly #options: GrantsOptions;
  /** Who authorised, by the code. */
  readonly #codes = new Map<string, UserId>();
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
  authorize(userId: UserId = USER_IDS[0]): IssuedPair {
    return this.#issue({ userId, revoked: false });
  }

  /** A person authorises, and the redirect carries this code. */
  newCode(userId: UserId = USER_IDS[0]): string {
    const code = randomUUID();
    this.#codes.set(code, userId);
    return code;
  }

  /** A code buys a fresh grant once. */
  presentCode(code: string): Presented {
    const userId = this.#codes.get(code);
    if (userId === undefined) return { kind: "refused" };
    this.#codes.delete(code);
    return { kind: "granted", pair: this.authorize(userId) };
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
    const { userId } = grant;
    const refreshToken = this.#sign(userId, nowMs + refreshLifetimeMs);
    this.#issued.set(refreshToken, { grant, expiresAtMs: nowMs + refreshLifetimeMs, spentAtMs: undefined });
    this.#newest = refreshToken;
    return {
      userId,
      accessToken: this.#sign(userId, nowMs + accessLifetimeMs),
      refreshToken,
      expiresInMs: accessLifetimeMs,
      refreshExpiresInMs: refreshLifetimeMs,
      clientId,
      scope: SCOPE,
    };
  }

  #sign(userId: string, expiresAtMs: number): string {
    return signToken({
      sub: userId,
      "user-id": Number(userId),
      scope: SCOPE,
      iss: "xt.com",
      exp: Math.floor(expiresAtMs / 1_000),
      client_id: this.#options.clientId,
    });
  }
}
