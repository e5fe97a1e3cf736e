import { expect, it, vi } from "vitest";
import { doctorCommand } from "../../../bin/doctor/doctor-command.ts";
import {
  type Connection,
  CREDENTIALS,
  grantedPair,
  leaveAttempt,
  startConnection,
  startRotated,
} from "../fixtures/connection.ts";

const HOUR_MS = 3_600_000;
const DENIED = { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' } as const;

function examine({ target, surroundings }: Connection) {
  return doctorCommand.run(target, {}, surroundings);
}

/** The line of one check, and the line with its next step where it has one. */
function lineOf({ told }: Connection, title: string): string {
  const at = told.findIndex((line) => line.slice(4).startsWith(title));
  const next = told[at + 1];
  return next?.trimStart().startsWith("next:") ? `${told[at]}\n${next}` : `${told[at]}`;
}

it("finds nothing to remark where all is well", async () => {
  const connection = await startRotated(2 * HOUR_MS);

  const exit = await examine(connection);

  expect(exit).toBe(0);
  expect(connection.told).toEqual([
    "token",
    "",
    "  ✓ credentials    found, for region eu-west-1",
    "  ✓ token secret   token can be described and read, and holds a token pair",
    "  ✓ client secret  client can be described and read, and holds client credentials; only XT knows whether it accepts them",
    "  ✓ writing        you may write versions and move labels, as far as it can be tried without doing so; " +
      "the function's own rights show in its log",
    "  ✓ encryption     both secrets have the account's key aws/secretsmanager, and the escrow aws/ssm",
    "  ✓ escrow         /xt/escrow/ can be read, and is empty",
    "  · schedule       the secrets are named one by one, name the stack to have its schedule checked",
    expect.stringMatching(
      /^ {2}✓ XT {13}127\.0\.0\.1:\d+ is reached from here, and answers \(HTTP 404\); its token endpoint is not tried$/,
    ),
    "  ✓ clock          this machine's clock agrees with AWS and XT to within 2 min",
  ]);
});

it("changes nothing and sends XT no credentials", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  const before = connection.aws.versions("token");

  await examine(connection);

  expect(connection.aws.versions("token")).toEqual(before);
  expect(connection.ssm.parameters()).toEqual({});
  expect(connection.xt.exchanges).toEqual([]);
});

it("goes on after a failure, and says once what is wrong", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.aws.setFaults(({ operation, input }) =>
    operation === "DescribeSecret" && input["SecretId"] === "token" ? DENIED : undefined,
  );

  const exit = await examine(connection);

  expect(exit).toBe(4);
  expect(connection.told.filter((line) => line.startsWith("  ✗"))).toEqual([
    expect.stringMatching(/^ {2}✗ token secret {3}DescribeSecret on token failed with AccessDeniedException, allow/),
  ]);
  expect(lineOf(connection, "encryption")).toMatch(/· encryption {5}not checked, since a secret cannot be described$/);
});

it.each([
  ["token secret", "plain text", CREDENTIALS, /✗ .* holds no token pair, the value must be JSON\n.*xt-token recover/],
  [
    "client secret",
    undefined,
    "{}",
    /✗ .* must hold client credentials, client_id must be a string, got nothing; .*\n.*npx xt-token seed --credentials-only/,
  ],
  ["client secret", undefined, '{"client_id":"other","client_secret":"s"}', /✗ .* holds another client than the one/],
])("examines what the %s holds", async (title, token, client, line) => {
  const connection = await startConnection({ client });
  connection.aws.put("token", token ?? grantedPair(connection.xt, 2 * HOUR_MS));

  const exit = await examine(connection);

  expect(exit).toBe(4);
  expect(lineOf(connection, title)).toMatch(line);
});

it("does not take a secret that is missing for one that may be written", async () => {
  const connection = await startConnection({ client: CREDENTIALS, settings: { TOKEN_SECRET_ID: "nowhere" } });

  await examine(connection);

  expect(lineOf(connection, "token secret")).toMatch(/✗ .* failed with ResourceNotFoundException, deploy the stack/);
  expect(lineOf(connection, "writing")).toMatch(/· writing +not checked, since a secret cannot be described$/);
});

it("says that a secret has no value", async () => {
  const connection = await startConnection();

  await examine(connection);

  expect(lineOf(connection, "token secret")).toMatch(/✗ .* has no value, nobody has seeded it\n.*xt-token seed/);
  expect(lineOf(connection, "client secret")).toMatch(
    /✗ .* has no value\n.*npx xt-token seed --credentials-only --token-secret token --client-secret client/,
  );
});

it("remarks that this person may not write, and what to allow", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.aws.setFaults(({ operation }) => (operation === "UpdateSecretVersionStage" ? DENIED : undefined));

  const exit = await examine(connection);

  expect(exit).toBe(3);
  expect(lineOf(connection, "writing")).toMatch(/! .* allow secretsmanager:UpdateSecretVersionStage on this secret/);
});

it("suspects that the two secrets are exchanged, and names no command that would write to either", async () => {
  const connection = await startConnection({ token: CREDENTIALS, client: '{"refresh_token":"refresh-1"}' });

  await examine(connection);

  expect(lineOf(connection, "client secret")).toMatch(/✗ .* they may be exchanged, check both names$/);
});

it("sees that no version may be written, without writing one", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.aws.setFaults(({ operation }) => (operation === "PutSecretValue" ? DENIED : undefined));

  const exit = await examine(connection);

  expect(exit).toBe(3);
  expect(lineOf(connection, "writing")).toMatch(/! .* allow secretsmanager:PutSecretValue on this secret/);
});

it("tells an escrow that may not be read", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.ssm.setFaults(() => DENIED);

  const exit = await examine(connection);

  expect(exit).toBe(4);
  expect(lineOf(connection, "escrow")).toMatch(
    /✗ escrow +GetParameter below \/xt\/escrow\/ failed with AccessDeniedException\n +next: allow ssm:GetParameter/,
  );
});

it("remarks a pair that waits in the escrow", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  const issuedId = leaveAttempt(connection, HOUR_MS);
  connection.ssm.put(`/xt/escrow/${issuedId}`, grantedPair(connection.xt, HOUR_MS));

  const exit = await examine(connection);

  expect(exit).toBe(3);
  expect(lineOf(connection, "escrow")).toContain(`! escrow         the escrow holds a pair of version ${issuedId}\n`);
});

it("reads the clock of AWS from a refusal too", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.aws.setFaults(() => DENIED);
  connection.xt.setFaults(() => ({ kind: "drop", when: "before" }));

  await examine(connection);

  expect(lineOf(connection, "clock")).toMatch(/✓ clock +this machine's clock agrees with AWS/);
});

it("checks what needs no credentials where there are none", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("HOME", "/nonexistent");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");

  const exit = await examine(connection);

  expect(exit).toBe(4);
  expect(lineOf(connection, "credentials")).toMatch(/✗ .*no AWS credentials were found .*, sign in \(aws sso login\)/);
  expect(lineOf(connection, "token secret")).toMatch(/· token secret +not checked without credentials$/);
  expect(lineOf(connection, "XT")).toMatch(/✓ XT /);
});
