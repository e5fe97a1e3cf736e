import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { patienceMs } from "../../lambda/rotation/census.ts";
import type { ListedSchedule } from "../../lambda/rotation/fleet-ports.ts";
import type { StoredValue, TokenStore } from "../../lambda/rotation/ports.ts";
import { StoreUnavailable } from "../../lambda/rotation/store-errors.ts";
import { census, createFleet, denied, descriptionOf, disabledDesks, missing, TICKING } from "./fleet.ts";
import { memorySecret } from "./memory-store.ts";
import { issuedDocument, type Scene, seededSecret } from "./world.ts";

it("reports nothing about a stack that has only default", async () => {
  // given
  const fleet = createFleet();

  // when
  const found = await census(fleet);

  // then
  expect(found).toEqual({ schema: 1, connections: 1, unattended: [], unattendedCount: 0, mended: [] });
});

it("is quiet about healthy connections, and makes nothing", async () => {
  // given
  const desks = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`desk-${index}`, {}]));
  const fleet = createFleet({ desks });

  // when
  const found = await census(fleet);

  // then
  expect(found).toEqual({ schema: 1, connections: 41, unattended: [], unattendedCount: 0, mended: [] });
  expect(fleet.acts).toEqual([]);
  expect(fleet.warnings).toEqual([]);
});

it("asks a healthy connection for its value alone, since the listing shows its labels", async () => {
  // given
  const published = () => Promise.reject(new Error("asked"));
  const accessTokens = { published, publish: async () => {} };
  const fleet = createFleet({ desks: { "desk-a": { ports: { accessTokens } } } });

  // when
  const { unattendedCount } = await census(fleet);

  // then
  expect(unattendedCount).toBe(0);
  expect(fleet.callsOf("desk-a")).toEqual(["readCurrent", "credentials"]);
});

const EMPTY = { arn: "arn:access-token", createdAtMs: 0, holders: new Map<string, string>() };

it("does not count a connection that has an empty access-token secret alone, because nothing can be lost", async () => {
  // given
  const listed = { token: undefined, accessToken: EMPTY };
  const fleet = createFleet({ desks: { "desk-a": { listed, schedule: null } } });

  // when
  const { connections } = await census(fleet);

  // then
  expect(connections).toBe(1);
  expect(fleet.acts).toEqual([]);
});

/** The token secret of a desk answers each read with this error. */
function failingWith(code: string): Scene {
  const fail = () => Promise.reject(new StoreUnavailable("secretsmanager", "DescribeSecret", "a-name", code));
  return { store: { describe: fail, readCurrent: fail } };
}

it.each([
  ["ResourceNotFoundException", "its token secret is gone, and its access-token secret is not"],
  ["InvalidRequestException", "its secrets are scheduled for deletion, and its schedule goes on"],
])("names a connection that somebody ended by half: %s", async (code, why) => {
  // given
  const accessTokens = { published: async () => "v1", publish: async () => undefined };
  const listed = { token: undefined };
  const fleet = createFleet({ desks: { "desk-a": { scene: failingWith(code), listed, ports: { accessTokens } } } });

  // when
  const { unattended } = await census(fleet);

  // then
  expect(unattended).toEqual([{ connection: "desk-a", why }]);
  expect(fleet.acts).toEqual([]);
});

it.each([
  ["a disconnected connection", "InvalidRequestException", null],
  ["a connection of the template that nobody has authorized", "ResourceNotFoundException", TICKING],
])("is quiet about %s", async (_, code, schedule) => {
  // given
  const accessTokens = { published: missing("DescribeSecret"), publish: async () => undefined };
  const scene = failingWith(code);
  const fleet = createFleet({
    desks: { "desk-a": { scene, schedule, listed: { token: undefined }, ports: { accessTokens } } },
  });

  // when
  const { connections, unattended } = await census(fleet);

  // then
  expect([connections, unattended]).toEqual([1, []]);
});

it("names a connection whose schedule is disabled, and leaves it so", async () => {
  // given
  const fleet = createFleet({ desks: disabledDesks(1) });

  // when
  const found = await census(fleet);

  // then
  expect(found).toMatchObject({
    unattended: [{ connection: "desk-0", why: "its schedule is disabled" }],
    unattendedCount: 1,
  });
  expect(fleet.acts).toEqual([]);
  expect(fleet.warnings).toEqual(['unattended: its schedule is disabled {"connection":"desk-0"}']);
});

