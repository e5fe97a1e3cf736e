import { expect, it } from "vitest";
import { rotateCommand } from "../../../bin/rotate/rotate-command.ts";
import { type Connection, grantedPair, leaveAttempt, startConnection, startRotated } from "../fixtures/connection.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function rotate({ target, surroundings }: Connection, given: Readonly<Record<string, true>> = {}) {
  return rotateCommand.run(target, given, surroundings);
}

it("renews a pair that is due and says when the next renewal is", async () => {
  const connection = await startRotated(17 * HOUR_MS);

  const exit = await rotate(connection);

  expect(exit).toBe(0);
  expect(connection.told).toEqual([
    "✓ rotated  renewed: XT granted a new pair",
    expect.stringMatching(/^ {2}next renewal {2}20\S+ \S+Z, in 1[56] h/),
  ]);
  expect(connection.aws.value("token")).toContain(connection.xt.newestRefreshToken);
});

it("leaves a pair alone that is not due, and renews it when told to", async () => {
  const connection = await startRotated(2 * HOUR_MS);

  const exits = [await rotate(connection), await rotate(connection, { now: true })];

  expect(exits).toEqual([0, 0]);
  expect(connection.told[0]).toMatch(/^✓ idle {2}not-due: /);
  expect(connection.told[2]).toMatch(/^✓ rotated {2}renewed: /);
  expect(connection.xt.exchanges).toHaveLength(1);
});

it("stands back from a tick at work, even when told to renew now", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  leaveAttempt(connection, MINUTE_MS);

  const exit = await rotate(connection, { now: true });

  expect(exit).toBe(3);
  expect(connection.told[0]).toMatch(/^! not renewed, idle {2}peer-at-work: /);
  expect(connection.xt.exchanges).toEqual([]);
});

it("brings a dead attempt's pair home from the escrow", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  const issuedId = leaveAttempt(connection, 16 * MINUTE_MS);
  const { AWSCURRENT: parent } = connection.aws.labels("token");
  connection.ssm.put(`/xt/escrow/${issuedId}`, grantedPair(connection.xt, 15 * MINUTE_MS, { parent }));

  const exit = await rotate(connection);

  expect(exit).toBe(0);
  expect(connection.told[0]).toMatch(/^✓ settled {2}/);
  expect(connection.aws.labels("token")["AWSCURRENT"]).toBe(issuedId);
});

it("refuses to renew now where an attempt's pair may be in an escrow that cannot be asked", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  const issuedId = leaveAttempt(connection, 16 * MINUTE_MS);
  const body = '{"__type":"AccessDeniedException"}';
  connection.ssm.setFaults(() => ({ kind: "reply", when: "before", status: 400, body }));

  const run = rotate(connection, { now: true });

  await expect(run).rejects.toThrow(
    `the escrow cannot be asked (AccessDeniedException) and may hold the pair of version ${issuedId}, presenting the old token could ` +
      "end it: allow ssm:GetParameter, or add --no-escrow if you know that it holds nothing",
  );
  expect(connection.xt.exchanges).toEqual([]);
});

it("refuses to renew now where the escrow may be listed and not asked for one pair", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  const issuedId = leaveAttempt(connection, 16 * MINUTE_MS);
  const { AWSCURRENT: parent } = connection.aws.labels("token");
  connection.ssm.put(`/xt/escrow/${issuedId}`, grantedPair(connection.xt, 15 * MINUTE_MS, { parent }));
  const body = '{"__type":"AccessDeniedException"}';
  connection.ssm.setFaults(({ operation }) =>
    operation === "GetParameter" ? { kind: "reply", when: "before", status: 400, body } : undefined,
  );

  const run = rotate(connection, { now: true });

  await expect(run).rejects.toThrow(/^the escrow cannot be asked \(AccessDeniedException\)/);
  expect(connection.xt.exchanges).toEqual([]);
});

