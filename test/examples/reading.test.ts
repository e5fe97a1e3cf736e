import { createRequire } from "node:module";
import { beforeEach, expect, it, vi } from "vitest";
import { callXt, type ReadToken } from "../../examples/reading/call-xt.ts";
import { type DeskWorld, startDeskWorld } from "./desk-world.ts";

const NOON = Date.parse("2026-11-24T12:00:00Z");

beforeEach(() => {
  vi.resetModules();
  return () => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
  };
});

/** The world, and a way to read as a new process has it. */
async function start(load: () => Promise<{ readToken: ReadToken }>): Promise<DeskWorld & { readToken: ReadToken }> {
  const world = await startDeskWorld();
  for (const [name, value] of Object.entries(world.environment)) vi.stubEnv(name, value);
  return { ...world, readToken: (await load()).readToken };
}

function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

const loadSdk = () => import("../../examples/reading/sdk.ts");
const loadExtension = () => import("../../examples/reading/extension.ts");
// A name in a variable, since the file cannot be loaded where Powertools Parameters is not installed, nor has it types.
const powertools = "../../examples/reading/powertools.mjs";
const loadPowertools = (): Promise<{ readToken: ReadToken }> => import(powertools);

interface Way {
  readonly way: string;
  readonly load: () => Promise<{ readToken: ReadToken }>;
  /** Package that the project itself does not need, and so does not install. */
  readonly needs?: string;
}

const WAYS: readonly Way[] = [
  { way: "the SDK", load: loadSdk },
  { way: "the Lambda extension", load: loadExtension },
];

it.each(WAYS)("shows XT the access token with $way, and reads the secret once for two calls", async ({ load }) => {
  // given
  const { readToken, xtUrl, presented, secrets } = await start(load);

  // when
  const statuses = [await callXt(xtUrl, readToken), await callXt(xtUrl, readToken)].map(({ status }) => status);

  // then
  expect(statuses).toEqual([200, 200]);
  expect(presented).toEqual(["token-1", "token-1"]);
  expect(secrets.calls.length).toBeLessThanOrEqual(1);
});

it.each(WAYS)("hands XT's refusal back with $way where the secret holds no newer token", async ({ load }) => {
  // given
  const { readToken, xtUrl, presented, take } = await start(load);
  take("token-2");

  // when
  const { status } = await callXt(xtUrl, readToken);

  // then
  expect(status).toBe(401);
  expect(presented).toEqual(["token-1"]);
});

it.for<Way>([...WAYS, { way: "Powertools", load: loadPowertools, needs: "@aws-lambda-powertools/parameters" }])(
  "reads past the cache with $way where XT refuses the token, and calls again",
  async ({ load, needs }, { skip }) => {
    if (needs !== undefined && !isInstalled(needs)) skip(`not run: ${needs} is not installed`);
    // given
    const { readToken, xtUrl, presented, publish, take } = await start(load);
    await callXt(xtUrl, readToken);
    publish("token-2");
    take("token-2");

    // when
    const { status } = await callXt(xtUrl, readToken);

    // then
    expect(status).toBe(200);
    expect(presented).toEqual(["token-1", "token-1", "token-2"]);
  },
);

it("reads past the cache where XT refuses with HTTP 200 and a code", async () => {
  // given
  const { readToken, xtUrl, presented, publish, take, refuseWith } = await start(loadSdk);
  refuseWith(200, '{"rc":1,"mc":"AUTH_104"}');
  await callXt(xtUrl, readToken);
  publish("token-2");
  take("token-2");

  // when
  const response = await callXt(xtUrl, readToken);

  // then
  expect(await response.json()).toEqual({ rc: 0, mc: "SUCCESS" });
  expect(presented).toEqual(["token-1", "token-1", "token-2"]);
});

it("hands back a failure that says nothing of the token, without a second call", async () => {
  // given
  const { readToken, xtUrl, presented, take, refuseWith } = await start(loadSdk);
  take("token-2");
  refuseWith(502, "<html>");

  // when
  const { status } = await callXt(xtUrl, readToken);

  // then
  expect(status).toBe(502);
  expect(presented).toEqual(["token-1"]);
});

/** The SDK's way at noon, with a token that was just read. */
async function readAtNoon(expiresAt: string) {
  const world = await start(loadSdk);
  vi.useFakeTimers({ toFake: ["Date"], now: NOON });
  world.publish("token-2", expiresAt);
  await world.readToken(false);
  return world;
}

it.each([
  ["after 4:59 minutes from the cache", "2026-11-24T16:00:00Z", 299_000, "token-2"],
  ["after 5:01 minutes from the secret", "2026-11-24T16:00:00Z", 301_000, "token-3"],
  ["61 seconds before its end from the cache", "2026-11-24T12:02:00Z", 59_000, "token-2"],
  ["59 seconds before its end from the secret", "2026-11-24T12:02:00Z", 61_000, "token-3"],
])("takes a token %s", async (_, expiresAt, laterMs, expected) => {
  // given
  const { readToken, publish } = await readAtNoon(expiresAt);
  publish("token-3");
  vi.setSystemTime(NOON + laterMs);

  // when
  const token = await readToken(false);

  // then
  expect(token).toBe(expected);
});

it("goes on with the cached token while Secrets Manager is down, until the token expires", async () => {
  // given
  const { readToken, secrets } = await readAtNoon("2026-11-24T12:10:00Z");
  await secrets.close();
  vi.setSystemTime(NOON + 599_000);

  // when
  const token = await readToken(false);

  // then
  expect(token).toBe("token-2");
  vi.setSystemTime(NOON + 600_000);
  await expect(readToken(false)).rejects.toThrow();
});
