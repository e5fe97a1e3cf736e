/** What a refresh token that was already spent is still worth; XT documents none of it. */
export const REUSES = ["single-use-revoking", "single-use", "grace period", "reusable"] as const;
export type Reuse = (typeof REUSES)[number];

/** For how long a spent token buys another pair under `grace period`; longer than the shortest time to a replay. */
const GRACE_MS = 60 * 60_000;

interface Token {
  readonly grant: { isRevoked: boolean };
  /** 1 for the first that XT ever issued. */
  readonly number: number;
  spentAtMs: number | undefined;
}

/** What XT remembers. Its tokens are numbered in the order of their issue, so that newer and older can be told. */
export class Xt {
  readonly reuse: Reuse;
  readonly #tokens = new Map<string, Token>();
  readonly #redeemed = new Set<string>();

  constructor(reuse: Reuse) {
    this.reuse = reuse;
  }

  /** A person authorises: the first refresh token of a new grant. */
  authorize(): string {
    return this.#issue({ isRevoked: false });
  }

  /** A person's code, which buys the first pair of a new grant, once. @returns its refresh token, or `undefined` where it is refused */
  redeem(code: string): string | undefined {
    if (this.#redeemed.has(code)) return undefined;
    this.#redeemed.add(code);
    return this.authorize();
  }

  /** Spends a token. @returns its successor, or `undefined` where it is refused */
  present(token: string, nowMs: number): string | undefined {
    const known = this.#tokens.get(token);
    if (known === undefined || known.grant.isRevoked) return undefined;
    if (!this.#isUsable(known, nowMs)) {
      if (this.reuse === "single-use-revoking") known.grant.isRevoked = true;
      return undefined;
    }
    known.spentAtMs ??= nowMs;
    return this.#issue(known.grant);
  }

  /** Says whether presenting this token would be granted. */
  isLive(token: string, nowMs: number): boolean {
    const known = this.#tokens.get(token);
    return known !== undefined && !known.grant.isRevoked && this.#isUsable(known, nowMs);
  }

  /** Of a pair, by either of its tokens; 0 for what XT never issued. */
  numberOf(token: string): number {
    return this.#tokens.get(token.replace("access", "refresh"))?.number ?? 0;
  }

  get newest(): string {
    return [...this.#tokens.keys()].at(-1) ?? "";
  }

  #isUsable({ spentAtMs }: Token, nowMs: number): boolean {
    if (spentAtMs === undefined || this.reuse === "reusable") return true;
    return this.reuse === "grace period" && nowMs - spentAtMs <= GRACE_MS;
  }

  #issue(grant: Token["grant"]): string {
    const number = this.#tokens.size + 1;
    const token = `refresh-token-${String(number).padStart(4, "0")}`;
    this.#tokens.set(token, { grant, number, spentAtMs: undefined });
    return token;
  }
}
