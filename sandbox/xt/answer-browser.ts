import type { Answer } from "../faults.ts";
import type { WholeRequest } from "../listen.ts";
import { type Grants, USER_IDS } from "./grants.ts";

/** Path of the page that the redirect can lead to. It shows what the person has to paste. */
export const REDIRECT_PATH = "/redirected";

const CONSENT_PATH = /^\/[a-z]{2,3}(-[A-Za-z]{2,4})?\/accounts\/oauth2$/;

/**
 * Answers a person's browser: the page on which XT asks for consent, and the page that the redirect can lead to.
 * @see RFC 6749 §4.1.1 and §4.1.2; XT.COM API documentation, third-party section: Authorization Link
 */
export function answerBrowser(request: WholeRequest, clientId: string, grants: Grants): Answer {
  const { method, path, query, body } = request;
  if (method === "GET" && path === REDIRECT_PATH) return page(200, REDIRECTED);
  if (!CONSENT_PATH.test(path)) return { status: 404, headers: {}, body: "" };
  const problem = problemOf(query, clientId);
  if (problem !== undefined) return page(400, `<p>XT cannot ask for consent: ${problem}</p>`);
  if (method !== "POST") return page(200, consentForm(query));
  const user = new URLSearchParams(body).get("user");
  const userId = USER_IDS.find((id) => id === user);
  return redirect(query, userId === undefined ? { error: "access_denied" } : { code: grants.newCode(userId) });
}

/** Nothing may be sent to a redirect URI before these hold (RFC 6749 §4.1.2.1). */
function problemOf(query: URLSearchParams, clientId: string): string | undefined {
  if (query.get("client_id") !== clientId) return `client_id must be ${clientId}`;
  if (!URL.canParse(query.get("redirect_uri") ?? "")) return "redirect_uri must be a whole URI";
  if (query.get("response_type") !== "code") return "response_type must be code";
  return undefined;
}

function redirect(query: URLSearchParams, told: Readonly<Record<string, string>>): Answer {
  const location = new URL(query.get("redirect_uri") ?? "");
  const state = query.get("state");
  for (const [name, value] of Object.entries({ ...told, ...(state === null ? {} : { state }) })) {
    location.searchParams.set(name, value);
  }
  return { status: 302, headers: { location: location.href, "cache-control": "no-store" }, body: "" };
}

/** Without an action, the form is sent to the page's own address, query included. */
function consentForm(query: URLSearchParams): string {
  const buttons = USER_IDS.map((id) => `<p><button name="user" value="${id}">Grant access as user ${id}</button></p>`);
  return [
    `<p>The client ${escaped(query.get("client_id"))} asks for access: ${escaped(query.get("scope"))}</p>`,
    `<form method="post">${buttons.join("")}<p><button name="user" value="">Deny</button></p></form>`,
  ].join("\n");
}

/** The address stands in the browser alone: the server would show it as it arrived, without its host. */
const REDIRECTED = `<p>Copy this address and paste it where <code>xt-token authorize</code> asks for it:</p>
<p><code id="address"></code></p>
<script>document.getElementById("address").textContent = location.href;</script>`;

function page(status: number, content: string): Answer {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
    body: `<!doctype html>\n<title>XT stand-in</title>\n<h1>XT stand-in</h1>\n${content}\n`,
  };
}

function escaped(text: string | null): string {
  return (text ?? "").replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
