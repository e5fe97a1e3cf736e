import { RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { expect, it } from "vitest";
import { NOW_MS, start } from "./started.ts";

const A = "a".repeat(32);

/** A creation with so many tags. */
function tagged(count: number): string {
  return JSON.stringify({ Name: "t", Tags: Array.from({ length: count }, (_, nth) => ({ Key: `tag-${nth}` })) });
}

/** A request as it travels, without a client that fills in or checks anything. */
async function post(url: string, operation: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `secretsmanager.${operation}`,
      ...headers,
    },
    body,
  });
  const answer: unknown = await response.json();
  return { status: response.status, headers: response.headers, answer };
}

it("refuses an operation that it does not know", async () => {
  const { client } = await start();

  const rotated = client.send(new RotateSecretCommand({ SecretId: "s" }));

  await expect(rotated).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: 'the stand-in does not know the operation "RotateSecret"',
    $metadata: { httpStatusCode: 400 },
  });
});

it("answers a refusal in the spelling of the AWS JSON protocol", async () => {
  const { standIn } = await start();

  const { status, headers, answer } = await post(standIn.url, "DescribeSecret", '{"SecretId":"s"}');

  expect(status).toBe(400);
  expect(headers.get("content-type")).toBe("application/x-amz-json-1.1");
  expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer).toEqual({
    __type: "ResourceNotFoundException",
    Message: "Secrets Manager can't find the specified secret.",
  });
});

it("sends times as seconds since the epoch", async () => {
  const { standIn } = await start({ now: () => NOW_MS + 250 });
  standIn.createSecret("s", "one");

  const { answer } = await post(standIn.url, "GetSecretValue", '{"SecretId":"s"}');

  expect(answer).toMatchObject({ CreatedDate: 1_795_435_200.25 });
});

it.each<[string, string, string, string]>([
  ["an unknown field", "DescribeSecret", '{"SecretId":"s","Secret":"s"}', "ValidationException"],
  ["a missing SecretId", "DescribeSecret", "{}", "ValidationException"],
  ["a SecretId of another type", "DescribeSecret", '{"SecretId":1}', "SerializationException"],
  ["a flag of another type", "ListSecrets", '{"IncludePlannedDeletion":"yes"}', "SerializationException"],
  ["a page of 101 entries", "ListSecrets", '{"MaxResults":101}', "InvalidParameterException"],
  ["a filter by tag", "ListSecrets", '{"Filters":[{"Key":"tag-key","Values":["a"]}]}', "ValidationException"],
  ["a filter by two names", "ListSecrets", '{"Filters":[{"Key":"name","Values":["a","b"]}]}', "ValidationException"],
  [
    "a filter by any name but one",
    "ListSecrets",
    '{"Filters":[{"Key":"name","Values":["!a"]}]}',
    "ValidationException",
  ],
  ["a filter without a value", "ListSecrets", '{"Filters":[{"Key":"name"}]}', "ValidationException"],
  ["no filter at all", "ListSecrets", '{"Filters":[null]}', "ValidationException"],
  ["filters that are no list", "ListSecrets", '{"Filters":{"Key":"name"}}', "SerializationException"],
  ["a tag without a key", "CreateSecret", '{"Name":"t","Tags":[{"Value":"a"}]}', "ValidationException"],
  ["a tag of AWS's own", "CreateSecret", '{"Name":"t","Tags":[{"Key":"aws:a"}]}', "ValidationException"],
  ["a tag that is no object", "CreateSecret", '{"Name":"t","Tags":[null]}', "SerializationException"],
  ["one tag twice", "CreateSecret", '{"Name":"t","Tags":[{"Key":"a"},{"Key":"a"}]}', "InvalidParameterException"],
  ["51 tags", "CreateSecret", tagged(51), "ValidationException"],
  ["a body that is no object", "DescribeSecret", "[]", "SerializationException"],
  ["a body that is no JSON", "DescribeSecret", "SecretId=s", "SerializationException"],
  ["a write without a token", "PutSecretValue", '{"SecretId":"s","SecretString":"x"}', "InvalidRequestException"],
  [
    "a short token",
    "PutSecretValue",
    '{"SecretId":"s","SecretString":"x","ClientRequestToken":"t"}',
    "InvalidParameterException",
  ],
  [
    "a write without a value",
    "PutSecretValue",
    `{"SecretId":"s","ClientRequestToken":"${A}"}`,
    "InvalidRequestException",
  ],
  [
    "two values at once",
    "PutSecretValue",
    `{"SecretId":"s","ClientRequestToken":"${A}","SecretString":"x","SecretBinary":"eA=="}`,
    "InvalidParameterException",
  ],
  [
    "an empty list of labels",
    "PutSecretValue",
    `{"SecretId":"s","ClientRequestToken":"${A}","SecretString":"x","VersionStages":[]}`,
    "ValidationException",
  ],
  ["a short version id", "GetSecretValue", '{"SecretId":"s","VersionId":"v"}', "InvalidParameterException"],
  ["a name with a space", "CreateSecret", '{"Name":"a b"}', "ValidationException"],
  [
    "a forced deletion with a recovery window",
    "DeleteSecret",
    '{"SecretId":"s","ForceDeleteWithoutRecovery":true,"RecoveryWindowInDays":7}',
    "InvalidParameterException",
  ],
])("refuses %s with 400", async (_, operation, body, code) => {
  const { standIn } = await start();
  standIn.createSecret("s", "one");

  const { status, answer } = await post(standIn.url, operation, body);

  expect(status).toBe(400);
  expect(answer).toMatchObject({ __type: code });
  expect(standIn.versions("s").length).toBe(1);
});

it("refuses another content type", async () => {
  const { standIn } = await start();

  const { status, answer } = await post(standIn.url, "ListSecrets", "{}", { "content-type": "application/json" });

  expect([status, answer]).toEqual([
    400,
    { __type: "SerializationException", message: "content-type must be application/x-amz-json-1.1" },
  ]);
});

it("answers a throttled request as the protocol does, and not as the service", async () => {
  const { standIn } = await start({ quotas: true });
  for (let nth = 1; nth <= 50; nth += 1) await post(standIn.url, "ListSecrets", "{}");

  const { status, answer } = await post(standIn.url, "ListSecrets", "{}");

  expect([status, answer]).toEqual([400, { __type: "ThrottlingException", message: "Rate exceeded" }]);
});