it.each([
  ["45 minutes", "12:45", 2],
  ["a moment less", "12:44:59.999", 0],
])("counts a connection whose renewal has been due for %s", async (_howLong, time, expected) => {
  // given two connections that were due at noon
  const fleet = createFleet({ time, desks: { "desk-a": {} } });

  // when
  const { unattendedCount } = await census(fleet);

  // then
  expect(unattendedCount).toBe(expected);
});

it("says since when something is due, and what to type, naming the connection", async () => {
  // given
  const fleet = createFleet({ time: "13:00", desks: { "desk-a": {} } });

  // when
  const { unattended } = await census(fleet);

  // then
  const why = (words: string) =>
    "what was due at 2026-11-23T12:00:00.000Z is not done: the renewal has been due since 2026-11-23T12:00:00.000Z and no " +
    `tick has renewed the pair: the log says why, npx --no xt-token ${words} says whether ticks run`;
  expect(unattended).toEqual([
    { connection: "default", why: why("doctor") },
    { connection: "desk-a", why: why("doctor --connection desk-a") },
  ]);
  expect(fleet.warnings[1]).toBe(`unattended: ${why("doctor --connection desk-a")} {"connection":"desk-a"}`);
});

it("names a connection that cannot be read", async () => {
  // given
  const scene = { store: { readCurrent: denied("GetSecretValue") } };
  const fleet = createFleet({ desks: { "desk-a": { scene }, "desk-b": {} } });

  // when
  const { unattended } = await census(fleet);

  // then
  const why =
    "its state cannot be read: GetSecretValue on a-name failed with AccessDeniedException, " +
    "allow the function's role secretsmanager:GetSecretValue, and the use of the key";
  expect(unattended).toEqual([{ connection: "desk-a", why }]);
});

it("believes the second read if the first one failed", async () => {
  // given
  const failures = [denied("GetSecretValue")];
  const secret = seededSecret();
  const stored = secret.versions.get("v1");
  const readCurrent = async (): Promise<StoredValue | undefined> => (await failures.pop()?.()) ?? stored;
  const fleet = createFleet({ desks: { "desk-a": { scene: { secret, store: { readCurrent } } } } });

  // when
  const { unattendedCount } = await census(fleet);

  // then
  expect(unattendedCount).toBe(0);
});

it("takes no connection for unattended because the listing is old", async () => {
  // given a renewal that the listing does not show yet
  const secret = seededSecret();
  const token = descriptionOf(secret);
  secret.put("issued-1-of-v1", issuedDocument("v1"), "AWSCURRENT", "XT_ISSUED");
  const fleet = createFleet({ time: "13:00", desks: { "desk-a": { scene: { secret }, listed: { token } } } });

  // when
  const { unattended } = await census(fleet);

  // then
  expect(unattended).toMatchObject([{ connection: "default" }]);
});

it("takes no connection for unattended because the listing shows an old publication", async () => {
  // given
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "AWSCURRENT", "XT_ISSUED");
  const accessTokens = { published: async () => "issued-1-of-v1", publish: async () => {} };
  const desk = { scene: { secret }, listed: { accessToken: descriptionOf(seededSecret()) }, ports: { accessTokens } };
  const fleet = createFleet({ time: "12:50", desks: { "desk-a": desk } });

  // when
  const { unattended } = await census(fleet);

  // then
  expect(unattended).toMatchObject([{ connection: "default" }]);
});

it("counts a connection as unattended if it has not read it when its time is up", async () => {
  // given
  let ring = (): void => {};
  const timeIsUp = new Promise<void>((resolve) => {
    ring = resolve;
  });
  const hanging = { store: { readCurrent: () => new Promise<never>(() => {}) } };
  const fleet = createFleet({ desks: { "desk-a": { scene: hanging }, "desk-b": {} } });

  // when
  const counting = census(fleet, { timeIsUp });
  for (let turns = 0; turns < 20; turns += 1) await turn();
  ring();
  const { connections, unattended } = await counting;

  // then
  const why = "the census ran out of time before it had looked at this connection";
  expect(connections).toBe(3);
  expect(unattended).toEqual([{ connection: "desk-a", why }]);
});

it.each(["ResourceNotFoundException", "InvalidRequestException"])(
  "forgets a connection that somebody has disconnected since it was listed, as %s tells",
  async (code) => {
    // given
    const describe = () => Promise.reject(new StoreUnavailable("secretsmanager", "DescribeSecret", "a-name", code));
    const fleet = createFleet({ desks: { "desk-a": { scene: { store: { describe } }, schedule: null } } });

    // when
    const found = await census(fleet);

    // then
    expect(found).toMatchObject({ connections: 1, unattendedCount: 0, mended: [] });
    expect(fleet.acts).toEqual([]);
  },
);

