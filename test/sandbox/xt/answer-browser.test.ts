import { expect, it } from "vitest";
import { ask, start } from "./started.ts";

const REDIRECT_URI = "https://desk.example/back?desk=a";

function consentUrl(base: string, changes: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "client-1",
    redirect_uri: REDIRECT_URI,
    scope: "userinfo",
    state: "s 1",
    ...changes,
  });
  return `${base}/en/accounts/oauth2?${query}`;
}

/** Presses one of the page's buttons and returns where the browser is sent. */
async function press(url: string, user: string): Promise<string> {
  const response = await fetch(url, { method: "POST", body: new URLSearchParams({ user }), redirect: "manual" });
  expect(response.status).toBe(302);
  return response.headers.get("location") ?? "";
}

it("asks for consent with a button for each of two users and one to deny", async () => {
  const xt = await start();

  const response = await fetch(consentUrl(xt.url, { scope: "<b>" }));

  const html = await response.text();
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(html).toContain('<form method="post">');
  expect(html.match(/name="user" value="\d*"/g)).toEqual([
    'name="user" value="12345678"',
    'name="user" value="87654321"',
    'name="user" value=""',
  ]);
  expect(html).not.toContain("<b>");
});

it.each(["12345678", "87654321"])("redirects with a code that buys a pair of user %s once", async (user) => {
  // given
  const xt = await start();

  // when
  const location = await press(consentUrl(xt.url), user);
  const code = new URL(location).searchParams.get("code") ?? "";
  const first = await ask(xt, { grant_type: "authorization_code", code });
  const second = await ask(xt, { grant_type: "authorization_code", code });

  // then
  expect(location).toBe(`https://desk.example/back?desk=a&code=${code}&state=s+1`);
  expect(first).toMatchObject({ rc: 0, result: { user_id: user } });
  expect(second).toMatchObject({ rc: 1 });
});

it("keeps the user through every renewal", async () => {
  const xt = await start();
  const code = new URL(await press(consentUrl(xt.url), "87654321")).searchParams.get("code") ?? "";
  const { result } = await ask(xt, { grant_type: "authorization_code", code });

  const renewed = await ask(xt, {
    grant_type: "refresh_token",
    refresh_token: (result as { refresh_token: string }).refresh_token,
  });

  expect(renewed).toMatchObject({ rc: 0, result: { user_id: "87654321" } });
});

it("redirects with access_denied where the person denies", async () => {
  const xt = await start();

  const location = await press(consentUrl(xt.url), "");

  expect(location).toBe("https://desk.example/back?desk=a&error=access_denied&state=s+1");
});

it.each([
  [{ client_id: "other" }, "client_id must be client-1"],
  [{ redirect_uri: "/back" }, "redirect_uri must be a whole URI"],
  [{ response_type: "token" }, "response_type must be code"],
])("says what is wrong with a link and sends the browser nowhere: %o", async (changes, sentence) => {
  const xt = await start();

  const response = await fetch(consentUrl(xt.url, changes), { method: "POST", redirect: "manual" });

  expect(response.status).toBe(400);
  expect(response.headers.get("location")).toBeNull();
  expect(await response.text()).toContain(sentence);
});

it("has a page that the redirect can lead to, which shows the address to paste", async () => {
  const xt = await start();

  const response = await fetch(await press(consentUrl(xt.url, { redirect_uri: `${xt.url}/redirected` }), "12345678"));

  expect(response.status).toBe(200);
  expect(await response.text()).toContain("textContent = location.href");
});
