import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect, it } from "vitest";
import type { Fault, FaultPlan } from "../../../sandbox/faults.ts";
import type { StaleMoment } from "../../../sandbox/secrets-manager/stale-reads.ts";
import { NOW_MS, start } from "./started.ts";

const [A, B] = ["a".repeat(32), "b".repeat(32)] as const;

function onFirstPut(fault: Fault): FaultPlan {
  return ({ operation, nth }) => (operation === "PutSecretValue" && nth === 1 ? fault : undefined);
}

async function put(client: SecretsManagerClient, text: string, abortSignal?: AbortSignal): Promise<string | undefined> {
  const command = new PutSecretValueCommand({ SecretId: "s", SecretString: text, ClientRequestToken: A });
  return (await client.send(command, { abortSignal })).VersionId;
}

async function currentValue(client: SecretsManagerClient): Promise<string | undefined> {
  return (await client.send(new GetSecretValueCommand({ SecretId: "s" }))).SecretString;
}

async function describedCurrent(client: SecretsManagerClient): Promise<string | undefined> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: "s" }));
  return Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes("AWSCURRENT"))?.[0];
}

/** "one" was current, then "two" as version A, and "three" as version B is. */
async function startWithThreeVersions(moment: StaleMoment) {
  const started = await start();
  started.standIn.createSecret("s", "one");
  started.standIn.put("s", "two", { versionId: A });
  started.standIn.put("s", "three", { versionId: B });
  started.standIn.answerReadsAsOf("s", moment);
  return started;
}

it.each(["before", "after"] as const)("replies with a failure %s the write takes effect", async (when) => {
  const body = '{"__type":"InternalServiceError","Message":"no"}';
  const { standIn, client } = await start({ faults: onFirstPut({ kind: "reply", when, status: 500, body }) });
  standIn.createSecret("s", "one");

  const failed = put(client, "two");

  await expect(failed).rejects.toMatchObject({ name: "InternalServiceError", $metadata: { httpStatusCode: 500 } });
  expect(standIn.value("s")).toBe({ before: "one", after: "two" }[when]);
});

it.each(["before", "after"] as const)("drops the connection %s the write takes effect", async (when) => {
  const { standIn, client } = await start({ faults: onFirstPut({ kind: "drop", when }) });
  standIn.createSecret("s", "one");

  const dropped = put(client, "two");

  await expect(dropped).rejects.toMatchObject({ code: "ECONNRESET" });
  expect(standIn.value("s")).toBe({ before: "one", after: "two" }[when]);
});

it("stalls until the client gives up, and lets the next attempt through on another connection", async () => {
  const { standIn, client } = await start({ faults: onFirstPut({ kind: "stall", when: "after" }) });
  standIn.createSecret("s", "one");
  const giveUp = new AbortController();
  const stalled = put(client, "two", giveUp.signal);
  await expect.poll(() => standIn.value("s")).toBe("two");

  giveUp.abort();
  await expect(stalled).rejects.toMatchObject({ name: "AbortError" });
  const acknowledged = await put(client, "two");

  expect(acknowledged).toBe(A);
  expect(standIn.calls.map(({ connection, isReused }) => [connection, isReused])).toEqual([
    [1, false],
    [2, false],
  ]);
});

it("lets something happen between the arrival of a request and its effect", async () => {
  const { standIn, client } = await start();
  standIn.createSecret("s", "one");
  const reseed = () => void standIn.put("s", "a person's", { versionId: B });
  standIn.setFaults(onFirstPut({ kind: "act", when: "before", act: reseed }));

  await put(client, "two");

  expect(standIn.labels("s")).toEqual({ AWSCURRENT: A, AWSPREVIOUS: B });
});

it("ends its faults when it is told to", async () => {
  const { standIn, client } = await start({ faults: () => ({ kind: "drop", when: "before" }) });
  standIn.createSecret("s", "one");

  standIn.setFaults(undefined);

  await expect(currentValue(client)).resolves.toBe("one");
});

it("asks its plan about a request that it is going to refuse", async () => {
  const { client } = await start({ faults: () => ({ kind: "drop", when: "before" }) });

  const refused = currentValue(client);

  await expect(refused).rejects.toMatchObject({ code: "ECONNRESET" });
});

