import { isRedirectUri, REDIRECT_URI_EXPECTED } from "../../lambda/contract.ts";
import type { Given } from "../command-line/command.ts";

/** Where the person grants access: XT's web site, which is not the API's host. */
const XT_SITE = "https://www.xt.com";
/** What the documented link asks for, and XT's example grants. */
const DEFAULT_SCOPE = "userinfo";
const DEFAULT_LANGUAGE = "en";

/** What the authorization link is made of, beside the client id. */
export interface LinkSettings {
  /** As it is registered at XT, character for character. */
  readonly redirectUri: string;
  readonly scope: string;
  /** Of XT's pages. */
  readonly language: string;
}

export type LinkReading =
  | { readonly kind: "link"; readonly settings: LinkSettings }
  | { readonly kind: "unusable"; readonly problems: readonly string[] };

/**
 * Reads the options that the link needs. Finds every problem at once.
 *
 * @param registered redirect URI that counts where none is given
 */
export function readLinkSettings(given: Given, registered?: string): LinkReading {
  const { "redirect-uri": redirectUri = registered, scope = DEFAULT_SCOPE, language = DEFAULT_LANGUAGE } = given;
  const problems: string[] = [];
  if (redirectUri === undefined) {
    problems.push("--redirect-uri is missing, give the URI that is registered for this client at XT");
  } else if (typeof redirectUri !== "string" || !isRedirectUri(redirectUri)) {
    problems.push(`--redirect-uri must be ${REDIRECT_URI_EXPECTED}`);
  }
  if (typeof scope !== "string" || !/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(scope)) {
    problems.push("--scope must be words of printable ASCII with one space between them");
  }
  if (typeof language !== "string" || !/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(language)) {
    problems.push("--language must be a language such as en or zh-HK");
  }
  if (problems.length > 0) return { kind: "unusable", problems };
  return {
    kind: "link",
    settings: { redirectUri: String(redirectUri), scope: String(scope), language: String(language) },
  };
}

/**
 * The link that a person opens to grant access. It holds the client id, which every browser sees, and no secret.
 *
 * @see RFC 6749 §4.1.1; XT.COM API documentation, third-party section: Authorization Link
 */
export function authorizationLink(clientId: string, { redirectUri, scope, language }: LinkSettings): string {
  const query = new URLSearchParams({ response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope });
  return `${XT_SITE}/${language}/accounts/oauth2?${query}`;
}
