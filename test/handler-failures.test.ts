import { createServer } from "node:http";
import { inspect } from "node:util";
import { expect, it, vi } from "vitest";
import { listen } from "./adapters/fixtures/wire-server.ts";
import { coldStart, context, ENVIRONMENT, start } from "./fixtures/cold-handler.ts";

it("gives XT's refusal to Lambda as it is, and to the log once", async () => {
  const { handler, secretsManager, lines } = await start();
  secretsManager.put("xt/client", '{"client_id":"client-1","client_secret":"wrong-secret"}');

  const run = handler({}, context());

  await expect(run).rejects.toMatchObject({ name: "RotationRejected", code: "AUTH_001", status: 200, attempt: 1 });
  expect(lines()).toEqual([
    expect.objectContaining({
      level: "ERROR",
      function_request_id: "request-1",
      failure: { name: "RotationRejected", code: "AUTH_001", severity: 3, status: 200, attempt: 1 },
    }),
  ]);
});

it("refuses an invalid configuration with every problem, logged once", async () => {
  const { handler, lines } = await coldStart({
    ...ENVIRONMENT,
    TOKEN_SECRET_ID: "",
    XT_BASE_URL: "http://oapi.xt.com",
    UNKNOWN_OUTCOME_POLICY: "retry",
  });

  const run = handler({}, context());

  const message =
    "the configuration is invalid: TOKEN_SECRET_ID is missing, set it to the secret's name or ARN; " +
    "XT_BASE_URL must be an https URL without credentials, query or fragment, or http to a loopback address, " +
    "got the scheme http; " +
    "UNKNOWN_OUTCOME_POLICY must be replay or hold";
  await expect(run).rejects.toMatchObject({ name: "InvalidConfiguration", code: "CONFIGURATION", message });
  expect(lines()).toEqual([
    expect.objectContaining({
      level: "ERROR",
      message,
      failure: { name: "InvalidConfiguration", code: "CONFIGURATION", severity: 4 },
    }),
  ]);
});

it("refuses an invalid event with every problem, logged once", async () => {
  const { handler, lines } = await coldStart(ENVIRONMENT);

  const run = handler({ connection: 7, force: "yes", Force: true }, context());

  const message =
    "the event is invalid: connection must be a string, got a number; force must be a boolean, got a string; " +
    "Force is unknown in the event";
  await expect(run).rejects.toMatchObject({ name: "InvalidEvent", code: "EVENT", message });
  expect(lines()).toEqual([
    expect.objectContaining({ level: "ERROR", message, failure: { name: "InvalidEvent", code: "EVENT", severity: 3 } }),
  ]);
});

class Foreign extends TypeError {
  override readonly name = "refresh-token-1";
  readonly url = "https://oapi.xt.com/?refresh_token=refresh-token-1";
}

it.each([
  ["an error", new Error("refresh-token-1", { cause: "refresh-token-1" }), "Error"],
  ["an error with a field", new Foreign("refresh-token-1\nrefresh-token-1"), "Foreign"],
  ["a text", "refresh-token-1", "string"],
])("conceals what %s holds that nobody foresaw", async (_name, thrown, kind) => {
  const { handler, lines, output } = await coldStart(ENVIRONMENT);
  const getRemainingTimeInMillis = () => {
    throw thrown;
  };

  const failure: unknown = await handler({}, context({ getRemainingTimeInMillis })).catch((error: unknown) => error);

  const message = `an unexpected ${kind} ended the run`;
  expect(failure).toMatchObject({ name: "UnexpectedFailure", code: kind, message });
  expect(inspect(failure, { showHidden: true, depth: null })).not.toContain("refresh-token-1");
  expect(lines()).toEqual([expect.objectContaining({ level: "ERROR", message })]);
  expect(output()).not.toContain("refresh-token-1");
});

it("tells where an unforeseen error arose", async () => {
  const { handler, lines } = await coldStart(ENVIRONMENT);
  const getRemainingTimeInMillis = () => {
    throw new Error("refresh-token-1");
  };

  const run = handler({}, context({ getRemainingTimeInMillis }));

  await expect(run).rejects.toMatchObject({
    frames: expect.arrayContaining([expect.stringMatching(/^ +at .*handler-failures\.test\.ts:\d+:\d+\)?$/)]),
  });
  expect(JSON.stringify(lines())).toContain("handler-failures.test.ts");
});

it("tells why a tick failed before it announces that a person is needed, since an event bus may hang", async () => {
  // given
  const { handler, lines, secretsManager } = await start();
  const toldBefore: unknown[] = [];
  const eventBus = createServer((_, response) => {
    toldBefore.push(...lines());
    response.writeHead(503).end();
  });
  const { port } = await listen(eventBus);
  vi.stubEnv("EVENT_BUS_NAME", "default");
  vi.stubEnv("AWS_ENDPOINT_URL_EVENTBRIDGE", `http://127.0.0.1:${port}`);
  secretsManager.deleteSecret("xt/token");

  // when
  await handler({}, context()).catch(() => undefined);

  // then
  expect(toldBefore).toEqual([expect.objectContaining({ level: "ERROR", message: expect.stringMatching(/restore/) })]);
});
