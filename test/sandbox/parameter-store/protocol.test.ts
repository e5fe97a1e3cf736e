import { expect, it } from "vitest";
import { NOW_MS, start } from "./started.ts";

/** A request as it travels, without a client that fills in or checks anything. */
async function post(url: string, target: string, body: string) {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const response = await fetch(`${url}/`, { method: "POST", headers, body });
  const answer: unknown = await response.json();
  return { status: response.status, headers: response.headers, answer };
}

it("says nothing but the code of an unknown parameter, as AWS does", async () => {
  const { standIn } = await start();

  const { status, headers, answer } = await post(standIn.url, "AmazonSSM.GetParameter", '{"Name":"/xt/one"}');

  expect(status).toBe(400);
  expect(headers.get("content-type")).toBe("application/x-amz-json-1.1");
  expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer).toEqual({ __type: "ParameterNotFound" });
});

it("spells the text of a refusal in lower case", async () => {
  const { standIn } = await start();

  const { answer } = await post(standIn.url, "AmazonSSM.PutParameter", '{"Name":"/xt/one","Value":"x"}');

  expect(answer).toEqual({
    __type: "ValidationException",
    message: "A parameter type is required when you create a parameter.",
  });
});

it("tells the time by its own clock", async () => {
  const { standIn } = await start();

  const { headers } = await post(standIn.url, "AmazonSSM.GetParameter", '{"Name":"/xt/one"}');

  expect(headers.get("date")).toBe("Mon, 23 Nov 2026 12:00:00 GMT");
});

it("sends times as seconds since the epoch", async () => {
  const { standIn } = await start({ now: () => NOW_MS + 250 });
  standIn.put("/xt/one", "a pair");

  const { answer } = await post(standIn.url, "AmazonSSM.GetParameter", '{"Name":"/xt/one"}');

  expect(answer).toMatchObject({ Parameter: { LastModifiedDate: 1_795_435_200.25 } });
});

it.each<[string, string, string, string]>([
  ["another service's target", "secretsmanager.GetParameter", '{"Name":"/xt/one"}', "UnknownOperationException"],
  ["an unknown operation", "AmazonSSM.GetParameters", '{"Names":["/xt/one"]}', "UnknownOperationException"],
  ["a name of every object as operation", "AmazonSSM.toString", "{}", "UnknownOperationException"],
  ["an unknown field", "AmazonSSM.GetParameter", '{"Name":"/xt/one","Names":1}', "ValidationException"],
  ["a field named like every object's", "AmazonSSM.GetParameter", '{"toString":"x"}', "ValidationException"],
  ["a missing name", "AmazonSSM.GetParameter", "{}", "ValidationException"],
  ["an empty value", "AmazonSSM.PutParameter", '{"Name":"/a/b","Type":"String","Value":""}', "ValidationException"],
  ["a name of another type", "AmazonSSM.GetParameter", '{"Name":1}', "SerializationException"],
  ["a flag of another type", "AmazonSSM.GetParameter", '{"Name":"/a","WithDecryption":"x"}', "SerializationException"],
  ["an unknown type", "AmazonSSM.PutParameter", '{"Name":"/a/b","Type":"Text","Value":"x"}', "ValidationException"],
  [
    "an unknown tier",
    "AmazonSSM.PutParameter",
    '{"Name":"/a/b","Type":"String","Tier":"Basic","Value":"x"}',
    "ValidationException",
  ],
  ["a version of a name", "AmazonSSM.GetParameter", '{"Name":"/xt/one:1"}', "ValidationException"],
  ["a path without its slash", "AmazonSSM.GetParametersByPath", '{"Path":"xt"}', "ValidationException"],
  ["a page of 11 of a path", "AmazonSSM.GetParametersByPath", '{"Path":"/xt","MaxResults":11}', "ValidationException"],
  [
    "a page token that it did not give",
    "AmazonSSM.GetParametersByPath",
    '{"Path":"/xt","NextToken":"1"}',
    "InvalidNextToken",
  ],
  ["a body that is no object", "AmazonSSM.GetParametersByPath", "[]", "SerializationException"],
])("refuses %s with 400", async (_, target, body, code) => {
  const { standIn } = await start();
  standIn.put("/xt/one", "a pair");

  const { status, answer } = await post(standIn.url, target, body);

  expect(status).toBe(400);
  expect(answer).toMatchObject({ __type: code });
  expect(standIn.parameters()).toEqual({ "/xt/one": "a pair" });
});
