import { expect, it } from "vitest";
import { readAuthorizationResponse } from "../../../bin/authorize/authorize-response.ts";

function codeIn(pasted: string): unknown {
  const response = readAuthorizationResponse(pasted);
  return response.kind === "code" ? response.code.reveal() : response;
}

it.each([
  ["the code alone", " Zk3+x/9= \n", "Zk3+x/9="],
  ["the redirected URL", "https://desk.example/back?state=1&code=Zk3%2Bx%2F9%3D#top", "Zk3+x/9="],
  ["a URL whose server leaves a plus sign alone", "https://desk.example/back?code=Zk3+x", "Zk3+x"],
  ["the URL's query alone", "?code=Zk3&state=1", "Zk3"],
  ["a URL without its scheme", "localhost:8080/back?code=Zk3", "Zk3"],
  ["an app's own scheme", "com.example.desk://back?code=Zk3", "Zk3"],
  ["a code that looks like a parameter", "a=b", "a=b"],
])("takes the code from %s", (_what, pasted, code) => {
  expect(codeIn(pasted)).toBe(code);
});

it("tells an error by its name in RFC 6749", () => {
  expect(readAuthorizationResponse("https://desk.example/back?error=access_denied&error_description=hunter2")).toEqual({
    kind: "denied",
    error: "access_denied",
    meaning: "the person or XT refused to grant access",
  });
});

it.each(["hunter2", "toString"])("does not repeat the error %j, which RFC 6749 does not know", (error) => {
  expect(readAuthorizationResponse(`https://desk.example/back?error=${error}`)).toEqual({
    kind: "denied",
    error: "an unknown error",
    meaning: "no access was granted, open the link again",
  });
});

it.each([
  ["", "nothing was given, paste the code or the whole URL that the browser was sent to"],
  ["hunter2 hunter2", "the code must be one word, paste the code or the whole URL that the browser was sent to"],
  ["x".repeat(8_193), "the code must be one word, paste the code or the whole URL that the browser was sent to"],
  ["hünter2", "the code must be printable ASCII, check what was pasted"],
  [
    "https://www.xt.com/en/accounts/oauth2?response_type=code&client_id=1",
    "the URL holds no code, paste the one that the browser was sent to after access was granted",
  ],
  [
    "https://desk.example/back?code=",
    "the URL holds no code, paste the one that the browser was sent to after access was granted",
  ],
])("says what is wrong with %j and repeats nothing of it", (pasted, problem) => {
  expect(readAuthorizationResponse(pasted)).toEqual({ kind: "unusable", problem });
});
