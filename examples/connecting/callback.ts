import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { APIGatewayProxyEventV2WithLambdaAuthorizer, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

type Request = APIGatewayProxyEventV2WithLambdaAuthorizer<{ readonly user?: string } | null>;
type Answer = APIGatewayProxyStructuredResultV2;

const { FUNCTION_NAME, XT_CLIENT_ID = "", REDIRECT_URI = "", XT_SITE = "https://www.xt.com" } = process.env;

/** Sent once. The person's reload is the second try: the function exchanges a code once, however often it comes. */
const client = new LambdaClient({ maxAttempts: 1 });

/** `__Host-`: no other host of the domain can set it (RFC 6265bis §4.1.3.2). Lax: it comes along when XT sends the browser back. */
const COOKIE = "__Host-xt-connect";
const forMinutes = (minutes: number) => `; Max-Age=${minutes * 60}; Path=/; Secure; HttpOnly; SameSite=Lax`;
const ENDED = [`${COOKIE}=${forMinutes(0)}`];

export async function handler(request: Request): Promise<Answer> {
  const user = userOf(request);
  if (user === undefined || !/^[\w.-]{1,59}$/.test(user)) return page(403, "Sign in first.");
  // With a beginning of its own, so that no user gets the connection of something else, such as `default`.
  const connection = `user-${user}`;
  return request.rawPath === "/callback" ? connect(request, connection) : sendToXt(connection);
}

/** The signed-in user, as the API's authorizer has verified it. Replace it with your own session, and never read it from the query. */
function userOf({ requestContext: { authorizer } }: Request): string | undefined {
  return authorizer.lambda?.user;
}

function sendToXt(connection: string): Answer {
  const nonce = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: XT_CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    scope: "userinfo",
    state: stateOf(nonce, connection),
  });
  const headers = { location: `${XT_SITE}/en/accounts/oauth2?${query}`, "cache-control": "no-store" };
  return { statusCode: 302, headers, cookies: [`${COOKIE}=${nonce}${forMinutes(15)}`] };
}

/** It holds for this browser and this user: nobody can be led to connect his XT account to another's user (RFC 6749 §10.12). */
function stateOf(nonce: string, connection: string): string {
  return createHash("sha256").update(`${nonce} ${connection}`).digest("base64url");
}

async function connect({ rawQueryString, cookies = [] }: Request, connection: string): Promise<Answer> {
  const query = new URLSearchParams(rawQueryString);
  const nonce = cookies.find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  if (!nonce || !isEqual(query.get("state") ?? "", stateOf(nonce, connection))) {
    return page(403, "This page was not opened from here, or too late.");
  }
  const code = query.get("code");
  if (!code) return page(403, "You did not grant access. Nothing has changed.", ENDED);
  switch (await authorize(connection, code)) {
    case "authorized":
      return page(200, "Your XT account is connected.", ENDED);
    case "deferred":
      return page(202, "XT's answer is being stored. Reload this page in a minute.");
    case "halted":
      return page(409, "You were signed in at XT as another user than before. Nothing has changed.", ENDED);
    default:
      return page(502, "Your XT account could not be connected.", ENDED);
  }
}

/** The function's outcome, or its error's name. Neither the code nor the event goes to the log. */
async function authorize(connection: string, code: string): Promise<unknown> {
  const Payload = JSON.stringify({ connection, authorize: { code } });
  try {
    const { Payload: payload } = await client.send(new InvokeCommand({ FunctionName: FUNCTION_NAME, Payload }));
    const { outcome, reason, errorType, errorMessage } = JSON.parse(payload?.transformToString() ?? "");
    console.info({ connection, outcome: outcome ?? errorType, reason: reason ?? errorMessage });
    return outcome ?? errorType;
  } catch (error) {
    // The function may be at work. A reload tells.
    console.warn({ connection, lost: error instanceof Error ? error.name : "" });
    return "deferred";
  }
}

function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function page(statusCode: number, text: string, cookies: string[] = []): Answer {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
    // The address holds the code.
    "referrer-policy": "no-referrer",
  };
  const again = statusCode < 400 ? "" : '<p><a href="/connect">Begin again</a></p>';
  const body = `<!doctype html>\n<title>XT</title>\n<p>${text}</p>${again}\n`;
  return { statusCode, headers, cookies, body };
}