it("renews all the same where the person knows that the escrow holds nothing", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  leaveAttempt(connection, 16 * MINUTE_MS);
  const body = '{"__type":"AccessDeniedException"}';
  connection.ssm.setFaults(() => ({ kind: "reply", when: "before", status: 400, body }));

  const exit = await rotate(connection, { now: true, "no-escrow": true });

  expect(exit).toBe(0);
  expect(connection.told[0]).toMatch(/^✓ rotated {2}/);
});

it("warns against asking again when XT asks for fewer requests", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  connection.xt.setFaults(() => ({ kind: "reply", when: "before", status: 429, body: "" }));

  const exit = await rotate(connection, { now: true });

  expect(exit).toBe(3);
  expect(connection.told[0]).toMatch(/^! not renewed, deferred {2}throttled: /);
  expect(connection.told.at(-1)).toMatch(
    /^ {2}XT locks accounts that ask too often, do not ask again before 20\S+ \S+Z$/,
  );
});

it("halts for a person over a secret that nobody has seeded", async () => {
  const connection = await startConnection();

  const exit = await rotate(connection);

  expect(exit).toBe(4);
  expect(connection.told).toEqual([
    expect.stringMatching(/^✗ halted {2}not-seeded: token has no value/),
    expect.stringMatching(/^ {2}type npx xt-token status --token-secret token/),
  ]);
});

it("refuses where nobody said where the escrow is, unless there is none", async () => {
  const connection = await startRotated(17 * HOUR_MS, { settings: { ESCROW_PARAMETER_PREFIX: undefined } });

  await expect(rotate(connection)).rejects.toThrow(/^nobody said where the escrow is, .* add --escrow-prefix/);

  expect(connection.aws.calls).toEqual([]);
  expect(await rotate(connection, { "no-escrow": true })).toBe(0);
});

it("names a failure by its class and says what to type", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  connection.aws.put("token", grantedPair(connection.xt, 17 * HOUR_MS, { refresh_token: "refresh-of-nobody" }));

  const rotating = rotate(connection);

  const sentence = await rotating.catch(({ message }) => message);
  expect(sentence).toMatch(
    /^RotationRejected: XT refused the refresh token with \w+ \(HTTP 200\), .*; next: npx xt-token/,
  );
  expect(sentence).not.toContain("refresh-of-nobody");
});

it("tells what the function would have logged", async () => {
  const connection = await startRotated(17 * HOUR_MS);
  connection.xt.setFaults(() => ({ kind: "reply", when: "after", status: 429, body: "" }));
  connection.aws.setFaults(({ operation }) =>
    operation === "UpdateSecretVersionStage"
      ? { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' }
      : undefined,
  );

  const exit = await rotate(connection);

  expect(exit).toBe(0);
  expect(connection.complaints).toEqual([
    'the attempt could not be marked as unspent, it will be settled as unknown {"attempt":1}',
  ]);
});

it.each([
  [-3 * MINUTE_MS, /^this machine's clock is (2|3) min behind AWS's, set it first/],
  [3 * MINUTE_MS, /^this machine's clock is 3 min ahead of AWS's, set it first/],
])("refuses with a clock that is %s ms ahead", async (aheadMs, sentence) => {
  const connection = await startRotated(17 * HOUR_MS, { now: () => Date.now() + aheadMs });

  await expect(rotate(connection, { now: true })).rejects.toThrow(sentence);

  expect(connection.aws.labels("token")).not.toHaveProperty("XT_ATTEMPT");
});

it("spends nothing when the machine slept between the fence and the exchange", async () => {
  let sleptMs = 0;
  const sleep = () => {
    sleptMs = HOUR_MS;
  };
  const connection = await startRotated(17 * HOUR_MS, { now: () => Date.now() + sleptMs });
  connection.aws.setFaults(({ operation }) =>
    operation === "PutSecretValue" ? { kind: "act", when: "after", act: sleep } : undefined,
  );

  const rotating = rotate(connection);

  await expect(rotating).rejects.toThrow(/^TokenEndpointUnreachable: the token endpoint was not reached \(OVERSLEPT\)/);
  expect(connection.xt.exchanges).toEqual([]);
});
