import { expect, it } from "vitest";
import { census, createFleet, type Desk, denied, descriptionOf, RECORD_OF_CODE } from "./fleet.ts";
import { memorySecret } from "./memory-store.ts";
import { issuedDocument, seededSecret } from "./world.ts";

/** A connection of a user who came back with this many codes, all of which XT refused. */
function refused(times: number): Desk {
  const secret = memorySecret();
  for (let time = 1; time <= times; time += 1) secret.put(`attempt-1-of-code-${time}`, RECORD_OF_CODE, "XT_ATTEMPT");
  return { scene: { secret }, schedule: null };
}

it("makes the schedule of a connection that has none", async () => {
  // given
  const fleet = createFleet({ desks: { "desk-a": { schedule: null }, "desk-b": {} } });

  // when
  const found = await census(fleet);

  // then
  expect(fleet.acts).toEqual(["make desk-a"]);
  expect(found).toMatchObject({ connections: 3, unattendedCount: 0, mended: ["desk-a"] });
  expect(fleet.warnings).toEqual(['mended: it lacked its schedule or a secret {"connection":"desk-a"}']);
});

it.each([
  [{ isEnabled: true, isOurs: false }, "correct desk-a as enabled", [], ["desk-a"]],
  [
    { isEnabled: false, isOurs: false },
    "correct desk-a as disabled",
    [{ connection: "desk-a", why: "its schedule is disabled" }],
    ["desk-a"],
  ],
])("lets a schedule of another target invoke this function, and keeps its state: %j", async (schedule, ...expected) => {
  // given
  const [act, unattended, mended] = expected;
  const fleet = createFleet({ desks: { "desk-a": { schedule } } });

  // when
  const found = await census(fleet);

  // then
  expect(fleet.acts).toEqual([act]);
  expect(found).toMatchObject({ unattended, mended });
});

it("makes the access-token secret of a connection that has none", async () => {
  // given
  const fleet = createFleet({ desks: { "desk-a": { listed: { accessToken: undefined } } } });

  // when
  const { mended } = await census(fleet);

  // then
  expect(fleet.acts).toEqual(["complete desk-a"]);
  expect(mended).toEqual(["desk-a"]);
});

it("makes secrets but no schedules if it has no settings for schedules", async () => {
  // given
  const fleet = createFleet({
    schedules: null,
    desks: { "desk-a": { listed: { accessToken: undefined } }, "desk-b": {} },
  });

  // when
  const found = await census(fleet);

  // then
  expect(fleet.acts).toEqual(["complete desk-a"]);
  expect(found).toMatchObject({ unattendedCount: 0, mended: ["desk-a"] });
});

it.each([1, 2])("makes nothing for a user who was never granted, after %i codes that XT refused", async (times) => {
  // given
  const fleet = createFleet({ desks: { "desk-a": refused(times) } });

  // when
  const found = await census(fleet);

  // then
  expect(fleet.acts).toEqual([]);
  expect(found).toMatchObject({ unattendedCount: 0, mended: [] });
});

it("makes the schedule if only the escrow took the first pair, so that a tick adopts it", async () => {
  // given
  const list = async () => ["issued-1-of-code-1"];
  const { scene } = refused(1);
  const fleet = createFleet({ desks: { "desk-a": { scene: { ...scene, escrow: { list } }, schedule: null } } });

  // when
  const { mended } = await census(fleet);

  // then
  expect(fleet.acts).toEqual(["make desk-a"]);
  expect(mended).toEqual(["desk-a"]);
});

it("makes the schedule if a run staged a pair and died before it promoted it", async () => {
  // given
  const { scene, ...desk } = refused(1);
  scene?.secret?.put("issued-1-of-code-1", issuedDocument("attempt-1-of-code-1"), "XT_ISSUED");
  const fleet = createFleet({ desks: { "desk-a": { ...desk, ...(scene && { scene }) } } });

  // when
  await census(fleet);

  // then
  expect(fleet.acts).toEqual(["make desk-a"]);
});

it("makes the schedule if a person seeded a value that is not a pair, so that a tick says so", async () => {
  // given
  const secret = memorySecret();
  secret.put("v1", "not a pair", "AWSCURRENT");
  const fleet = createFleet({ desks: { "desk-a": { scene: { secret }, schedule: null } } });

  // when
  await census(fleet);

  // then
  expect(fleet.acts).toEqual(["make desk-a"]);
});

