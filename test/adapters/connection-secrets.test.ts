import { expect, it } from "vitest";
import { type ConnectionSecretsOptions, createConnectionSecrets } from "../../lambda/adapters/connection-secrets.ts";
import type { ConnectionSecrets } from "../../lambda/rotation/fleet-ports.ts";
import type { Fault, FaultPlan } from "../../sandbox/faults.ts";
import type { SecretsManagerStandIn } from "../../sandbox/secrets-manager/server.ts";
import { NOW_MS, start } from "../sandbox/secrets-manager/started.ts";
import { holdableClock } from "./fixtures/holdable-clock.ts";
import { exception, operations } from "./fixtures/store-over-http.ts";

const PAIR = "xt/connections/desk-a/pair";
const ACCESS_TOKEN = "xt/connections/desk-a/access-token";
const UNKNOWN = exception(400, "ResourceNotFoundException");

interface Subject {
  readonly standIn: SecretsManagerStandIn;
  readonly secrets: ConnectionSecrets;
}

/** The real adapter and the real SDK over HTTP, in an account without any secret. Ends with the test. */
async function startSecrets(faults?: FaultPlan, options: Partial<ConnectionSecretsOptions> = {}): Promise<Subject> {
  const { standIn, client } = await start({ faults });
  const secrets = createConnectionSecrets(client, { prefix: "xt/connections/", keyId: undefined, ...options });
  return { standIn, secrets };
}

/** Faults for the requests of one operation about the token secret, in order; the rest pass unharmed. */
function ofToken(operation: string, ...faults: readonly Fault[]): FaultPlan {
  const left = [...faults];
  return ({ operation: asked, input }) => {
    return asked === operation && [input["Name"], input["SecretId"]].includes(PAIR) ? left.shift() : undefined;
  };
}

function asked({ calls }: SecretsManagerStandIn, operation: string): readonly Readonly<Record<string, unknown>>[] {
  return calls.filter((call) => call.operation === operation).map(({ input }) => input);
}

/** Requests of one operation about the token secret. */
function askedOfToken(standIn: SecretsManagerStandIn, operation: string): number {
  return asked(standIn, operation).filter((input) => [input["Name"], input["SecretId"]].includes(PAIR)).length;
}

it("makes both secrets without a value, with a tag and a description, and waits until they are known", async () => {
  // given
  const { standIn, secrets } = await startSecrets();

  // when
  await secrets.provide("desk-a");

  // then
  const Tags = [{ Key: "application", Value: "xt-token-rotation" }];
  const ClientRequestToken = expect.any(String);
  expect(asked(standIn, "CreateSecret")).toEqual([
    {
      ClientRequestToken,
      Name: PAIR,
      Description: "XT.COM token pair of desk-a; only the rotation reads it",
      Tags,
    },
    {
      ClientRequestToken,
      Name: ACCESS_TOKEN,
      Description: "XT.COM access token of desk-a; workloads read it, only the rotation writes it",
      Tags,
    },
  ]);
  expect(asked(standIn, "DescribeSecret")).toEqual([{ SecretId: PAIR }, { SecretId: ACCESS_TOKEN }]);
  expect([standIn.versions(PAIR), standIn.versions(ACCESS_TOKEN)]).toEqual([[], []]);
});

it("encrypts the secrets with the given key", async () => {
  // given
  const { standIn, secrets } = await startSecrets(undefined, { keyId: "alias/xt" });

  // when
  await secrets.provide("desk-a");

  // then
  expect(asked(standIn, "CreateSecret")).toMatchObject([{ KmsKeyId: "alias/xt" }, { KmsKeyId: "alias/xt" }]);
});

it("leaves existing secrets as they are", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  standIn.createSecret(PAIR, "a pair");

  // when
  await secrets.provide("desk-a");

  // then
  expect(standIn.value(PAIR)).toBe("a pair");
  expect(standIn.versions(ACCESS_TOKEN)).toEqual([]);
});

