import type { VersionId } from "./ports.ts";
import type { Sensitive } from "./sensitive.ts";

/** What the token secret's AWSCURRENT version holds. Times are milliseconds since the epoch, absent where unknown. */
export interface TokenPair {
  /** Absent only where a person seeded nothing but a refresh token. */
  readonly accessToken?: Sensitive | undefined;
  readonly refreshToken: Sensitive;
  readonly expiresAtMs?: number | undefined;
  readonly refreshExpiresAtMs?: number | undefined;
  readonly clientId?: string | undefined;
  readonly userId?: string | undefined;
  readonly scope?: string | undefined;
  /** Whether the answer broke off before its refresh token, so that the one that is kept is most likely spent. */
  readonly isRefreshTokenDoubtful?: boolean | undefined;
  /** Absent where a person seeded the pair, and with it `parent` and `attempt`. */
  readonly origin?: Origin | undefined;
}

/** How a pair came to be: which version's refresh token bought it, by which attempt, when. */
export interface Origin {
  readonly parent: VersionId;
  readonly attempt: number;
  readonly issuedAtMs: number;
}
