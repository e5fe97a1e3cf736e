import { renewAtMs } from "../../lambda/rotation/renewal.ts";
import { EXIT, type Exit, type Target } from "../command-line/command.ts";
import { describeInstant } from "../command-line/duration.ts";
import { nextCommand } from "../command-line/next-command.ts";
import type { Authorized } from "./authorized.ts";

/** What the person is told, and how the command ends. */
export interface Report {
  readonly exit: Exit;
  readonly sentence: string;
}

type Reportable = Exclude<Authorized, { kind: "not-kept" }>;
type Ungranted = Extract<Authorized, { kind: "ungranted" }>["outcome"];

const AGAIN = "open the link again and type the same command again";

/** One sentence for each ending, that says where the pair is and what to do. */
export function reportAuthorized(target: Target, authorized: Reportable, nowMs: number): Report {
  const { tokenSecretId } = target.config;
  const recover = nextCommand(target, "recover");
  switch (authorized.kind) {
    case "in-use": {
      const { versionId, pair, replaced } = authorized;
      const previous = replaced === undefined ? "" : `, version ${replaced} is AWSPREVIOUS now`;
      const lives = pair.expiresAtMs === undefined ? "an unknown time" : describeInstant(pair.expiresAtMs);
      const renewed = describeInstant(renewAtMs(pair, nowMs));
      return {
        exit: EXIT.done,
        sentence:
          `token pair: written to ${tokenSecretId} as version ${versionId}${previous}\n` +
          `next: the access token lives until ${lives}, a tick renews it from ${renewed} on`,
      };
    }
    case "staged":
      return attention(
        `the pair is safe in version ${authorized.versionId} of ${tokenSecretId} under XT_ISSUED and not in use yet, AWSCURRENT could ` +
          `not be moved (${authorized.code}): ${authorized.isPromotedByTick ? "the next tick moves it, or " : ""}type ${recover}`,
      );
    case "superseded":
      return attention(
        `AWSCURRENT of ${tokenSecretId} was moved to version ${authorized.by} by a rotation or by somebody else meanwhile, the new pair ` +
          `is not in use and stays in version ${authorized.versionId} under XT_ISSUED, to use it type ${recover}`,
      );
    case "escrowed": {
      const { versionId, adoptedFromMs, code } = authorized;
      const adopted =
        adoptedFromMs === undefined
          ? `to bring it home type ${recover} once Secrets Manager is well`
          : `a tick brings it home from ${describeInstant(adoptedFromMs)} on, to do so sooner type ${recover}`;
      return attention(
        `Secrets Manager did not take the pair (${code}), it is safe in the escrow as version ${versionId}, ${adopted}`,
      );
    }
    case "peer-at-work":
      return failed(
        `a rotation or somebody else began to work on ${tokenSecretId} meanwhile, the code was not presented: it is over at ` +
          `${describeInstant(authorized.untilMs)} at the latest, look with ${nextCommand(target, "status")} and type the same command again`,
      );
    case "ungranted":
      return failed(
        `${reasonFor(authorized.outcome, nextCommand(target, "doctor"))}; the token secret holds what it held`,
      );
  }
}

function reasonFor(outcome: Ungranted, doctor: string): string {
  switch (outcome.kind) {
    case "rejected":
      return (
        `XT refused the code with ${outcome.mc} (HTTP ${outcome.status}), a code is good once and for minutes and for this client alone: ` +
        `${AGAIN}, and if that is refused too check the client credentials with ${doctor}`
      );
    case "throttled":
      return `XT asks for fewer requests and locks accounts for 10 minutes, wait as long, then ${AGAIN}`;
    case "unsent":
      return `the token endpoint was not reached (${outcome.code}), the code is not spent: check the network and type the same command again with it, or ${AGAIN}`;
    case "unknown":
      return `the exchange ended without a usable answer (${outcome.code}), the code may be spent and what it bought is lost: ${AGAIN}`;
    case "unrenewable":
      return `XT's answer holds no refresh token that can be read, the code is spent and there is nothing to keep alive: ${AGAIN}`;
  }
}

function attention(sentence: string): Report {
  return { exit: EXIT.attention, sentence };
}

function failed(sentence: string): Report {
  return { exit: EXIT.failed, sentence };
}
