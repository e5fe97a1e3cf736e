import { expect, it, onTestFinished, vi } from "vitest";
import { coldStart, context, ENVIRONMENT, start } from "./fixtures/cold-handler.ts";
import { startEventBus } from "./fixtures/event-bus.ts";
import { ALIAS, byAlias, startFleet } from "./fixtures/fleet-handler.ts";

const DAY_MS = 86_400_000;

it.each([
  { connection: "desk-a" },
  { connection: "desk-a", inspect: true },
  { connection: "desk-a", authorize: { code: "code-1" } },
  { connections: ["desk-a"] },
])("refuses %j by name where further connections have no place", async (event) => {
  // given
  const { handler, lines } = await coldStart(ENVIRONMENT);

  // when
  const run = handler(event, context());

  // then
  const message = "the event is invalid: connection must be default, since CONNECTION_PREFIX is not set";
  await expect(run).rejects.toMatchObject({ name: "InvalidEvent", message });
  expect(lines()).toEqual([expect.objectContaining({ level: "ERROR", message, severity: 3 })]);
});

it("connects a user: two secrets, a pair in use, and a schedule that invokes the alias", async () => {
  // given
  const { connect, handler, secretsManager, scheduler } = await startFleet();

  // when
  const connected = await connect("desk-a");
  const ticked = await handler({ connection: "desk-a" }, byAlias());

  // then
  const { AWSCURRENT: versionId } = secretsManager.labels("xt/connections/desk-a/pair");
  expect(connected).toMatchObject({ outcome: "authorized", connection: "desk-a", versionId });
  expect(ticked).toMatchObject({ outcome: "idle", connection: "desk-a", versionId });
  expect(secretsManager.labels("xt/connections/desk-a/access-token")).toEqual({ AWSCURRENT: versionId });
  expect(scheduler.schedules.list("desks")).toMatchObject([
    { name: "desk-a", target: { arn: ALIAS, input: '{"connection":"desk-a"}' } },
  ]);
});

it("renews further connections apart from default, each with its own token", async () => {
  // given
  const { connect, handler, secretsManager } = await startFleet();
  await connect("desk-a");
  const before = secretsManager.labels("xt/connections/desk-a/pair");

  // when
  const first = await handler({}, byAlias());
  const between = secretsManager.labels("xt/connections/desk-a/pair");
  const second = await handler({ connection: "desk-a", force: true }, byAlias({ awsRequestId: "request-2" }));

  // then
  expect([first, second]).toMatchObject([
    { outcome: "rotated", connection: "default" },
    { outcome: "rotated", connection: "desk-a" },
  ]);
  expect(between).toEqual(before);
  expect(secretsManager.labels("xt/connections/desk-a/pair")["AWSCURRENT"]).not.toBe(before["AWSCURRENT"]);
});

it("names the connection in the advice of an answer and of the log, once", async () => {
  // given
  const { handler, lines } = await startFleet();

  // when
  const result = await handler({ connection: "desk-a" }, byAlias());

  // then
  const reason =
    "not-connected: there is no connection desk-a: check the name, or authorize it for the first time, type npx --no xt-token authorize --connection desk-a";
  expect(result).toMatchObject({ outcome: "halted", reason, connection: "desk-a" });
  expect(lines()).toEqual([
    expect.objectContaining({ level: "INFO", message: reason, connection: "desk-a", severity: 3 }),
  ]);
});

it("names the connection in the message and the stack of an error, and in the log, once for each command", async () => {
  // given
  const { handler, lines } = await startFleet();

  // when
  const failure = await handler({ connection: "desk-a", authorize: { code: "code-of-nobody" } }, byAlias()).catch(
    (error: Error) => error,
  );

  // then
  const message = expect.stringMatching(
    /^(?:(?!--connection).)*npx --no xt-token authorize --connection desk-a and (?:(?!--connection).)*npx --no xt-token seed --connection desk-a --credentials-only first$/,
  );
  expect(failure).toMatchObject({ name: "AuthorizationRejected", message });
  const { stack = "", message: told = "" } = failure instanceof Error ? failure : {};
  expect(stack).toContain(told);
  expect(stack.match(/--connection desk-a/g)).toHaveLength(2);
  expect(lines()).toEqual([
    expect.objectContaining({ level: "ERROR", message: told, connection: "desk-a", severity: 4 }),
  ]);
});

