import { type Setting, valueOr } from "./setting.ts";

/** What a redirect URI must be, as XT compares it: character for character. */
export const REDIRECT_URI_EXPECTED = "a whole URI without a fragment, as it is registered at XT";

/** @see RFC 6749 §3.1.2 */
export function isRedirectUri(text: string): boolean {
  return URL.canParse(text) && /^[\x21-\x7e]+$/.test(text) && !text.includes("#");
}

export const REDIRECT_URI: Setting<string> = {
  key: "redirectUri",
  expected: REDIRECT_URI_EXPECTED,
  read: (text) => valueOr(isRedirectUri(text) ? text : undefined, text),
};
