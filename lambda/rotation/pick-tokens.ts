import type { FoundFields } from "./answer-fields.ts";
import { Sensitive } from "./sensitive.ts";
import type { TokenPair } from "./token-pair.ts";

/** The tokens of an answer; at least one of the two. */
export interface PickedTokens {
  readonly refresh: Sensitive | undefined;
  readonly access: Sensitive | undefined;
}

/**
 * Picks the tokens that an answer grants, `undefined` where it grants none. An answer that claims success is believed. In any
 * other, what stands in a token's place may be a remark about it (`"refresh_token": "is invalid"`), a masked copy, or an echo of
 * the request: it must be new and look like XT's tokens, which are JWTs, or be a new pair of anything else that looks issued.
 */
export function pickTokens(fields: FoundFields, spent: TokenPair, claimsSuccess: boolean): PickedTokens | undefined {
  if (claimsSuccess) return newest(fields, spent, () => true);
  const webTokens = newest(fields, spent, isJsonWebToken);
  if (webTokens && countNew(webTokens, spent) > 0) return webTokens;
  const opaque = newest(fields, spent, looksIssued);
  return opaque && countNew(opaque, spent) === 2 ? opaque : undefined;
}

function isJsonWebToken(text: string): boolean {
  return /^[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}$/.test(text);
}

/** RFC 6750 §2.1's characters, many of them, with a digit and a small letter, which codes lack, and without dots that mask. */
function looksIssued(text: string): boolean {
  return /^(?=.*\d)(?=.*[a-z])(?!.*\.\.)[\w.~+/-]{16,}=*$/.test(text);
}

function newest(fields: FoundFields, spent: TokenPair, isToken: (text: string) => boolean): PickedTokens | undefined {
  const refresh = newestOf(fields.refresh_token, spent.refreshToken, isToken);
  const access = newestOf(fields.access_token, spent.accessToken, isToken);
  return refresh === undefined && access === undefined ? undefined : { refresh, access };
}

/** The first token that differs from the one held, else the one held: an answer that is no JSON may echo the request first. */
function newestOf(
  values: readonly (string | number)[],
  held: Sensitive | undefined,
  isToken: (text: string) => boolean,
): Sensitive | undefined {
  const texts = values.filter((value) => typeof value === "string").filter(isToken);
  const tokens = texts.map((text) => new Sensitive(text));
  return tokens.find((token) => !token.equals(held)) ?? tokens[0];
}

function countNew({ refresh, access }: PickedTokens, spent: TokenPair): number {
  const isNew = [refresh && !refresh.equals(spent.refreshToken), access && !access.equals(spent.accessToken)];
  return isNew.filter(Boolean).length;
}
