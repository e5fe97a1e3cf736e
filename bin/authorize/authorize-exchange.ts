import type { XtEndpoint } from "../../lambda/adapters/xt-endpoint.ts";
import type { ClientCredentials, Clock, TokenAnswer, TokenEndpoint } from "../../lambda/rotation/ports.ts";
import type { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { type ExchangeOutcome, readTokenAnswer } from "../../lambda/rotation/token-answer.ts";
import type { Origin, TokenPair } from "../../lambda/rotation/token-pair.ts";

/** What became of one authorization code. */
export type CodeOutcome =
  | ExchangeOutcome
  /** Tokens were granted, and no refresh token among them can be read. Nothing that could be kept alive. */
  | { readonly kind: "unrenewable" };

/** One code and the client that it was issued to. */
export interface Consent {
  readonly credentials: ClientCredentials;
  readonly code: Sensitive;
}

/**
 * The pair that stands in for the one whose refresh token an exchange spends: the code takes its refresh token's place, and there is
 * nothing else in it, since what an answer leaves out must not be filled in from the grant before, perhaps another user's.
 */
export function pairOfCode({ credentials, code }: Consent): TokenPair {
  return { refreshToken: code, clientId: credentials.clientId.reveal() };
}

/** One exchange that is over: as it came, and as it is read. */
export interface Exchanged {
  readonly answer: TokenAnswer;
  readonly outcome: CodeOutcome;
}

/** Presents the code once. Never rejects. */
export async function exchangeCode(
  endpoint: XtEndpoint,
  consent: Consent,
  origin: Omit<Origin, "issuedAtMs">,
  clock: Clock,
): Promise<Exchanged> {
  const answer = await endpoint.exchange({ ...consent.credentials, authorizationCode: consent.code });
  const outcome = readTokenAnswer(answer, pairOfCode(consent), { ...origin, issuedAtMs: clock.now() });
  const isFilledIn = outcome.kind === "granted" && outcome.pair.refreshToken.equals(consent.code);
  return { answer, outcome: isFilledIn ? { kind: "unrenewable" } : outcome };
}

/**
 * A token endpoint for the rotation's own `refresh`, which fences, stages and keeps, and does not notice that a code is presented in
 * the place of the parent's refresh token.
 *
 * Whatever grants nothing is passed on as never sent: for the parent's refresh token, which the attempt record is about, that is
 * the truth, and so the record is marked as unspent and the rotation goes on with that token.
 *
 * @param onEnded told what truly became of the code
 */
export function presentInstead(
  endpoint: XtEndpoint,
  consent: Consent,
  origin: Omit<Origin, "issuedAtMs">,
  clock: Clock,
  onEnded: (exchanged: Exchanged) => void,
): TokenEndpoint {
  return {
    async exchange() {
      const exchanged = await exchangeCode(endpoint, consent, origin, clock);
      onEnded(exchanged);
      const isGranted = exchanged.outcome.kind === "granted";
      return isGranted ? exchanged.answer : { kind: "unsent", code: "NO_PAIR_FOR_CODE" };
    },
  };
}
