import { randomBytes } from "node:crypto";
import type { Sensitive } from "../lambda/rotation/sensitive.ts";
import { actAndTell } from "./act.ts";
import { CommandFailure, EXIT, type Exit } from "./failure.ts";
import { inspect } from "./invoke.ts";
import type { Call } from "./show.ts";

/** XT's web site, which is not the API's host. */
const XT_SITE = "https://www.xt.com";
/** What the documented link asks for, and XT's example grants. */
const SCOPE = "userinfo";

/** What the browser was sent off with. */
export interface Sent {
  readonly redirectUri: string;
  /** Ours, so that a code that somebody else obtained is not taken for the person's (RFC 6749 §10.12). */
  readonly state: string;
}

/** Shows the link, takes the code and lets the function exchange it. */
export async function run(call: Call): Promise<Exit> {
  const { target, options, terminal } = call;
  const redirectUri = checkedRedirectUri(options.own["redirect-uri"] ?? target.outputs["RedirectUri"]);
  const seen = await terminal.waiting("asking the function", inspect(target));
  if (seen.kind === "blind") {
    throw new CommandFailure(
      `${seen.why}. The function must exchange the code. Type this first: ${target.commandLine("doctor")}`,
    );
  }
  const { clientId } = seen.inspection.settings;
  if (clientId === null) {
    const seed = target.commandLine("seed --credentials-only");
    throw new CommandFailure(`the client secret holds no usable credentials, write them first: ${seed}`);
  }
  if (seen.inspection.verdict.code === "not-connected") {
    terminal.note(`${target.connection} is not connected: the function makes the connection when the code arrives`);
  }
  const sent = { redirectUri, state: randomBytes(16).toString("base64url") };
  // Only the deployment of `npm start -- --serve` names another site.
  const site = target.outputs["AuthorizationUrl"] ?? XT_SITE;
  terminal.note(`open this link and grant access:\n${authorizationLink(site, clientId, sent)}`);
  const [answer] = terminal.isInteractive
    ? await terminal.ask([{ text: "code, or URL to which XT sent the browser (not shown)", isSecret: true }])
    : [await terminal.readInput()];
  const code = readCode(answer, sent);
  const replaceAccount = options.own["replace-account"] === true;
  const authorize = replaceAccount ? { code, replaceAccount } : { code };
  return actAndTell(call, { authorize }, "exchanging the code and storing the pair", ["authorized"]);
}

/** As it is registered at XT, character for character (RFC 6749 §3.1.2). */
function checkedRedirectUri(given: string | true = ""): string {
  const uri = String(given);
  if (/^[\x21-\x7e]+$/.test(uri) && URL.canParse(uri) && !uri.includes("#")) return uri;
  const found = uri === "" ? "is missing" : "must be an absolute URI without a fragment";
  throw unusable(`--redirect-uri ${found}, give the URI that is registered for this client at XT`);
}

/**
 * The link that a person opens to grant access. It holds no secret.
 *
 * @see RFC 6749 §4.1.1; XT.COM API documentation, third-party section: Authorization Link
 */
export function authorizationLink(site: string, clientId: string, { redirectUri, state }: Sent): string {
  const query = { response_type: "code", client_id: clientId, redirect_uri: redirectUri, scope: SCOPE, state };
  return `${site}/en/accounts/oauth2?${new URLSearchParams(query)}`;
}

/** What may be repeated of an answer without a code. RFC 6749 §4.1.2.1. */
const KNOWN_ERROR =
  /^(invalid_request|unauthorized_client|access_denied|unsupported_response_type|invalid_scope|server_error|temporarily_unavailable)$/;

/** Far longer than any code; a page that was pasted by mistake is longer. */
const LONGEST_ANSWER = 8_192;
const EXPECTED = "paste the code, or the whole URL to which XT sent the browser";

/**
 * Reads the code, or the URL that the browser was sent to. Nothing of it is repeated: a code is a secret until it is exchanged.
 *
 * @throws CommandFailure
 * @see RFC 6749 §4.1.2
 */
export function readCode(answer: Sensitive | undefined, { redirectUri, state }: Sent): string {
  const pasted = answer?.reveal().trim() ?? "";
  if (pasted === "") throw unusable(`nothing was given, ${EXPECTED}`);
  if (pasted.length > LONGEST_ANSWER || !/^[\x21-\x7e]+$/.test(pasted)) {
    throw unusable(`the code must be one word of printable ASCII, ${EXPECTED}`);
  }
  const isUrl = /^[a-z][a-z\d+.-]*:\/\//i.test(pasted);
  if (!isUrl && !/(^|[?&])(code|error)=/.test(pasted)) return pasted;
  if (isUrl && !leadsTo(pasted, redirectUri)) {
    throw unusable(`the URL does not begin with the redirect URI ${redirectUri}, ${EXPECTED}`);
  }
  const query = new URLSearchParams(pasted.replace(/^[^?]*\?/, "").replace(/#.*$/, ""));
  if (query.has("state") && query.get("state") !== state) {
    throw unusable("the URL belongs to an earlier link, open the link above and paste the URL to which it leads");
  }
  const error = query.get("error");
  if (error !== null) {
    const word = KNOWN_ERROR.test(error) ? error : "an unknown error";
    throw new CommandFailure(
      `XT sent the browser back with ${word} and no code: open the link again and grant access, or ask XT what this client may do`,
    );
  }
  // No code holds a space: it was a plus sign that the server did not encode.
  const code = query.get("code")?.replaceAll(" ", "+");
  if (code) return code;
  throw unusable(`the URL holds no code, ${EXPECTED}`);
}

/** Whether XT sent the browser to the redirect URI: it adds to the query and changes nothing else. */
function leadsTo(pasted: string, redirectUri: string): boolean {
  if (!URL.canParse(pasted)) return false;
  const [url, registered] = [new URL(pasted), new URL(redirectUri)];
  const isSamePlace =
    url.protocol === registered.protocol && url.host === registered.host && url.pathname === registered.pathname;
  return isSamePlace && [...registered.searchParams].every(([name, value]) => url.searchParams.get(name) === value);
}

function unusable(problem: string): CommandFailure {
  return new CommandFailure(problem, EXIT.unusable);
}
