import { expect, it } from "vitest";
import { context, start } from "./fixtures/cold-handler.ts";
import { ALIAS, byAlias, startFleet } from "./fixtures/fleet-handler.ts";

it("counts connections, measures that and nothing else, and logs it in one line", async () => {
  // given
  const { connect, handler, metrics, lines } = await startFleet();
  await handler({}, byAlias());
  await connect("desk-a");
  const [before, told] = [metrics().length, lines().length];

  // when
  const census = await handler({ census: true }, byAlias());

  // then
  expect(census).toEqual({ schema: 1, connections: 2, unattended: [], unattendedCount: 0, mended: [] });
  expect(metrics().slice(before)).toEqual([{ _aws: expect.anything(), Connections: 2, ConnectionsUnattended: 0 }]);
  expect(lines().slice(told)).toEqual([
    expect.objectContaining({ level: "INFO", message: "census", connections: 2, unattended: 0, mended: 0 }),
  ]);
});

it("makes the schedule that a connection lacks, and names one whose schedule is disabled", async () => {
  // given
  const { connect, handler, scheduler, metrics, lines } = await startFleet();
  for (const name of ["desk-a", "desk-b"]) await connect(name);
  scheduler.schedules.remove("desks", "desk-a");
  const { groupName, name, ...settings } = scheduler.schedules.find("desks", "desk-b");
  scheduler.schedules.update(groupName, name, { ...settings, isEnabled: false }, 0);

  // when
  const census = await handler({ census: true }, byAlias());

  // then
  expect(census).toMatchObject({
    connections: 3,
    unattended: [{ connection: "desk-b", why: "its schedule is disabled" }],
    mended: ["desk-a"],
  });
  expect(scheduler.schedules.find("desks", "desk-a").target.arn).toBe(ALIAS);
  expect(metrics().at(-1)).toMatchObject({ Connections: 3, ConnectionsUnattended: 1 });
  expect(lines().slice(-3)).toMatchObject([
    { level: "WARN", connection: "desk-a", message: "mended: it lacked its schedule or a secret" },
    { level: "WARN", connection: "desk-b", message: "unattended: its schedule is disabled" },
    { level: "INFO", message: "census", unattended: 1, mended: 1 },
  ]);
});

it("counts only default without settings for further connections", async () => {
  // given
  const { handler, metrics } = await start();

  // when
  const census = await handler({ census: true }, context());

  // then
  expect(census).toMatchObject({ connections: 1, unattendedCount: 0 });
  expect(metrics()).toEqual([{ _aws: expect.anything(), Connections: 1, ConnectionsUnattended: 0 }]);
});

it("writes no metric if the secrets cannot be listed, so that the alarm rings", async () => {
  // given
  const { handler, secretsManager, metrics, lines } = await startFleet();
  const body = '{"__type":"AccessDeniedException"}';
  secretsManager.setFaults(({ operation }) =>
    operation === "ListSecrets" ? { kind: "reply", when: "before", status: 400, body } : undefined,
  );

  // when
  const run = handler({ census: true }, byAlias());

  // then
  await expect(run).rejects.toMatchObject({ name: "StoreUnavailable", operation: "ListSecrets" });
  expect(metrics()).toEqual([]);
  expect(lines()).toEqual([expect.objectContaining({ level: "ERROR", severity: 4 })]);
});

it("leaves 15 seconds of its run for its answer", async () => {
  // given
  const { connect, handler } = await startFleet();
  await connect("desk-a");

  // when
  const late = await handler({ census: true }, byAlias({ getRemainingTimeInMillis: () => 15_000 }));
  const inTime = await handler({ census: true }, byAlias({ getRemainingTimeInMillis: () => 25_000 }));

  // then
  expect([late, inTime]).toMatchObject([{ unattendedCount: 2 }, { unattendedCount: 0 }]);
});

it("answers names, and how each of them stands, with one read of the client credentials", async () => {
  // given
  const { connect, handler, secretsManager } = await startFleet();
  for (const name of ["desk-b", "desk-a"]) await connect(name);
  const before = secretsManager.calls.length;

  // when
  const names = await handler({ connections: { after: "default" } }, byAlias());
  const states = await handler({ connections: ["desk-a", "desk-b", "desk-c"] }, byAlias());

  // then
  expect(names).toEqual({ schema: 1, connections: ["desk-a", "desk-b"], next: null });
  expect(states).toMatchObject({
    schema: 1,
    states: [
      { connection: "desk-a", verdict: { severity: 0, code: "not-due" } },
      { connection: "desk-b", verdict: { severity: 0, code: "not-due" } },
      { connection: "desk-c", verdict: { severity: 4, code: "not-connected", next: "authorize" } },
    ],
  });
  const reads = secretsManager.calls.slice(before).filter(({ input }) => input["SecretId"] === "xt/client");
  expect(reads).toHaveLength(1);
});
