import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { bodyOf, listen, urlOf } from "../../sandbox/listen.ts";

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(console, "info").mockReturnValue();
  vi.spyOn(console, "warn").mockReturnValue();
  return () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  };
});

const CONSENT =
  "https://www.xt.com/en/accounts/oauth2?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fdesk.example%2Fcallback&scope=userinfo&state=";

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

const AUTHORIZED: Reply = { body: { outcome: "authorized", reason: "authorized: XT granted a new pair" } };

/** The handler before a Lambda that answers so, and what it was asked. */
async function start({ status = 200, headers = {}, body }: Reply = AUTHORIZED) {
  const invocations: { readonly path: string; readonly event: unknown }[] = [];
  const lambda = await listen(0, async (request, response) => {
    invocations.push({ path: decodeURIComponent(urlOf(request).pathname), event: JSON.parse(await bodyOf(request)) });
    response.writeHead(status, headers).end(JSON.stringify(body));
  });
  onTestFinished(lambda.close);
  const environment = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    FUNCTION_NAME: "rotation:live",
    XT_CLIENT_ID: "client-1",
    REDIRECT_URI: "https://desk.example/callback",
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { handler } = await import("../../examples/connecting/callback.ts");

  /** As the HTTP API sends it, in the session of that user. */
  function get(pathAndQuery: string, user: string | undefined, cookies: readonly string[] = []) {
    const { pathname: rawPath, search } = new URL(pathAndQuery, "https://desk.example");
    const authorizer = { lambda: user === undefined ? null : { user } };
    const rawQueryString = search.slice(1);
    return handler(Object({ rawPath, rawQueryString, cookies, requestContext: { authorizer } }));
  }

  /** What `/connect` leaves in the browser of that user. */
  async function begin(user = "42") {
    const { headers = {}, cookies = [] } = await get("/connect", user);
    const state = new URL(String(headers["location"])).searchParams.get("state") ?? "";
    return { state, cookie: String(cookies[0]).split(";")[0] ?? "" };
  }

  return { get, begin, invocations };
}

it("sends the signed-in user to XT with a state of his own, whose secret half stays in a short-lived cookie", async () => {
  // given
  const { get } = await start();

  // when
  const { statusCode, headers, cookies } = await get("/connect", "42");

  // then
  expect(statusCode).toBe(302);
  const location = String(headers?.["location"]);
  expect(location.startsWith(CONSENT)).toBe(true);
  expect(location.slice(CONSENT.length)).toMatch(/^[\w-]{43}$/);
  expect(cookies).toEqual([
    expect.stringMatching(/^__Host-xt-connect=[\w-]{43}; Max-Age=900; Path=\/; Secure; HttpOnly; SameSite=Lax$/),
  ]);
});

it("begins each time with another state and another cookie", async () => {
  // given
  const { begin } = await start();

  // when
  const [one, other] = [await begin(), await begin()];

  // then
  expect(one.state).not.toBe(other.state);
  expect(one.cookie).not.toBe(other.cookie);
});

it("sends the code once, under the name of the session's user, whatever the query says", async () => {
  // given
  const { get, begin, invocations } = await start();
  const { state, cookie } = await begin();

  // when
  const query = `code=code-1&state=${state}&user=43&connection=user-43`;
  const { statusCode, cookies } = await get(`/callback?${query}`, "42", ["session=1", cookie]);

  // then
  expect(statusCode).toBe(200);
  expect(cookies).toEqual(["__Host-xt-connect=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"]);
  expect(invocations).toEqual([
    {
      path: "/2015-03-31/functions/rotation:live/invocations",
      event: { connection: "user-42", authorize: { code: "code-1" } },
    },
  ]);
});