it("names the connection in what an authorization logs", async () => {
  // given
  const { connect, handler, xt, lines } = await startFleet();
  await connect("desk-a");

  // when
  const code = xt.code("87654321");
  const result = await handler({ connection: "desk-a", authorize: { code } }, byAlias());

  // then
  const reason = expect.stringMatching(/ type npx --no xt-token recover --connection desk-a --promote [0-9a-f]{64}$/);
  expect(result).toMatchObject({ outcome: "halted", reason });
  expect(lines().at(-1)).toMatchObject({ message: reason, connection: "desk-a" });
});

it("names the connection in what it announces", async () => {
  // given
  const bus = await startEventBus();
  onTestFinished(bus.close);
  const { handler, store } = await startFleet({ EVENT_BUS_NAME: "desks", AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url });
  store("desk-a", "not a pair");

  // when
  await handler({ connection: "desk-a" }, byAlias());

  // then
  const message = expect.stringMatching(/^(?:(?!--connection).)*type npx --no xt-token recover --connection desk-a$/);
  expect(bus.announcements).toMatchObject([
    { detail: { connection: "desk-a", verdict: { code: "malformed", message } } },
  ]);
});

it("names the connection also in what it announces of a failure", async () => {
  // given an answer that ends before its refresh token
  const bus = await startEventBus();
  onTestFinished(bus.close);
  const settings = { EVENT_BUS_NAME: "desks", AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url };
  const { handler, store, xt } = await startFleet(settings);
  store("desk-a", '{"refresh_token":"refresh-of-desk-a"}');
  const body = '{"rc":0,"result":{"access_token":"access-of-desk-a","refresh_token":"refresh-of-';
  xt.setFaults(() => ({ kind: "reply", when: "before", status: 200, body }));

  // when
  await handler({ connection: "desk-a" }, byAlias()).catch(() => {});

  // then
  const message = expect.stringMatching(/ type npx --no xt-token authorize --connection desk-a before /);
  expect(bus.announcements.at(-1)).toMatchObject({
    type: "XT Connection State Changed",
    detail: { connection: "desk-a", verdict: { code: "CUT_OFF", message } },
  });
});

it("keeps one event's connection out of the next one's lines", async () => {
  // given
  const { handler, lines } = await startFleet();

  // when
  await handler({ connection: "desk-a" }, byAlias());
  await handler({ census: true }, byAlias());
  await handler({ connection: 7 }, byAlias()).catch(() => {});
  await handler({ connection: "desk-b" }, byAlias());

  // then
  const named = lines().map((line) => ("connection" in line ? line.connection : undefined));
  expect(named).toEqual(["desk-a", undefined, undefined, "desk-b"]);
});

it("does not redact the secrets of an earlier event", async () => {
  // given a connection that is named like another one's token
  const { handler, store, lines } = await startFleet();
  store("desk-a", '{"refresh_token":"desk-of-nobody"}');

  // when
  await handler({ connection: "desk-a" }, byAlias()).catch(() => {});
  await handler({ connection: "desk-of-nobody" }, byAlias());

  // then
  expect(lines().at(-1)).toMatchObject({ connection: "desk-of-nobody" });
});

it("inspects a further connection where it is kept", async () => {
  // given
  const { connect, handler } = await startFleet({ ESCROW_PARAMETER_PREFIX: "/xt/escrow/" });
  await connect("desk-a");

  // when
  const inspection = await handler({ connection: "desk-a", inspect: true }, byAlias());

  // then
  expect(inspection).toMatchObject({
    connection: "desk-a",
    settings: { tokenSecretId: "xt/connections/desk-a/pair", escrowParameterPrefix: "/xt/escrow/desk-a/" },
  });
});

