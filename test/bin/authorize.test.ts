import { expect, it } from "vitest";
import { authorizationLink, readCode } from "../../bin/authorize.ts";
import { CommandFailure } from "../../bin/failure.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

const SENT = { redirectUri: "https://desk.example/cb?app=1", state: "state-1" };

function read(answer: string): string {
  return readCode(new Sensitive(answer), SENT);
}

function refusalOf(answer: string): string {
  try {
    return `took ${read(answer)}`;
  } catch (error) {
    return error instanceof CommandFailure ? error.message : "an error of another kind";
  }
}

it("makes XT's documented link, with a state", () => {
  expect(authorizationLink("https://www.xt.com", "client-1", SENT)).toBe(
    "https://www.xt.com/en/accounts/oauth2?response_type=code&client_id=client-1&redirect_uri=https%3A%2F%2Fdesk.example%2Fcb%3Fapp%3D1&scope=userinfo&state=state-1",
  );
});

it.each([
  ["a code", " a+b/c= \n"],
  ["the whole URL", "https://desk.example/cb?app=1&code=a%2Bb%2Fc%3D&state=state-1"],
  ["a URL without a state", "https://desk.example/cb?app=1&code=a%2Bb/c%3D"],
  ["a plus sign that was not encoded", "https://desk.example/cb?app=1&code=a+b/c%3D#top"],
  ["the query alone", "?code=a%2Bb/c%3D&state=state-1"],
])("reads the code from %s", (_what, answer) => {
  expect(read(answer)).toBe("a+b/c=");
});

it.each([
  [
    "another place",
    "https://evil.example/cb?app=1&code=hunter2",
    /^the URL does not begin with the redirect URI https:\/\/desk/,
  ],
  ["a changed query", "https://desk.example/cb?app=2&code=hunter2", /^the URL does not begin with the redirect URI/],
  ["another link's state", "https://desk.example/cb?app=1&code=hunter2&state=x", /^the URL belongs to an earlier link/],
  [
    "a refusal",
    "https://desk.example/cb?app=1&error=access_denied",
    /^XT sent the browser back with access_denied and/,
  ],
  [
    "an error of its own",
    "https://desk.example/cb?app=1&error=hunter2",
    /^XT sent the browser back with an unknown error/,
  ],
  ["no code", "https://desk.example/cb?app=1", /^the URL holds no code/],
  ["two words", "hunter2 hunter2", /^the code must be one word/],
  ["a page", "hunter2".repeat(2_000), /^the code must be one word/],
  ["nothing", " \n", /^nothing was given/],
])("takes no code from %s and repeats nothing", (_what, answer, sentence) => {
  const refusal = refusalOf(answer);

  expect(refusal).toMatch(sentence);
  expect(refusal).not.toContain("hunter2");
});