it("restores secrets that are scheduled for deletion, with their values", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  standIn.createSecret(PAIR, "a pair");
  standIn.createSecret(ACCESS_TOKEN, "a token");
  for (const name of [PAIR, ACCESS_TOKEN]) standIn.deleteSecret(name);

  // when
  await secrets.provide("desk-a");

  // then
  const shown = await secrets.list();
  expect(shown).toMatchObject([{ connection: "desk-a", token: expect.anything(), accessToken: expect.anything() }]);
  expect([standIn.value(PAIR), standIn.value(ACCESS_TOKEN)]).toEqual(["a pair", "a token"]);
});

it("waits until a new secret is known everywhere", async () => {
  // given
  const { standIn, secrets } = await startSecrets(ofToken("DescribeSecret", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN));

  // when
  await secrets.provide("desk-a");

  // then
  expect(askedOfToken(standIn, "DescribeSecret")).toBe(5);
});

it("waits for a new secret also if the answer to its first attempt got lost", async () => {
  // given
  const { standIn, secrets } = await startSecrets(
    ofToken("CreateSecret", exception(500, "InternalServiceError", "after")),
  );

  // when
  await secrets.provide("desk-a");

  // then
  expect(askedOfToken(standIn, "CreateSecret")).toBe(2);
  expect(askedOfToken(standIn, "DescribeSecret")).toBe(1);
});

it("waits until a restored secret is known everywhere", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  standIn.createSecret(PAIR, "a pair");
  standIn.deleteSecret(PAIR);
  standIn.answerReadsAsOf(PAIR, { changesAgo: 0, reads: ["describe"], times: 2 });

  // when
  await secrets.provide("desk-a");

  // then
  expect(askedOfToken(standIn, "DescribeSecret")).toBe(4);
});

it("parks the pair of a restored secret, so that a code that XT refuses connects nobody", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  const { versionId } = standIn.createSecret(PAIR, "a pair");
  standIn.deleteSecret(PAIR);

  // when
  await secrets.provide("desk-a");
  await secrets.provide("desk-a");

  // then
  expect(standIn.labels(PAIR)).toEqual({ AWSCURRENT: versionId, XT_PARKED: versionId });
});

it("completes a connection by its access-token secret, and takes back nothing that is scheduled for deletion", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  standIn.createSecret(PAIR, "a pair");
  standIn.deleteSecret(PAIR);

  // when
  await secrets.complete("desk-a");
  const listed = await secrets.list();

  // then
  expect(listed.map(({ connection, token }) => [connection, token])).toEqual([["desk-a", undefined]]);
});

it("gives up on a secret that stays unknown, before a code is spent", async () => {
  // given
  const clock = holdableClock();
  const { secrets } = await startSecrets((call) => {
    if (call.operation !== "DescribeSecret") return undefined;
    if (call.nth > 4) clock.holdUp(15_000);
    return UNKNOWN;
  });

  // when
  const providing = secrets.provide("desk-a");

  // then
  await expect(providing).rejects.toMatchObject({
    name: "StoreUnavailable",
    operation: "DescribeSecret",
    code: "ResourceNotFoundException",
  });
});

it.each([
  ["CreateSecret", "AccessDeniedException"],
  ["DescribeSecret", "AccessDeniedException"],
  ["CreateSecret", "LimitExceededException"],
])("fails at once where %s is refused with %s", async (operation, code) => {
  // given
  const { standIn, secrets } = await startSecrets(ofToken(operation, exception(400, code)));

  // when
  const providing = secrets.provide("desk-a");

  // then
  await expect(providing).rejects.toMatchObject({ name: "StoreUnavailable", operation, code });
  expect(askedOfToken(standIn, operation)).toBe(1);
});

it("fails with the denied operation if it may not restore a secret", async () => {
  // given
  const { standIn, secrets } = await startSecrets(ofToken("RestoreSecret", exception(400, "AccessDeniedException")));
  standIn.createSecret(PAIR, "a pair");
  standIn.deleteSecret(PAIR);

  // when
  const providing = secrets.provide("desk-a");

  // then
  await expect(providing).rejects.toMatchObject({ operation: "RestoreSecret", code: "AccessDeniedException" });
});