it.each([
  ["without the cookie", "42", (state: string) => `state=${state}`, () => []],
  ["without the state", "42", () => "", (cookie: string) => [cookie]],
  ["with a state of the same length", "42", () => `state=${"x".repeat(43)}`, (cookie: string) => [cookie]],
  ["in the session of another user", "43", (state: string) => `state=${state}`, (cookie: string) => [cookie]],
  ["without a session", undefined, (state: string) => `state=${state}`, (cookie: string) => [cookie]],
])("refuses the way back %s, and invokes nothing", async (_, user, stateIn, cookiesOf) => {
  // given
  const { get, begin, invocations } = await start();
  const { state, cookie } = await begin();

  // when
  const { statusCode } = await get(`/callback?code=code-1&${stateIn(state)}`, user, cookiesOf(cookie));

  // then
  expect(statusCode).toBe(403);
  expect(invocations).toEqual([]);
});

it("refuses a state that fits an empty cookie", async () => {
  // given the hash of no nonce and the name of this user, which anybody can compute
  const { get, invocations } = await start();
  const state = "zl_lpCZbdk8hqvqtQ1hClZ_V7AZz8t326k5cT0kcOas";

  // when
  const { statusCode } = await get(`/callback?code=code-1&state=${state}`, "42", ["__Host-xt-connect="]);

  // then
  expect(statusCode).toBe(403);
  expect(invocations).toEqual([]);
});

it.each(["4 2", "a/b", "é", "", "x".repeat(60)])(
  "refuses the user '%s', whom no connection can be named after",
  async (user) => {
    // given
    const { get } = await start();

    // when
    const { statusCode, headers } = await get("/connect", user);

    // then
    expect(statusCode).toBe(403);
    expect(headers).not.toHaveProperty("location");
  },
);

it("invokes nothing when the user did not grant access", async () => {
  // given
  const { get, begin, invocations } = await start();
  const { state, cookie } = await begin();

  // when
  const { statusCode, body } = await get(`/callback?error=access_denied&state=${state}`, "42", [cookie]);

  // then
  expect(statusCode).toBe(403);
  expect(body).toContain("You did not grant access");
  expect(invocations).toEqual([]);
});

const FAILED = { "x-amz-function-error": "Unhandled" };

it.each([
  ["is connected", AUTHORIZED, 200, "is connected", false],
  ["must reload", { body: { outcome: "deferred", reason: "authorization-at-work: …" } }, 202, "Reload this page", true],
  ["was another XT user", { body: { outcome: "halted", reason: "other-account: …" } }, 409, "another user", false],
  ["must begin again", { headers: FAILED, body: { errorType: "AuthorizationRejected" } }, 502, "Begin again", false],
  [
    "must begin again after a crash",
    { headers: FAILED, body: { errorMessage: "timed out" } },
    502,
    "Begin again",
    false,
  ],
  ["must reload where no answer came", { status: 500, body: {} }, 202, "Reload this page", true],
] as const)(
  "tells that the user %s, and keeps the cookie for a reload alone",
  async (_, reply, status, text, isKept) => {
    // given
    vi.spyOn(console, "warn").mockReturnValue();
    const { get, begin, invocations } = await start(reply);
    const { state, cookie } = await begin();

    // when
    const { statusCode, body, cookies = [] } = await get(`/callback?code=code-1&state=${state}`, "42", [cookie]);

    // then
    expect(statusCode).toBe(status);
    expect(body).toContain(text);
    expect(cookies.length).toBe(isKept ? 0 : 1);
    expect(invocations).toHaveLength(1);
  },
);

it.each([AUTHORIZED, { status: 500, body: {} }])(
  "writes the code neither to the log nor to the page",
  async (reply) => {
    // given
    const { get, begin } = await start(reply);
    const { state, cookie } = await begin();

    // when
    const answer = await get(`/callback?code=code-1&state=${state}`, "42", [cookie]);

    // then
    const lines = [console.info, console.warn].flatMap((log) => vi.mocked(log).mock.calls);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify([lines, answer])).not.toContain("code-1");
  },
);
