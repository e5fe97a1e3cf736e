import { EventEmitter } from "node:events";
import { answerTokenRequest } from "../../sandbox/xt/answer-token-request.ts";
import { Grants } from "../../sandbox/xt/grants.ts";
import { RequestQuota } from "../../sandbox/xt/request-quota.ts";
import type { VirtualTime } from "../simulation/virtual-time.ts";
import { Rate } from "./rate.ts";

/** What the institution has from XT. */
export const CLIENT = { clientId: "client", clientSecret: "client-secret" };

const DAY_MS = 24 * 60 * 60_000;
/** How long the connection and the answer take, in milliseconds. Estimates. */
const TAKES_MS = { connection: 40, answer: 300 } as const;

/** XT behind `node:https`: the grants of the stand-in, whose they are, and the quota of one address. */
export class Xt {
  readonly requests = new Rate(60_000);
  throttled = 0;
  /** What XT answers all requests of these connections. */
  readonly failing = new Map<string, "throttled" | "refused">();
  /** The connection that each code and each refresh token was issued to. */
  readonly #owners = new Map<string, string>();
  readonly #quota = new RequestQuota();
  readonly #grants: Grants;
  readonly #time: VirtualTime;

  constructor(time: VirtualTime) {
    this.#time = time;
    const lifetimes = { accessLifetimeMs: DAY_MS, refreshLifetimeMs: 180 * DAY_MS };
    const { clientId } = CLIENT;
    this.#grants = new Grants({ now: () => time.nowMs, clientId, reuse: "single-use-revoking", ...lifetimes });
  }

  /** A person consents, for this connection. @returns the code */
  consent(connection: string): string {
    const code = this.#grants.newCode();
    this.#owners.set(code, connection);
    return code;
  }

  /** The refresh token of a pair that a person fetched without the function. */
  grant(connection: string): string {
    const { refreshToken } = this.#grants.authorize();
    this.#owners.set(refreshToken, connection);
    return refreshToken;
  }

  /** Whether this refresh token is the living one of this connection. */
  isLiving(refreshToken: string, connection: string): boolean {
    return this.#owners.get(refreshToken) === connection && this.#grants.isLive(refreshToken);
  }

  /** In place of `https.request`. */
  readonly request = ({ path }: { readonly path: string }): EventEmitter => {
    const socket = new EventEmitter();
    const end = () => this.#time.after(TAKES_MS.answer, "XT", () => this.#answer(path, sent));
    const sent = Object.assign(new EventEmitter(), { destroy() {}, end });
    this.#time.after(TAKES_MS.connection, "XT", () => {
      sent.emit("socket", socket);
      socket.emit("secureConnect");
    });
    return sent;
  };

  #answer(path: string, sent: EventEmitter): void {
    const { status, body } = this.#judge(new URL(path, "https://xt.example").searchParams);
    const headers = { date: new Date(this.#time.nowMs).toUTCString() };
    const message = Object.assign(new EventEmitter(), { statusCode: status, headers });
    sent.emit("response", message);
    message.emit("data", Buffer.from(body));
    message.emit("end");
  }

  #judge(query: URLSearchParams): { readonly status: number; readonly body: string } {
    const { nowMs } = this.#time;
    const owner = this.#owners.get(query.get("refresh_token") ?? query.get("code") ?? "") ?? "";
    const failure = this.failing.get(owner);
    this.requests.count(nowMs);
    const isAdmitted = this.#quota.admits("the one address", nowMs);
    if (!isAdmitted) this.throttled += 1;
    if (!isAdmitted || failure === "throttled") return { status: 429, body: "" };
    if (failure === "refused") return { status: 200, body: '{"rc":1,"mc":"AUTH_101","ma":[],"result":null}' };
    const { verdict, answer } = answerTokenRequest(query, CLIENT, this.#grants);
    if (verdict === "granted") this.#owners.set(this.#grants.newestRefreshToken ?? "", owner);
    return { status: answer.status, body: answer.body ?? "" };
  }
}
