import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  type PutParameterCommandInput,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { expect, it } from "vitest";
import { NOW_MS, start } from "./started.ts";

const NAME = "/xt/escrow/one";

function put(client: SSMClient, input: Partial<PutParameterCommandInput> = {}) {
  return client.send(new PutParameterCommand({ Name: NAME, Value: "a pair", Type: "SecureString", ...input }));
}

it("creates a SecureString that the client reads back decrypted", async () => {
  const { client } = await start();

  const created = await put(client);
  const read = await client.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));

  expect(created).toMatchObject({ Version: 1, Tier: "Standard" });
  expect(read.Parameter).toEqual({
    Name: NAME,
    Type: "SecureString",
    Value: "a pair",
    Version: 1,
    LastModifiedDate: new Date("2026-11-23T12:00:00Z"),
    ARN: "arn:aws:ssm:us-east-1:123456789012:parameter/xt/escrow/one",
    DataType: "text",
  });
});

it.each([undefined, false])("shows a SecureString encrypted when WithDecryption is %s", async (WithDecryption) => {
  const { client } = await start();
  await put(client);

  const { Parameter } = await client.send(new GetParameterCommand({ Name: NAME, WithDecryption }));

  expect(Parameter?.Value).toMatch(/^[A-Za-z0-9+/]{86}==$/);
});

it("shows a String as it is", async () => {
  const { client } = await start();
  await put(client, { Type: "String" });

  const { Parameter } = await client.send(new GetParameterCommand({ Name: NAME }));

  expect(Parameter?.Value).toBe("a pair");
});

it("refuses a taken name, unless it is told to overwrite", async () => {
  const { standIn, client } = await start();
  await put(client);

  const refused = put(client, { Value: "another pair" });
  await expect(refused).rejects.toThrow(ParameterAlreadyExists);
  await expect(refused).rejects.toMatchObject({
    message: "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    $metadata: { httpStatusCode: 400 },
  });
  const kept = standIn.parameters();
  const overwritten = await put(client, { Value: "another pair", Type: undefined, Overwrite: true });

  expect(kept).toEqual({ "/xt/escrow/one": "a pair" });
  expect(overwritten.Version).toBe(2);
  expect(standIn.parameters()).toEqual({ "/xt/escrow/one": "another pair" });
});

it("deletes a parameter, and then finds it neither to read nor to delete", async () => {
  const { standIn, client } = await start();
  await put(client);

  await client.send(new DeleteParameterCommand({ Name: NAME }));
  const read = client.send(new GetParameterCommand({ Name: NAME, WithDecryption: true }));
  const deleted = client.send(new DeleteParameterCommand({ Name: NAME }));

  await expect(read).rejects.toThrow(ParameterNotFound);
  await expect(deleted).rejects.toThrow(ParameterNotFound);
  expect(standIn.parameters()).toEqual({});
});

it("lists one level of a path, or all of them, and never a path that merely begins alike", async () => {
  const { standIn, client } = await start();
  for (const name of ["/xt/b", "/xt/a", "/xt/deep/c", "/xtra/d", "/xt"]) standIn.put(name, `value of ${name}`);
  const list = async (Recursive: boolean) => {
    const command = new GetParametersByPathCommand({ Path: "/xt", Recursive, WithDecryption: true });
    return (await client.send(command)).Parameters?.map(({ Name, Value }) => [Name, Value]);
  };

  const [level, all] = [await list(false), await list(true)];

  const two = [
    ["/xt/a", "value of /xt/a"],
    ["/xt/b", "value of /xt/b"],
  ];
  expect(level).toEqual(two);
  expect(all).toEqual([...two, ["/xt/deep/c", "value of /xt/deep/c"]]);
});

it("lists a path encrypted and by tens", async () => {
  const { standIn, client } = await start();
  for (let n = 10; n <= 20; n += 1) standIn.put(`/xt/${n}`, "a pair");

  const first = await client.send(new GetParametersByPathCommand({ Path: "/xt/" }));
  const second = await client.send(new GetParametersByPathCommand({ Path: "/xt/", NextToken: first.NextToken }));

  expect(first.Parameters?.length).toBe(10);
  expect(first.Parameters?.map(({ Value }) => Value)).not.toContain("a pair");
  expect(second.Parameters?.map(({ Name }) => Name)).toEqual(["/xt/20"]);
  expect(second.NextToken).toBeUndefined();
});

it("lets a person write, overwrite and remove without a request", async () => {
  const { standIn } = await start();
  standIn.put("/xt/one", "first");
  standIn.put("/xt/one", "second");
  standIn.put("/xt/two", "other");

  standIn.remove("/xt/two");

  expect(standIn.parameters()).toEqual({ "/xt/one": "second" });
  expect(() => standIn.remove("/xt/two")).toThrow(expect.objectContaining({ code: "ParameterNotFound" }));
  expect(standIn.calls).toEqual([]);
});

it.each(["before", "after"] as const)("drops the connection %s the write takes effect", async (when) => {
  const { standIn, client } = await start({ faults: ({ nth }) => (nth === 1 ? { kind: "drop", when } : undefined) });

  const dropped = put(client);

  await expect(dropped).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(standIn.parameters()).toEqual({ before: {}, after: { "/xt/escrow/one": "a pair" } }[when]);
});

it("ends its faults when it is told to", async () => {
  const { standIn, client } = await start({ faults: () => ({ kind: "drop", when: "before" }) });

  standIn.setFaults(undefined);

  await expect(put(client)).resolves.toMatchObject({ Version: 1 });
});

it("records every request with its connection, and counts connections as they come", async () => {
  const { standIn, client } = await start();

  await put(client);
  await client.send(new GetParameterCommand({ Name: NAME }));

  expect(standIn.calls[1]).toEqual({
    index: 2,
    operation: "GetParameter",
    nth: 1,
    input: { Name: NAME },
    at: NOW_MS,
    connection: 1,
    isReused: true,
  });
  expect(standIn.connections).toBe(1);
});
