import { expect, it } from "vitest";
import { createRedactor } from "../../lambda/adapters/redactor.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";

function redactorOf(...documents: readonly string[]) {
  const redactor = createRedactor();
  for (const document of documents) redactor.watch(new Sensitive(document));
  return redactor;
}

it.each(["access_token", "refresh_token", "client_secret"])("redacts a %s wherever it turns up", (name) => {
  const redactor = redactorOf(`{"${name}":"secret-1"}`);

  expect(redactor.redact("secret-1 in ?a=secret-1&b")).toBe("[redacted] in ?a=[redacted]&b");
});

it("redacts the secrets of every document that it was shown", () => {
  const redactor = redactorOf(
    '{"access_token":"access-1","refresh_token":"refresh-1"}',
    '{"client_secret":"client-1"}',
  );

  expect(redactor.redact("access-1 refresh-1 client-1")).toBe("[redacted] [redacted] [redacted]");
});

it.each([
  ["plain", "a b/c+d=\u00e9"],
  ["in a path", "a%20b%2Fc%2Bd%3D%C3%A9"],
  ["in a query", "a+b%2Fc%2Bd%3D%C3%A9"],
])("redacts a secret with odd characters %s", (_, printed) => {
  const redactor = redactorOf('{"client_secret":"a b\\/c+d=\\u00e9"}');

  expect(redactor.redact(`got ${printed}.`)).toBe("got [redacted].");
});

it("finds secrets at any depth and in what is no JSON", () => {
  const redactor = redactorOf('{"rc":0,"result":{"access_token" : "access-1",}, //');

  expect(redactor.redact("access-1")).toBe("[redacted]");
});

it("leaves what is no secret as it is", () => {
  const redactor = redactorOf('{"client_id":"client-1","scope":"userinfo","refresh_token":"refresh-1"}');

  expect(redactor.redact("client-1 has userinfo")).toBe("client-1 has userinfo");
});

it("redacts six characters, and no fewer, lest ordinary words go", () => {
  const redactor = redactorOf('{"access_token":"seconds"}', '{"refresh_token":"second"}', '{"client_secret":"token"}');

  expect(redactor.redact("second token")).toBe("[redacted] token");
});

it("redacts the longer of two secrets that begin alike as a whole", () => {
  const redactor = redactorOf('{"client_secret":"abcdef"}', '{"access_token":"abcdef-ghijkl"}');

  expect(redactor.redact("abcdef-ghijkl, abcdef")).toBe("[redacted], [redacted]");
});

it.each([
  ["a raw line feed", '{"refresh_token":"pasted\nbadly"}', "pasted\nbadly"],
  ["an escape that JSON does not know", '{"refresh_token":"pasted\\qbadly"}', "pasted\\qbadly"],
  ["half of a surrogate pair", '{"refresh_token":"half-\\ud800-pair"}', "half-\ud800-pair"],
])("takes a secret with %s", (_, document, secret) => {
  expect(redactorOf(document).redact(secret)).toBe("[redacted]");
});

it("leaves everything as it is before it has seen a secret", () => {
  expect(redactorOf().redact("refresh-1")).toBe("refresh-1");
});

it.each([
  ["between blanks and quotes", '{"refresh_token":" \\"refresh-1\\u200B\\n"}'],
  ["in JSON text within JSON text", JSON.stringify('{"refresh_token":"refresh-1"}')],
  ["in a result that is text", JSON.stringify({ rc: 0, result: '{"refresh_token":"refresh-1"}' })],
])("redacts a secret that was pasted %s as it is presented to XT", (_, document) => {
  expect(redactorOf(document).redact("got refresh-1.")).toBe("got [redacted].");
});

it("redacts a secret that is a number", () => {
  expect(redactorOf('{"client_secret":6216559590087220004}').redact("got 6216559590087220004.")).toBe(
    "got [redacted].",
  );
});

it("forgets every secret before another run begins, and learns those of the next", () => {
  // given
  const redactor = redactorOf('{"refresh_token":"refresh-1"}');

  // when
  redactor.forget();
  redactor.watch(new Sensitive('{"refresh_token":"refresh-2"}'));

  // then
  expect(redactor.redact("refresh-1 refresh-2")).toBe("refresh-1 [redacted]");
});
