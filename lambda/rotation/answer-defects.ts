import { findFields } from "./answer-fields.ts";
import { expiryMs } from "./expiry.ts";
import { parseJson } from "./json.ts";
import type { TokenAnswer } from "./ports.ts";
import { Sensitive } from "./sensitive.ts";
import { bodyText, readEnvelope } from "./token-answer.ts";

/** Two statements of one expiry that lie further apart than this disagree; clocks and transit take their share. */
const EXPIRY_SLACK_MS = 60_000;

/** Whether an answer broke off, or is no JSON, and the refresh token that it most likely held cannot be read. */
export function hidesRefreshToken(answer: TokenAnswer): boolean {
  if (answer.kind !== "answered") return false;
  const document = parseJson(bodyText(answer));
  if (answer.complete && document !== undefined) return false;
  return !findFields(bodyText(answer), document).refresh_token.some((value) => typeof value === "string");
}

/** What is odd about an answer that granted a pair, for the log. It is asked after the pair is safe, and changes nothing. */
export function findDefects(answer: TokenAnswer, issuedAtMs: number): readonly string[] {
  if (answer.kind !== "answered") return [];
  const document = parseJson(bodyText(answer));
  const fields = findFields(bodyText(answer), document);
  const rc = readEnvelope(answer)?.rc;
  const access = fields.access_token.find((value) => typeof value === "string");
  const exp = access === undefined ? undefined : expiryMs(new Sensitive(access), undefined, issuedAtMs);
  const stated = expiryMs(undefined, fields.expires_in[0], issuedAtMs);
  const disagree = exp !== undefined && stated !== undefined && Math.abs(exp - stated) > EXPIRY_SLACK_MS;
  const claims: readonly (readonly [boolean, string])[] = [
    [answer.status !== 200, `the status must be 200, got ${answer.status}`],
    [!answer.complete, "the answer was cut off"],
    [document === undefined, "the answer is no JSON"],
    [document !== undefined && rc === undefined, "the answer has no readable rc"],
    [rc !== undefined && rc !== 0, `rc must be 0, got ${rc}`],
    [
      !fields.refresh_token.some((value) => typeof value === "string"),
      "refresh_token is missing, the one held is kept",
    ],
    [access === undefined, "access_token is missing, the one held is kept"],
    [access !== undefined && exp === undefined && stated === undefined, "the lifetime is unknown"],
    [disagree, "expires_in and the token's exp disagree, exp is taken"],
  ];
  return claims.filter(([isTrue]) => isTrue).map(([, defect]) => defect);
}