it("puts a kept pair of a further connection back in use", async () => {
  // given
  const { connect, handler, secretsManager } = await startFleet();
  await connect("desk-a");
  const { AWSCURRENT: versionId = "" } = secretsManager.labels("xt/connections/desk-a/pair");
  secretsManager.put("xt/connections/desk-a/pair", "not a pair");

  // when
  const result = await handler({ connection: "desk-a", promote: { versionId } }, byAlias());

  // then
  expect(result).toMatchObject({ outcome: "settled", connection: "desk-a", versionId });
});

it("lets all connections rest once XT has throttled two in a row", async () => {
  // given
  const { handler, store, xt } = await startFleet();
  for (const name of ["desk-a", "desk-b", "desk-c"]) store(name, `{"refresh_token":"refresh-of-${name}"}`);
  const presented: unknown[] = [];
  xt.setFaults(({ input }) => {
    presented.push(input["refresh_token"]);
    return { kind: "reply", when: "before", status: 429, body: "" };
  });

  // when
  const outcomes = [];
  for (const connection of ["desk-a", "desk-b", "desk-c"]) outcomes.push(await handler({ connection }, byAlias()));

  // then
  expect(outcomes).toMatchObject([
    { outcome: "deferred" },
    { outcome: "deferred" },
    { outcome: "idle", reason: expect.stringMatching(/^resting: /) },
  ]);
  expect(presented).toEqual(["refresh-of-desk-a", "refresh-of-desk-b"]);
});

/** A handler whose `default` is unseeded and a day old. */
async function startUnseeded() {
  const fleet = await startFleet({ TOKEN_SECRET_ID: "xt/empty" });
  fleet.secretsManager.createSecret("xt/empty");
  const realNow = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => realNow() + DAY_MS);
  return fleet;
}

it("writes severity 0 for an unseeded default if further connections exist", async () => {
  // given
  const { handler, store, metrics } = await startUnseeded();
  store("desk-a");

  // when
  const result = await handler({}, byAlias());

  // then
  expect(result).toMatchObject({ outcome: "halted", reason: expect.stringMatching(/^not-seeded: /) });
  expect(metrics()).toEqual([{ _aws: expect.anything(), Severity: 0 }]);
});

it("writes severity 4 for an unseeded default if there is no further connection", async () => {
  // given
  const { handler, metrics } = await startUnseeded();

  // when
  await handler({}, byAlias());

  // then
  expect(metrics()).toEqual([{ _aws: expect.anything(), Severity: 4 }]);
});

it("writes severity 4 for an unseeded default if the secrets cannot be listed", async () => {
  // given
  const { handler, store, secretsManager, metrics } = await startUnseeded();
  store("desk-a");
  const body = '{"__type":"AccessDeniedException"}';
  secretsManager.setFaults(({ operation }) =>
    operation === "ListSecrets" ? { kind: "reply", when: "before", status: 400, body } : undefined,
  );

  // when
  await handler({}, byAlias());

  // then
  expect(metrics()).toEqual([{ _aws: expect.anything(), Severity: 4 }]);
});

it("writes severity 4 for a further connection without a pair, also if others have one", async () => {
  // given
  const { handler, store, metrics } = await startUnseeded();
  store("desk-a");
  store("desk-b", '{"refresh_token":"refresh-of-desk-b"}');

  // when
  await handler({ connection: "desk-a" }, byAlias());

  // then
  expect(metrics()).toEqual([{ _aws: expect.anything(), Severity: 4 }]);
});

it("asks for no list of secrets in a tick of a default that is seeded", async () => {
  // given
  const { handler, secretsManager } = await startFleet();

  // when
  await handler({}, byAlias());

  // then
  expect(secretsManager.calls.map(({ operation }) => operation)).not.toContain("ListSecrets");
});

it("needs no prefix for what it does with default", async () => {
  const { handler } = await start();

  await expect(handler({ connection: "default" }, context())).resolves.toMatchObject({ outcome: "rotated" });
});