it.each(["ResourceNotFoundException", "InvalidRequestException"])(
  "does not forget default, which nobody disconnects, where its secret is gone, as %s tells",
  async (code) => {
    // given
    const describe = () => Promise.reject(new StoreUnavailable("secretsmanager", "DescribeSecret", "a-name", code));
    const fleet = createFleet({ stack: { store: { describe } }, desks: { "desk-a": {} } });

    // when
    const { connections, unattended } = await census(fleet);

    // then
    expect(connections).toBe(2);
    expect(unattended).toMatchObject([{ connection: "default" }]);
  },
);

it("names no connection if none can be read, because then the ticks fail", async () => {
  // given a store that is out
  const scene = { store: { readCurrent: denied("GetSecretValue") } };
  const fleet = createFleet({ stack: scene, desks: { "desk-a": { scene }, "desk-b": { scene } } });

  // when
  const found = await census(fleet);

  // then
  expect(found).toEqual({ schema: 1, connections: 3, unattended: [], unattendedCount: 0, mended: [] });
  expect(fleet.warnings).toEqual([]);
});

it("goes on with the others while the store of one hangs", async () => {
  // given 40 connections, more than are looked at at once, of which the first does not answer
  const ends: (() => void)[] = [];
  const secret = seededSecret();
  const readCurrent: TokenStore["readCurrent"] = () =>
    new Promise((resolve) => ends.push(() => resolve(secret.versions.get("v1"))));
  const others = Object.fromEntries(Array.from({ length: 39 }, (_, index) => [`desk-${index}`, { schedule: null }]));
  const fleet = createFleet({ desks: { hanging: { scene: { secret, store: { readCurrent } } }, ...others } });

  // when
  const counting = census(fleet);
  for (let turns = 0; turns < 20; turns += 1) await turn();
  const madeMeanwhile = fleet.acts.length;
  for (const end of ends) end();

  // then
  expect(madeMeanwhile).toBe(39);
  await expect(counting).resolves.toMatchObject({ connections: 41, unattendedCount: 0 });
});

it("names 100 at most in its answer and in the log, and counts all", async () => {
  // given
  const fleet = createFleet({ desks: disabledDesks(101) });

  // when
  const { unattended, unattendedCount } = await census(fleet);

  // then
  expect(unattended).toHaveLength(100);
  expect(unattendedCount).toBe(101);
  expect(fleet.warnings).toHaveLength(100);
});

it("does not name a connection whose secrets are still empty", async () => {
  // given its two secrets, still empty
  const fleet = createFleet({
    time: "23:00",
    stack: { secret: memorySecret() },
    desks: { "desk-a": { scene: { secret: memorySecret() }, schedule: null } },
  });

  // when
  const found = await census(fleet);

  // then
  expect(found).toMatchObject({ connections: 2, unattendedCount: 0 });
  expect(fleet.acts).toEqual([]);
});

it("fails if it cannot list the secrets", async () => {
  const fleet = createFleet({ secrets: { list: denied("ListSecrets") } });

  await expect(census(fleet)).rejects.toMatchObject({ name: "StoreUnavailable", operation: "ListSecrets" });
});

it("fails if it cannot list the schedules", async () => {
  const list = (): Promise<ReadonlyMap<string, ListedSchedule>> => denied("ListSchedules", "scheduler")();
  const fleet = createFleet({ schedules: { list } });

  await expect(census(fleet)).rejects.toMatchObject({ name: "StoreUnavailable", operation: "ListSchedules" });
});

it.each([
  ["rate(15 minutes)", 45],
  ["rate(1 hour)", 135],
  ["cron(0/15 * * * ? *)", 45],
  ["cron(5/15 0-23 * * ? *)", 45],
  ["cron(0,30 * * * ? *)", 75],
  ["cron(10 * * * ? *)", 135],
  ["cron(0 0/4 * * ? *)", 495],
])("is patient with %s for %i minutes", (expression, minutes) => {
  expect(patienceMs(expression)).toBe(minutes * 60_000);
});

it.each([
  [undefined, 45],
  ["rate(15 minutes)", 45],
  ["rate(1 minute)", 17],
  ["rate(30 minutes)", 75],
  ["rate(1 hour)", 135],
  ["rate(4 hours)", 495],
  ["cron(0/15 * * * ? *)", 45],
  ["cron(*/20 * * * ? *)", 55],
  ["cron(0 0/4 * * ? *)", 495],
  ["cron(7 3,9 * * ? *)", 495],
])("lets things be due for two ticks of %s and a quarter of an hour", (expression, minutes) => {
  expect(patienceMs(expression)).toBe(minutes * 60_000);
});
