import { expect, it } from "vitest";
import type { ConnectionSecrets } from "../../lambda/rotation/fleet-ports.ts";
import { listNames, surveyAll } from "../../lambda/rotation/listing.ts";
import { createFleet, denied, missing } from "./fleet.ts";
import { at } from "./given.ts";
import { memorySecret } from "./memory-store.ts";

const DESCRIPTION = { arn: "arn:token-secret", createdAtMs: at("06:00"), holders: new Map<string, string>() };

/** A listing that shows these connections with both secrets. */
function listing(...connections: readonly string[]): ConnectionSecrets {
  return {
    list: async () => connections.map((connection) => ({ connection, token: DESCRIPTION, accessToken: DESCRIPTION })),
    exist: async () => connections.length > 0,
    provide: async () => {},
    complete: async () => {},
  };
}

it("names only default without settings for further connections", async () => {
  await expect(listNames({ secrets: undefined }, "")).resolves.toEqual({
    schema: 1,
    connections: ["default"],
    next: null,
  });
});

it("names all in alphabetical order, default among them", async () => {
  const secrets = listing("user-42", "desk-a", "Desk-b", "user-7");

  const { connections, next } = await listNames({ secrets }, "");

  expect(connections).toEqual(["Desk-b", "default", "desk-a", "user-42", "user-7"]);
  expect(next).toBeNull();
});

it.each([
  ["desk-a", ["user-42"]],
  ["desk", ["desk-a", "user-42"]],
  ["a", ["default", "desk-a", "user-42"]],
  ["user-42", []],
])("names what comes behind %s", async (after, expected) => {
  const { connections, next } = await listNames({ secrets: listing("desk-a", "user-42") }, after);

  expect(connections).toEqual(expected);
  expect(next).toBeNull();
});

it("names no connection whose token secret is gone", async () => {
  const list = async () => [{ connection: "desk-a", accessToken: DESCRIPTION }];

  const { connections } = await listNames({ secrets: { ...listing(), list } }, "");

  expect(connections).toEqual(["default"]);
});

it("names 60,000 at once, and says after which name the next ones come", async () => {
  // given 60,001 connections, with default
  const names = Array.from({ length: 60_000 }, (_, index) => `user-${String(index).padStart(5, "0")}`);
  const secrets = listing(...names);

  // when
  const first = await listNames({ secrets }, "");
  const second = await listNames({ secrets }, first.next ?? "");

  // then
  expect(first.connections).toHaveLength(60_000);
  expect(first.next).toBe("user-59998");
  expect(second).toEqual({ schema: 1, connections: ["user-59999"], next: null });
});

it("says how each stands, in the order asked", async () => {
  // given
  const absent = { describe: missing("DescribeSecret"), readCurrent: missing("GetSecretValue") };
  const fleet = createFleet({ desks: { "desk-a": {}, "desk-b": { scene: { store: absent } } } });

  // when
  const found = await surveyAll(fleet.ports, ["desk-b", "desk-a"], "replay");

  // then
  expect(found).toEqual({
    schema: 1,
    checkedAt: "2026-11-23T11:00:00.000Z",
    states: [
      {
        connection: "desk-b",
        verdict: {
          severity: 4,
          code: "not-connected",
          message: "there is no connection desk-b: check the name, or authorize it for the first time",
          next: "authorize",
        },
        expiresAt: null,
        refreshExpiresAt: null,
        nextRenewalAt: null,
      },
      {
        connection: "desk-a",
        verdict: {
          severity: 0,
          code: "not-due",
          message: "the next renewal is at 2026-11-23T12:00:00.000Z",
          next: null,
        },
        expiresAt: "2026-11-23T15:00:00.000Z",
        refreshExpiresAt: null,
        nextRenewalAt: "2026-11-23T12:00:00.000Z",
      },
    ],
  });
});

it("names the connection in the commands of its verdict", async () => {
  // given a renewal that is five hours late
  const fleet = createFleet({ time: "17:00", desks: { "desk-a": {} } });

  // when
  const { states } = await surveyAll(fleet.ports, ["default", "desk-a"], "replay");

  // then
  expect(states[0]?.verdict.message).toMatch(/npx --no xt-token doctor says/);
  expect(states[1]?.verdict.message).toMatch(/npx --no xt-token doctor --connection desk-a says/);
});

it("applies the given policy for unknown outcomes", async () => {
  // given
  const fleet = createFleet({ time: "13:00", desks: { "desk-a": {} } });
  const ports = fleet.ports.portsOf("desk-a");
  await ports.store.fence("attempt-1-of-v1", UNKNOWN_SINCE_ELEVEN, at("13:00"));
  await ports.store.voidIssued("issued-1-of-v1", VOID);

  // when
  const [held, replayed] = await Promise.all([
    surveyAll(fleet.ports, ["desk-a"], "hold"),
    surveyAll(fleet.ports, ["desk-a"], "replay"),
  ]);

  // then
  expect([held, replayed].map(({ states }) => states[0]?.verdict.code)).toEqual(["held", "outcome-unknown"]);
});

const UNKNOWN_SINCE_ELEVEN =
  '{"schema":1,"kind":"attempt","parent":"v1","attempt":1,"run":"run-0","nonce":"nonce-0",' +
  '"started_at":"2026-11-23T11:00:00.000Z","deadline_at":"2026-11-23T11:02:00.000Z"}';
const VOID = '{"schema":1,"kind":"void","parent":"v1","attempt":1}';

it("answers with a verdict for a connection that cannot be read", async () => {
  // given
  const fleet = createFleet({ desks: { "desk-a": { scene: { store: { describe: denied("DescribeSecret") } } } } });

  // when
  const { states } = await surveyAll(fleet.ports, ["desk-a"], "replay");

  // then
  expect(states).toMatchObject([{ connection: "desk-a", verdict: { code: "store-unavailable" }, expiresAt: null }]);
});

it.each([
  [{ "desk-a": {} }, { severity: 0, code: "unused", next: null }],
  [{}, { severity: 4, code: "not-seeded", next: "authorize" }],
])("calls a stack's own connection without a pair unused where further ones exist: %j", async (desks, expected) => {
  const fleet = createFleet({ desks, stack: { secret: memorySecret() } });

  const { states } = await surveyAll(fleet.ports, ["default"], "replay");

  expect(states).toMatchObject([{ connection: "default", verdict: expected }]);
});