it("lists connections with the labels of both secrets", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  standIn.createSecret(PAIR);
  standIn.put(PAIR, "a pair", { versionId: "1".repeat(64), labels: ["AWSCURRENT", "XT_ISSUED"] });
  standIn.createSecret(ACCESS_TOKEN);
  standIn.put(ACCESS_TOKEN, "a token", { versionId: "1".repeat(64) });

  // when
  const listed = await secrets.list();

  // then
  expect(listed).toEqual([
    {
      connection: "desk-a",
      token: {
        arn: expect.stringMatching(
          /^arn:aws:secretsmanager:us-east-1:123456789012:secret:xt\/connections\/desk-a\/pair-/,
        ),
        createdAtMs: NOW_MS,
        holders: new Map([
          ["AWSCURRENT", "1".repeat(64)],
          ["XT_ISSUED", "1".repeat(64)],
        ]),
      },
      accessToken: {
        arn: expect.stringMatching(/access-token-/),
        createdAtMs: NOW_MS,
        holders: new Map([["AWSCURRENT", "1".repeat(64)]]),
      },
    },
  ]);
});

it("lists 101 connections page after page, and asks only for its own prefix", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  standIn.createSecret("xt/client");
  for (let user = 1; user <= 101; user += 1) {
    standIn.createSecret(`xt/connections/user-${user}/pair`);
    standIn.createSecret(`xt/connections/user-${user}/access-token`);
  }

  // when
  const listed = await secrets.list();

  // then
  const Filters = [{ Key: "name", Values: ["xt/connections/"] }];
  expect(listed).toHaveLength(101);
  expect(listed.filter(({ token, accessToken }) => token !== undefined && accessToken !== undefined)).toHaveLength(101);
  expect(asked(standIn, "ListSecrets")).toEqual([
    { Filters, MaxResults: 100 },
    { Filters, MaxResults: 100, NextToken: expect.any(String) },
    { Filters, MaxResults: 100, NextToken: expect.any(String) },
  ]);
});

it("skips other secrets below the prefix, and secrets that are scheduled for deletion", async () => {
  // given
  const { standIn, secrets } = await startSecrets();
  const foreign = ["note", "desk-a/note", "desk-a/pair/old", ".hidden/pair", "pair", "/pair", "desk/a/pair"];
  for (const name of foreign) standIn.createSecret(`xt/connections/${name}`);
  standIn.createSecret("xt/connections/desk-b/pair");
  standIn.deleteSecret("xt/connections/desk-b/pair");
  standIn.createSecret("xt/connections/desk-b/access-token");

  // when
  const listed = await secrets.list();

  // then
  expect(listed).toMatchObject([{ connection: "desk-b", accessToken: expect.anything() }]);
  expect(listed[0]).not.toHaveProperty("token");
});

it("names the listing that failed, after eight attempts if it is throttled", async () => {
  // given
  const { standIn, secrets } = await startSecrets(() => exception(400, "ThrottlingException"));

  // when
  const listing = secrets.list();

  // then
  await expect(listing).rejects.toMatchObject({
    name: "StoreUnavailable",
    operation: "ListSecrets",
    code: "ThrottlingException",
    message: "ListSecrets on xt/connections/* failed with ThrottlingException, the next tick tries again",
  });
  expect(operations(standIn)).toEqual(Array(8).fill("ListSecrets"));
});

it.each([
  ["no secret", [], false],
  ["secrets of others alone", ["xt/client"], false],
  ["one connection", [PAIR, ACCESS_TOKEN], true],
])("tells with one request whether there are connections, by %s", async (_by, names, expected) => {
  // given
  const { standIn, secrets } = await startSecrets();
  for (const name of names) standIn.createSecret(name);

  // when
  const exist = await secrets.exist();

  // then
  expect(exist).toBe(expected);
  expect(asked(standIn, "ListSecrets")).toMatchObject([{ MaxResults: 1 }]);
});