it("names a connection whose schedule it cannot make, and makes those of the others", async () => {
  // given
  const made: string[] = [];
  const make = async (connection: string) => {
    if (connection === "desk-a") await denied("CreateSchedule", "scheduler")();
    made.push(connection);
  };
  const desks = { "desk-a": { schedule: null }, "desk-b": { schedule: null } };
  const fleet = createFleet({ desks, schedules: { make } });

  // when
  const { unattended, mended } = await census(fleet);

  // then
  const why =
    "CreateSchedule on a-name failed with AccessDeniedException, " +
    "allow the function's role scheduler:CreateSchedule, and iam:PassRole on the role of the schedules";
  expect(unattended).toEqual([{ connection: "desk-a", why }]);
  expect([made, mended]).toEqual([["desk-b"], ["desk-b"]]);
});

it("names a connection whose secret it cannot make, and goes on with the others", async () => {
  // given
  const complete = denied("CreateSecret");
  const desks = { "desk-a": { listed: { accessToken: undefined } }, "desk-b": { schedule: null } };
  const fleet = createFleet({ desks, secrets: { complete } });

  // when
  const { unattended, mended } = await census(fleet);

  // then
  expect(unattended).toMatchObject([{ connection: "desk-a", why: expect.stringMatching(/^CreateSecret on /) }]);
  expect(mended).toEqual(["desk-b"]);
});

it("names a connection that brings an unexpected error, and goes on with the others", async () => {
  // given
  const make = (connection: string) =>
    connection === "desk-a" ? Promise.reject(new TypeError("a bug")) : Promise.resolve();
  const fleet = createFleet({
    desks: { "desk-a": { schedule: null }, "desk-b": { schedule: null } },
    schedules: { make },
  });

  // when
  const { unattended, mended } = await census(fleet);

  // then
  expect(unattended).toEqual([{ connection: "desk-a", why: "an unexpected TypeError ended the run" }]);
  expect(mended).toEqual(["desk-b"]);
});

it("still says what is wrong with a connection that it has mended", async () => {
  // given a renewal that is an hour late
  const fleet = createFleet({ time: "13:00", desks: { "desk-a": { schedule: null } } });

  // when
  const { unattended, mended } = await census(fleet);

  // then
  expect(mended).toEqual(["desk-a"]);
  expect(unattended).toMatchObject([{ connection: "default" }, { connection: "desk-a" }]);
});

it("names 100 that it has mended at most, in its answer and in the log", async () => {
  // given
  const desks = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`desk-${index}`, { schedule: null }]));
  const fleet = createFleet({ desks });

  // when
  const { mended } = await census(fleet);

  // then
  expect(fleet.acts).toHaveLength(101);
  expect(mended).toHaveLength(100);
  expect(fleet.warnings).toHaveLength(100);
});

it("makes no schedule for default, which has its own in the template", async () => {
  // given a secret of a person's below the prefix
  const fleet = createFleet({ desks: { default: { schedule: null } } });

  // when
  await census(fleet);

  // then
  expect(fleet.acts).toEqual([]);
});

it("makes the schedule if the listing is older than the grant", async () => {
  // given
  const secret = seededSecret();
  const token = { ...descriptionOf(secret), holders: new Map<string, string>() };
  const fleet = createFleet({ desks: { "desk-a": { scene: { secret }, listed: { token }, schedule: null } } });

  // when
  const { mended } = await census(fleet);

  // then
  expect(fleet.acts).toEqual(["make desk-a"]);
  expect(mended).toEqual(["desk-a"]);
});

it("makes the schedule of a connection that cannot be read, which may hold a pair", async () => {
  // given
  const scene = { store: { readCurrent: denied("GetSecretValue") } };
  const fleet = createFleet({ desks: { "desk-a": { scene, schedule: null } } });

  // when
  const { mended, unattended } = await census(fleet);

  // then
  expect(mended).toEqual(["desk-a"]);
  expect(unattended).toMatchObject([
    { connection: "desk-a", why: expect.stringMatching(/^its state cannot be read: /) },
  ]);
});

it("names a connection whose escrow it cannot search, and makes nothing there", async () => {
  // given
  const { scene } = refused(1);
  const list = denied("GetParametersByPath");
  const fleet = createFleet({ desks: { "desk-a": { scene: { ...scene, escrow: { list } }, schedule: null } } });

  // when
  const { unattended } = await census(fleet);

  // then
  expect(unattended).toMatchObject([{ connection: "desk-a", why: expect.stringMatching(/^GetParametersByPath on /) }]);
  expect(fleet.acts).toEqual([]);
});
