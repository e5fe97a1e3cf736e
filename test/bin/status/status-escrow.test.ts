import { expect, it } from "vitest";
import { statusCommand } from "../../../bin/status/status-command.ts";
import type { Fault } from "../../../sandbox/faults.ts";
import { grantedPair, leaveAttempt, startRotated } from "../fixtures/connection.ts";

const HOUR_MS = 3_600_000;
const STRAY = "5".repeat(64);
const DENIED: Fault = { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' };

it("sees a pair in the escrow that is no open attempt's", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.ssm.put(`/xt/escrow/${STRAY}`, grantedPair(connection.xt, HOUR_MS));

  const exit = await statusCommand.run(connection.target, {}, connection.surroundings);

  expect(exit).toBe(3);
  expect(connection.told).toContain(`  escrow               holds ${STRAY}`);
  expect(connection.told).toContain(
    `  ! the escrow holds the pair of version ${STRAY}, which no tick brings home: see whether it is the newest`,
  );
});

it("does not say that an attempt left no pair where nobody named the escrow", async () => {
  const connection = await startRotated(17 * HOUR_MS, { settings: { ESCROW_PARAMETER_PREFIX: undefined } });
  leaveAttempt(connection, HOUR_MS);

  await statusCommand.run(connection.target, {}, connection.surroundings);

  expect(connection.told).toContainEqual(expect.stringMatching(/^ {2}attempt 1 .* 1 h ago, open$/));
});

it("calls no escrow empty that it may not list", async () => {
  const connection = await startRotated(2 * HOUR_MS);
  connection.ssm.put(`/xt/escrow/${STRAY}`, grantedPair(connection.xt, HOUR_MS));
  connection.ssm.setFaults(({ operation }) => (operation === "GetParametersByPath" ? DENIED : undefined));

  await statusCommand.run(connection.target, {}, connection.surroundings);
  await statusCommand.run(connection.target, { json: true }, connection.surroundings);

  expect(connection.told.filter((line) => line.startsWith("  escrow "))).toEqual([
    expect.stringMatching(
      /^ {2}escrow +holds no pair of a version in sight, npx xt-token recover --token-secret token .* lists all$/,
    ),
  ]);
  expect(JSON.parse(connection.told.at(-1) ?? "").escrow).toEqual({ state: "asked", whole: false, copies: [] });
});
