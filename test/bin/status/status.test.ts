import { expect, it } from "vitest";
import { statusCommand } from "../../../bin/status/status-command.ts";
import { type Connection, grantedPair, leaveAttempt, startConnection, startRotated } from "../fixtures/connection.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SECRETS = /client-secret-1|refresh_token|eyJ/;

function look({ target, surroundings }: Connection, given: { readonly json?: true } = {}) {
  return statusCommand.run(target, given, surroundings);
}

it("shows a connection in good order, line by line", async () => {
  const connection = await startRotated(2 * HOUR_MS);

  const exit = await look(connection);

  expect(exit).toBe(0);
  expect(connection.told).toEqual([
    "token",
    "✓ healthy",
    "",
    expect.stringMatching(/^ {2}access token until {3}20\S+ \S+Z {2}in 21 h 59 min$/),
    expect.stringMatching(/^ {2}refresh token until {2}20\S+ \S+Z {2}in 179 d 2[12] h$/),
    expect.stringMatching(/^ {2}last renewal {9}20\S+ \S+Z {2}2 h ago$/),
    expect.stringMatching(/^ {2}next renewal {9}20\S+ \S+Z {2}in 13 h 59 min$/),
    expect.stringMatching(/^ {2}a tick now {11}has nothing to do before 20\S+ \S+Z$/),
    "  escrow               empty",
    "",
    `  AWSCURRENT  ${connection.aws.labels("token")["AWSCURRENT"]}`,
  ]);
});

it("tells what waits for a person on a connection that nobody has seeded", async () => {
  const connection = await startConnection();

  const exit = await look(connection);

  expect(exit).toBe(4);
  expect(connection.told.slice(0, 6)).toEqual([
    "token",
    "✗ broken, a person must act",
    "",
    "  ✗ token has no value, nobody has seeded it: seed a refresh token, or authorize at XT",
    expect.stringMatching(/^ {4}type npx xt-token seed --token-secret token --client-secret client/),
    "",
  ]);
});

it("finds the pair of a dead attempt in the escrow", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  const issuedId = leaveAttempt(connection, 16 * MINUTE_MS);
  connection.ssm.put(`/xt/escrow/${issuedId}`, grantedPair(connection.xt, 15 * MINUTE_MS));

  const exit = await look(connection, { json: true });

  expect(exit).toBe(3);
  expect(JSON.parse(connection.told.join("\n"))).toMatchObject({
    health: "attention",
    tick: { code: "adopt" },
    attempt: { attempt: 1, state: "open" },
    escrow: { state: "asked", copies: [issuedId] },
  });
});

it("finds the pair of a dead attempt under its own id, whatever the labels say", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  const issuedId = leaveAttempt(connection, 16 * MINUTE_MS);
  connection.aws.put("token", grantedPair(connection.xt, 15 * MINUTE_MS), { versionId: issuedId, labels: ["other"] });

  await look(connection, { json: true });

  expect(JSON.parse(connection.told.join("\n")).tick).toEqual({
    code: "settle",
    does: `promotes version ${issuedId}, which the dead attempt had received`,
  });
});

it("sees that the last renewal brought no new refresh token", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  const { AWSCURRENT: parent } = connection.aws.labels("token");
  const { refresh_token } = JSON.parse(connection.aws.value("token") ?? "");
  connection.aws.put("token", grantedPair(connection.xt, HOUR_MS, { parent, refresh_token }));

  const exit = await look(connection, { json: true });

  expect(exit).toBe(3);
  expect(JSON.parse(connection.told.join("\n")).findings).toMatchObject([{ code: "refresh-kept" }]);
});

it("looks at the secrets all the same when the escrow cannot be asked", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.ssm.setFaults(() => ({
    kind: "reply",
    when: "before",
    status: 400,
    body: '{"__type":"AccessDeniedException"}',
  }));

  const exit = await look(connection, { json: true });

  expect(exit).toBe(0);
  expect(JSON.parse(connection.told.join("\n"))).toMatchObject({
    escrow: { state: "unreachable", copies: [] },
    findings: [{ severity: "note", code: "escrow-unreachable" }],
  });
});

it("prints one document with stable names", async () => {
  const connection = await startRotated(2 * HOUR_MS);

  await look(connection, { json: true });

  const { AWSCURRENT: versionId } = connection.aws.labels("token");
  const instant = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(JSON.parse(connection.told.join("\n"))).toEqual({
    health: "healthy",
    checkedAt: instant,
    stack: null,
    tokenSecretId: "token",
    clientSecretId: "client",
    findings: [],
    tick: { code: "not-due", does: expect.any(String) },
    current: {
      versionId,
      issuedAt: instant,
      attempt: 1,
      expiresAt: instant,
      refreshExpiresAt: instant,
      nextRenewalAt: instant,
    },
    attempt: null,
    escrow: { state: "asked", whole: true, copies: [] },
    labels: { AWSCURRENT: versionId },
  });
});

it("writes nothing and shows no secret", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  leaveAttempt(connection, 16 * MINUTE_MS);

  await look(connection);
  await look(connection, { json: true });

  expect(connection.told.join("\n")).not.toMatch(SECRETS);
  expect(new Set(connection.aws.calls.map(({ operation }) => operation))).toEqual(
    new Set(["DescribeSecret", "GetSecretValue"]),
  );
  expect(new Set(connection.ssm.calls.map(({ operation }) => operation))).toEqual(new Set(["GetParametersByPath"]));
});

it("ends in a sentence where the token secret cannot be read", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.aws.setFaults(({ operation }) =>
    operation === "DescribeSecret"
      ? { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' }
      : undefined,
  );

  await expect(look(connection)).rejects.toThrow(
    /^DescribeSecret on token failed with AccessDeniedException, allow secretsmanager:DescribeSecret/,
  );
});
