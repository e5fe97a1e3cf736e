import { expect, it } from "vitest";
import { findFields, scanRc } from "../../lambda/rotation/answer-fields.ts";
import { parseJson } from "../../lambda/rotation/json.ts";

function find(body: string): Readonly<Record<string, readonly (string | number)[]>> {
  return findFields(body, parseJson(body));
}

it("finds every field of a token response", () => {
  const body =
    '{"access_token":"a","refresh_token":"r","expires_in":1,"refresh_expires_in":"2",' +
    '"client_id":"c","user_id":3,"scope":"s","token_type":"bearer"}';

  expect(find(body)).toEqual({
    access_token: ["a"],
    refresh_token: ["r"],
    expires_in: [1],
    refresh_expires_in: ["2"],
    client_id: ["c"],
    user_id: [3],
    scope: ["s"],
  });
});

it("takes what a result holds, and not what stands beside it", () => {
  const body = '{"request":{"refresh_token":"spent"},"result":{"refresh_token":"new"}}';

  expect(find(body)["refresh_token"]).toEqual(["new"]);
});

it("takes what stands beside a result for a field that the result lacks", () => {
  const body = '{"refresh_token":"new","result":{"access_token":"access"}}';

  expect(find(body)).toMatchObject({ refresh_token: ["new"], access_token: ["access"] });
});

it("lists every value where there is no result, for the first may be an echo", () => {
  const body = '{"request":{"refresh_token":"spent"},"data":{"refresh_token":"new"}}';

  expect(find(body)["refresh_token"]).toEqual(["spent", "new"]);
});

it("lists the values in what is no JSON in the order of the text", () => {
  const body = '{"refresh_token":"first","expires_in":12,"x":{"refresh_token" : "second"}';

  expect(find(body)).toMatchObject({ refresh_token: ["first", "second"], expires_in: [12] });
});

it("finds a field however deep it lies", () => {
  const deep = `${'{"x":'.repeat(40)}{"scope":"s"}${"}".repeat(40)}`;

  expect(find(deep)["scope"]).toEqual(["s"]);
});

it("finds a field whose place a later, empty one takes", () => {
  const body = '{"result":{"refresh_token":"new"},"result":null}';

  expect(find(body)["refresh_token"]).toEqual(["new"]);
});

it.each([
  ["JSON", '{"my_refresh_token":"r","refresh_tokens":"r","REFRESH_TOKEN":"r"}'],
  ["what is no JSON", '{"my_refresh_token":"r","refresh_tokens":"r","REFRESH_TOKEN":"r",}'],
])("finds no field in %s whose name is only like one", (_, body) => {
  expect(find(body)["refresh_token"]).toEqual([]);
});

it.each([
  ['{"rc":0,', 0],
  ['{"rc" : 0,', 0],
  ['{"rc":"1",', 1],
  ['{"rc":-1,', -1],
  ['{"rc":10,', 10],
  ['{"rc":0,"ma":{"rc":1}', 0],
  ['{"rcx":0,', undefined],
  ['{"rc":null,', undefined],
])("finds in %s, which is no JSON, the rc %s", (body, rc) => {
  expect(scanRc(body)).toBe(rc);
});
