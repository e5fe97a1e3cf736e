import { expect, it } from "vitest";
import { authorizationLink, readLinkSettings } from "../../../bin/authorize/authorize-link.ts";

it("makes the documented link out of what is given", () => {
  const reading = readLinkSettings({
    "redirect-uri": "https://desk.example/back?to=xt",
    scope: "userinfo trade",
    language: "zh-HK",
  });

  expect(reading.kind === "link" && authorizationLink("client-1", reading.settings)).toBe(
    "https://www.xt.com/zh-HK/accounts/oauth2?response_type=code&client_id=client-1" +
      "&redirect_uri=https%3A%2F%2Fdesk.example%2Fback%3Fto%3Dxt&scope=userinfo+trade",
  );
});

it("asks for userinfo in English where nothing else is given", () => {
  expect(readLinkSettings({ "redirect-uri": "https://desk.example/back" })).toEqual({
    kind: "link",
    settings: { redirectUri: "https://desk.example/back", scope: "userinfo", language: "en" },
  });
});

it.each([
  [{}, "https://stack.example/back"],
  [{ "redirect-uri": "https://desk.example/back" }, "https://desk.example/back"],
])("with %j and a stack that names a redirect URI takes %s", (given, redirectUri) => {
  const reading = readLinkSettings(given, "https://stack.example/back");

  expect(reading).toMatchObject({ kind: "link", settings: { redirectUri } });
});

it("says that the redirect URI is missing", () => {
  expect(readLinkSettings({})).toEqual({
    kind: "unusable",
    problems: ["--redirect-uri is missing, give the URI that is registered for this client at XT"],
  });
});

it.each([["no-uri"], ["https://desk.example/#fragment"]])("refuses the redirect URI %j", (redirectUri) => {
  expect(readLinkSettings({ "redirect-uri": redirectUri })).toEqual({
    kind: "unusable",
    problems: ["--redirect-uri must be a whole URI without a fragment, as it is registered at XT"],
  });
});

it("finds every problem at once", () => {
  expect(readLinkSettings({ "redirect-uri": "https://desk.example", scope: "two  words", language: "../en" })).toEqual({
    kind: "unusable",
    problems: [
      "--scope must be words of printable ASCII with one space between them",
      "--language must be a language such as en or zh-HK",
    ],
  });
});