it("cuts a stalled request when it closes", async () => {
  const { standIn, client } = await start({ faults: () => ({ kind: "stall", when: "before" }) });
  const stalled = expect(currentValue(client)).rejects.toMatchObject({ code: "ECONNRESET" });
  await expect.poll(() => standIn.calls.length).toBe(1);

  await standIn.close();

  await stalled;
});

it("answers both reads by label as of an earlier moment", async () => {
  const { client } = await startWithThreeVersions({ changesAgo: 1 });

  const seen = [await currentValue(client), await describedCurrent(client)];

  expect(seen).toEqual(["two", A]);
});

it("answers only the chosen reads from the past, each from a moment of its own", async () => {
  const { standIn, client } = await startWithThreeVersions({ changesAgo: 2, reads: ["value-by-label"] });
  const before = [await currentValue(client), await describedCurrent(client)];

  standIn.answerReadsAsOf("s", { changesAgo: 1, reads: ["describe"] });
  const after = [await currentValue(client), await describedCurrent(client)];

  expect(before).toEqual(["one", B]);
  expect(after).toEqual(["one", A]);
});

it("answers so many reads of each kind from the past, and truly afterwards", async () => {
  const { client } = await startWithThreeVersions({ changesAgo: 1, times: 2 });

  const values = [await currentValue(client), await currentValue(client), await currentValue(client)];
  const described = await describedCurrent(client);

  expect(values).toEqual(["two", "two", "three"]);
  expect(described).toBe(A);
});

it("answers truly again when it is told to", async () => {
  const { standIn, client } = await startWithThreeVersions({ changesAgo: 2 });

  standIn.answerReadsTruly("s");

  expect([await currentValue(client), await describedCurrent(client)]).toEqual(["three", B]);
});

it("lets the moment stand still while the secret changes on", async () => {
  const { standIn, client } = await startWithThreeVersions({ changesAgo: 0 });

  standIn.put("s", "four");

  await expect(currentValue(client)).resolves.toBe("three");
});

it("goes back no further than to the creation of the secret", async () => {
  const { client } = await startWithThreeVersions({ changesAgo: 99 });

  await expect(currentValue(client)).resolves.toBe("one");
});

it("reads a version by its id from the present, unless that read was chosen too", async () => {
  const { standIn, client } = await startWithThreeVersions({ changesAgo: 1 });
  const byId = () => client.send(new GetSecretValueCommand({ SecretId: "s", VersionId: B }));

  const present = await byId();
  standIn.answerReadsAsOf("s", { changesAgo: 1, reads: ["value-by-version"] });
  const past = byId();

  expect(present.SecretString).toBe("three");
  await expect(past).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("writes on the true state while reads are stale", async () => {
  const { standIn, client } = await startWithThreeVersions({ changesAgo: 2 });

  const collided = put(client, "another");

  await expect(collided).rejects.toMatchObject({ name: "ResourceExistsException" });
  expect(standIn.value("s")).toBe("three");
});

it("leaves the reads of other secrets alone", async () => {
  const { standIn, client } = await startWithThreeVersions({ changesAgo: 2 });
  standIn.createSecret("other", "one");
  standIn.put("other", "two");

  const read = await client.send(new GetSecretValueCommand({ SecretId: "other" }));

  expect(read.SecretString).toBe("two");
});

it("lists what there was at an earlier moment, until it is told otherwise", async () => {
  // given
  let nowMs = NOW_MS;
  const { standIn, client } = await start({ now: () => nowMs });
  const list = async () => {
    const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
    return SecretList.map(({ Name, SecretVersionsToStages }) => [
      Name,
      Object.keys(SecretVersionsToStages ?? {}).length,
    ]);
  };
  standIn.createSecret("changed", "one");
  standIn.createSecret("deleted", "one");
  nowMs += 60_000;
  standIn.put("changed", "two");
  standIn.createSecret("created");
  standIn.deleteSecret("deleted");

  // when
  standIn.answerListsAsOf(nowMs - 1);
  const past = await list();
  standIn.answerListsAsOf(undefined);
  const present = await list();

  // then
  expect(past).toEqual([
    ["changed", 1],
    ["deleted", 1],
  ]);
  expect(present).toEqual([
    ["changed", 2],
    ["created", 0],
  ]);
});
