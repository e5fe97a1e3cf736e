import type { TokenAnswer, TokenEndpoint } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import type { Presentation } from "./chronicle.ts";
import type { Fault } from "./fault.ts";
import type { Run } from "./run.ts";
import { transmit } from "./transmit.ts";
import type { Lifetimes, World } from "./world.ts";

/** The exchange's deadline over the whole answer, as deployed. */
export const EXCHANGE_TIMEOUT_MS = 60_000;
/** XT as one run reaches it. */
export function createTokenEndpoint(world: World, run: Run): TokenEndpoint {
  return {
    async exchange(_credentials, granted) {
      const isRenewal = "refreshToken" in granted;
      const token = (isRenewal ? granted.refreshToken : granted.authorizationCode).reveal();
      const presentation: Presentation = {
        run: run.record,
        token,
        atMs: world.time.nowMs,
        issued: undefined,
        learnt: "pending",
      };
      world.chronicle.presentations.push(presentation);
      world.noteChange();
      return transmit<TokenAnswer>(world, run, {
        name: "the exchange",
        attemptMs: EXCHANGE_TIMEOUT_MS,
        effect(fault) {
          const issued = isRenewal ? world.xt.present(token, world.time.nowMs) : world.xt.redeem(token);
          presentation.issued = issued;
          return issued === undefined ? REFUSAL : grant(issued, world.lifetimes(), fault);
        },
        failure,
        onAnswer(answer) {
          presentation.learnt = learntFrom(answer);
          const { learnt, issued } = presentation;
          if (learnt === "granted" && issued !== undefined) run.receive(issued);
        },
      });
    },

    probe() {
      const request = { name: "probing XT", attemptMs: EXCHANGE_TIMEOUT_MS, effect: () => REFUSAL, failure } as const;
      return transmit<TokenAnswer>(world, run, request);
    },
  };
}

function answered(status: number, body: string, complete = true): TokenAnswer {
  return { kind: "answered", status, body: new Sensitive(body), complete };
}

const REFUSAL = answered(200, '{"rc":1,"mc":"AUTH_101","ma":[],"result":null}');

function grant(refreshToken: string, lifetimes: Lifetimes, fault: Fault | undefined): TokenAnswer {
  const accessToken = refreshToken.replace("refresh", "access");
  const result = { access_token: accessToken, refresh_token: refreshToken, ...lifetimes };
  const body = JSON.stringify({ rc: 0, mc: "SUCCESS", ma: [], result });
  if (fault?.kind === "cut-off") return cutOff(body, accessToken);
  if (fault?.kind === "cut-off refresh") return cutOff(body, refreshToken);
  return answered(200, body);
}

function cutOff(body: string, token: string): TokenAnswer {
  return answered(200, body.slice(0, body.indexOf(token) + 8), false);
}

function failure({ kind, when }: Fault): TokenAnswer {
  switch (kind) {
    case "error":
      return when === "before" ? answered(503, "<html>unavailable</html>") : answered(502, "");
    case "lost":
      return { kind: "lost", code: "ECONNRESET" };
    case "stall":
      return { kind: "lost", code: "ETIMEDOUT" };
    case "denied":
      return answered(200, '{"rc":1,"mc":"AUTH_003","ma":[],"result":null}');
    case "unsent":
      return { kind: "unsent", code: "ECONNREFUSED" };
    case "throttled":
      return answered(429, "");
    case "death":
    case "freeze":
    case "stale":
    case "cut-off":
    case "cut-off refresh":
    case "suspend":
      throw new Error(`no exchange is answered with ${kind}`);
  }
}

/** What the answer says about the token, told apart here by its bare form. */
function learntFrom(answer: TokenAnswer): Presentation["learnt"] {
  if (answer.kind === "unsent") return "unspent";
  if (answer.kind === "lost" || answer.status >= 500) return "unknown";
  if (!answer.complete) return answer.body.reveal().includes("refresh_token") ? "kept" : "unknown";
  return answer.body.reveal().includes("SUCCESS") ? "granted" : "unspent";
}
