import { Sensitive } from "../../lambda/rotation/sensitive.ts";

/** What the browser brought back. */
export type AuthorizationResponse =
  | { readonly kind: "code"; readonly code: Sensitive }
  /** XT or the person said no. `error` is RFC 6749's name for it. */
  | { readonly kind: "denied"; readonly error: string; readonly meaning: string }
  | { readonly kind: "unusable"; readonly problem: string };

/** @see RFC 6749 §4.1.2.1 */
const ERRORS: Readonly<Record<string, string>> = {
  invalid_request: "XT found the link malformed, check --redirect-uri and --scope",
  unauthorized_client: "this client may not ask for a code, let XT enable it",
  access_denied: "the person or XT refused to grant access",
  unsupported_response_type: "XT gives this client no codes, let XT enable it",
  invalid_scope: "XT does not know the scope or does not grant it to this client, check --scope",
  server_error: "XT failed, open the link again later",
  temporarily_unavailable: "XT is overloaded or under maintenance, open the link again later",
};

/** Far longer than any code; a page that was pasted by mistake is longer. */
const LONGEST = 8_192;

/**
 * Reads the code, or the whole URL that the browser was sent to. Nothing of the text is repeated: a code is as good as a password until
 * it is exchanged.
 *
 * @see RFC 6749 §4.1.2
 */
export function readAuthorizationResponse(text: string): AuthorizationResponse {
  const pasted = text.trim();
  if (pasted === "") return unusable("nothing was given, paste the code or the whole URL that the browser was sent to");
  if (pasted.length > LONGEST || /\s/.test(pasted)) {
    return unusable("the code must be one word, paste the code or the whole URL that the browser was sent to");
  }
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(pasted);
  if (!isUrl && !/(^|[?&])(code|error)=/.test(pasted)) return readCode(pasted);
  const query = new URLSearchParams(pasted.replace(/^[^?]*\?/, "").replace(/#.*$/, ""));
  const error = query.get("error");
  if (error !== null) return denied(error);
  const code = query.get("code");
  // No code holds a space: it was a plus sign that the server did not encode.
  if (code) return readCode(code.replaceAll(" ", "+"));
  return unusable("the URL holds no code, paste the one that the browser was sent to after access was granted");
}

function denied(error: string): AuthorizationResponse {
  const meaning = Object.hasOwn(ERRORS, error) ? ERRORS[error] : undefined;
  return meaning === undefined
    ? { kind: "denied", error: "an unknown error", meaning: "no access was granted, open the link again" }
    : { kind: "denied", error, meaning };
}

/** Printable ASCII is all that a code may be made of (RFC 6749 appendix A.11). */
function readCode(code: string): AuthorizationResponse {
  return /^[\x21-\x7e]+$/.test(code)
    ? { kind: "code", code: new Sensitive(code) }
    : unusable("the code must be printable ASCII, check what was pasted");
}

function unusable(problem: string): AuthorizationResponse {
  return { kind: "unusable", problem };
}
