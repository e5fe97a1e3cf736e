import type { Answer } from "../faults.ts";
import type { Grants, IssuedPair, Presented } from "./grants.ts";

/** What became of one request that took effect. */
export interface Judged {
  readonly verdict: Presented["kind"];
  readonly answer: Answer;
}

/** `mc` of each refusal. XT documents that AUTH_001…AUTH_106 exist, not what they mean: nothing may depend on which. */
const REFUSAL = { client: "AUTH_001", grantType: "AUTH_002", token: "AUTH_101", code: "AUTH_102" } as const;

/** The client that the stand-in knows. */
export interface KnownClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Judges one request for a token and lets it take effect.
 * @see XT.COM API documentation, third-party section: Apply Token, Refresh Token, Error Code
 */
export function answerTokenRequest(query: URLSearchParams, client: KnownClient, grants: Grants): Judged {
  if (query.get("client_id") !== client.clientId || query.get("client_secret") !== client.clientSecret) {
    return { verdict: "refused", answer: refusal(REFUSAL.client) };
  }
  switch (query.get("grant_type")) {
    case "refresh_token":
      return judged(grants.presentRefreshToken(query.get("refresh_token") ?? ""), REFUSAL.token);
    case "authorization_code":
      return judged(grants.presentCode(query.get("code") ?? ""), REFUSAL.code);
    default:
      return { verdict: "refused", answer: refusal(REFUSAL.grantType) };
  }
}

function judged(presented: Presented, mc: string): Judged {
  const answer = presented.kind === "granted" ? success(presented.pair) : refusal(mc);
  return { verdict: presented.kind, answer };
}

/** The documented result. The two lifetimes are milliseconds, as the page says and its own example denies. */
function success(pair: IssuedPair): Answer {
  return envelope(0, "SUCCESS", {
    user_id: pair.userId,
    access_token: pair.accessToken,
    refresh_token: pair.refreshToken,
    expires_in: pair.expiresInMs,
    refresh_expires_in: pair.refreshExpiresInMs,
    client_id: pair.clientId,
    scope: pair.scope,
  });
}

/** A business failure travels with HTTP 200. */
function refusal(mc: string): Answer {
  return envelope(1, mc, null);
}

function envelope(rc: 0 | 1, mc: string, result: object | null): Answer {
  return {
    status: 200,
    headers: { "content-type": "application/json;charset=UTF-8", "cache-control": "no-store" },
    body: JSON.stringify({ rc, mc, ma: [], result }),
  };
}
