import { answerUnder, type FaultPlan } from "../faults.ts";
import { listen, readWhole, type Tls, urlOf } from "../listen.ts";
import { answerBrowser } from "./answer-browser.ts";
import { answerTokenRequest, type Judged } from "./answer-token-request.ts";
import { Grants, type IssuedPair, type Reuse, type UserId } from "./grants.ts";
import { RequestQuota } from "./request-quota.ts";

const TOKEN_PATH = "/public/uaa/oauth2/token";
const TOO_MANY = { status: 429, headers: {}, body: "" };
const DAY_MS = 24 * 60 * 60 * 1_000;

export interface XtOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly reuse: Reuse;
  /** Milliseconds since the epoch. @default the system's clock */
  readonly now?: () => number;
  /** @default one day, XT's documented default */
  readonly accessLifetimeMs?: number;
  /** @default 180 days, XT's documented default */
  readonly refreshLifetimeMs?: number;
  /** Refuses requests for a token that exceed XT's quota. @default no quota */
  readonly quotas?: true;
  /** @default nothing goes wrong */
  readonly faults?: FaultPlan;
  /** @default a free one */
  readonly port?: number;
  /** @default plain HTTP */
  readonly tls?: Tls;
}

/** One request that reached the token endpoint. */
export interface Exchange {
  /** Its number among all requests that the stand-in received, from 1. */
  readonly index: number;
  /** When it arrived, by the stand-in's clock, in milliseconds since the epoch. */
  readonly at: number;
  readonly grantType: string;
  /** The refresh token, or the authorization code; empty where there was none. */
  readonly presented: string;
  /** `untouched`: it took no effect, because a fault or the quota came first. */
  readonly verdict: Judged["verdict"] | "untouched";
}

export interface XtStandIn {
  /** The base URL, without a trailing slash. */
  readonly url: string;
  /** Every request for a token so far, oldest first. */
  readonly exchanges: readonly Exchange[];
  /** The refresh token that was issued last, whether or not it is still live. */
  readonly newestRefreshToken: string | undefined;
  /** A person authorises and receives a fresh grant's first pair. */
  grant(): IssuedPair;
  /** A person authorises and receives an authorization code, good for one pair. @default the first user */
  code(userId?: UserId): string;
  /** Says whether presenting this refresh token now would be granted. */
  isLive(refreshToken: string): boolean;
  /** Replaces the fault plan; `undefined` ends all faults. */
  setFaults(faults: FaultPlan | undefined): void;
  setReuse(reuse: Reuse): void;
  /** Stops listening and cuts every connection, stalled ones too. */
  close(): Promise<void>;
}

/** Starts a stand-in for XT on 127.0.0.1: its token endpoint, and the page on which a person grants access. */
export async function startXt(options: XtOptions): Promise<XtStandIn> {
  const now = options.now ?? Date.now;
  const { accessLifetimeMs = DAY_MS, refreshLifetimeMs = 180 * DAY_MS } = options;
  const grants = new Grants({ ...options, now, accessLifetimeMs, refreshLifetimeMs });
  const quota = options.quotas === true ? new RequestQuota() : undefined;
  const exchanges: Exchange[] = [];
  let { faults } = options;
  let received = 0;

  const { url, close } = await listen(
    options.port ?? 0,
    async (request, response) => {
      received += 1;
      const index = received;
      const { pathname, searchParams: query } = urlOf(request);
      if (request.method !== "GET" || pathname !== TOKEN_PATH) {
        const { status, headers, body } = answerBrowser(await readWhole(request), options.clientId, grants);
        response.writeHead(status, headers).end(body);
        return;
      }
      const exchange = {
        index,
        at: now(),
        grantType: query.get("grant_type") ?? "",
        presented: query.get("refresh_token") ?? query.get("code") ?? "",
      };
      const nth = exchanges.push({ ...exchange, verdict: "untouched" });
      const fault = faults?.({ index, operation: "token", nth, input: Object.fromEntries(query) });
      await answerUnder(fault, request, response, () => {
        if (quota?.admits(request.socket.remoteAddress ?? "", now()) === false) return TOO_MANY;
        const { verdict, answer } = answerTokenRequest(query, options, grants);
        exchanges[nth - 1] = { ...exchange, verdict };
        return answer;
      });
    },
    options.tls,
  );
  return {
    url,
    close,
    exchanges,
    get newestRefreshToken() {
      return grants.newestRefreshToken;
    },
    grant: () => grants.authorize(),
    code: (userId) => grants.newCode(userId),
    isLive: (refreshToken) => grants.isLive(refreshToken),
    setFaults(plan) {
      faults = plan;
    },
    setReuse(reuse) {
      grants.reuse = reuse;
    },
  };
}
