import type { Severity, UnknownOutcomePolicy, Verdict } from "./contract.ts";

/** Output of an inspection. It holds no secret. Field names are stable, times are ISO 8601 UTC, `null` is unknown or absent. */
export interface Inspection {
  readonly schema: 1;
  readonly connection: string;
  readonly checkedAt: string;
  readonly verdict: Verdict;
  /** What a tick would do now, as the rest of a sentence that begins with "a tick". */
  readonly tick: { readonly code: string; readonly does: string };
  readonly settings: {
    /** Version of the function's code. */
    readonly version: string;
    readonly tokenSecretId: string;
    readonly clientSecretId: string;
    /** Public (RFC 6749 §2.2); an authorization link holds it. `null` where the client secret cannot be read. */
    readonly clientId: string | null;
    readonly baseUrl: string;
    readonly unknownOutcomePolicy: UnknownOutcomePolicy;
    readonly exchangeTimeoutMs: number;
    readonly escrowParameterPrefix: string | null;
  };
  /** Holder of each staging label of the token secret. */
  readonly labels: Readonly<Record<string, string>>;
  readonly current: InspectedPair | null;
  /** The newest attempt on the pair in use, where it brought no pair. */
  readonly attempt: InspectedAttempt | null;
  /** Every pair in the token secret and in the escrow, the newest first. */
  readonly pairs: readonly InspectedPair[];
  readonly escrow: { readonly state: "asked" | "unreachable" | "none"; readonly code: string | null };
  /** What only the function can know: its permissions on each secret, whether XT and AWS answer, its clock. */
  readonly checks: readonly InspectedCheck[];
}

export interface InspectedPair {
  readonly versionId: string;
  readonly place: "token secret" | "escrow";
  readonly labels: readonly string[];
  readonly use: "in-use" | "promotable" | "not-promotable";
  /** Why it can or cannot be put in use, in one sentence. */
  readonly why: string;
  readonly userId: string | null;
  readonly createdAt: string | null;
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
  readonly refreshExpiresAt: string | null;
  readonly nextRenewalAt: string | null;
  /** Version whose refresh token bought it, and by which attempt; `null` where a person seeded it or granted access anew. */
  readonly parent: string | null;
  readonly attempt: number | null;
}

export interface InspectedAttempt {
  readonly versionId: string;
  readonly attempt: number;
  /** `open`: at work or died. `unspent`: it certainly left the token alone. `unknown`: the token may be spent. */
  readonly state: "open" | "unspent" | "unknown";
  readonly startedAt: string;
  readonly deadlineAt: string;
}

export interface InspectedCheck {
  /** Stable: `token-secret`, `client-secret`, `access-token-secret`, `escrow`, `xt`, `clock`. */
  readonly name: string;
  readonly severity: Severity;
  readonly message: string;
  readonly next: string | null;
}
