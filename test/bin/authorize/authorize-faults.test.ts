import { expect, it } from "vitest";
import type { Fault } from "../../../sandbox/faults.ts";
import { refreshTokenIn, runAuthorize, writesOf } from "../fixtures/authorizing.ts";
import { createPerson, MINUTE_MS, type PeopleWorld, startPeopleWorld } from "../fixtures/people-world.ts";
import { runRecover } from "../fixtures/recovering.ts";

const SEEDED = '{"refresh_token":"dead"}';
const OUTAGE: Fault = { kind: "reply", when: "before", status: 503, body: "<h1>Service unavailable" };
/** The run is held up until one of the seconds is left that it has for staging, or tests would wait for all of them. */
const HELD_UP_MS = 44_000;

/** From the moment on at which XT has granted the pair, neither of these takes anything, until `isOver` says so. */
function failFromTheGrantOn(
  world: PeopleWorld,
  where: { readonly parameterStore: boolean },
  isOver: () => boolean = () => false,
): void {
  world.xt.setFaults(() => ({
    kind: "act",
    when: "after",
    act() {
      world.advance(HELD_UP_MS);
      world.aws.setFaults(() => (isOver() ? undefined : OUTAGE));
      if (where.parameterStore) world.parameterStore.setFaults(() => OUTAGE);
    },
  }));
}

function mend(world: PeopleWorld): void {
  for (const standIn of [world.aws, world.parameterStore, world.xt]) standIn.setFaults(undefined);
}

it("says that XT refused the code, marks the attempt as unspent, and takes the next code at once", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const { AWSCURRENT: before } = world.aws.labels("token");

  const refused = await runAuthorize(world, { person: createPerson("no-such-code") });
  const labels = world.aws.labels("token");
  const second = await runAuthorize(world);

  expect(refused.exit).toBe(1);
  expect(refused.screen.at(-1)).toMatch(
    /^xt-token: XT refused the code with AUTH_102 \(HTTP 200\), .*holds what it held$/,
  );
  expect(labels).toEqual({ AWSCURRENT: before, XT_ATTEMPT: labels["XT_UNSPENT"], XT_UNSPENT: labels["XT_ATTEMPT"] });
  expect(second.exit).toBe(0);
  expect(JSON.parse(world.aws.value("token") ?? "")).toMatchObject({ parent: before, attempt: 2 });
});

it.each<[string, Fault, string]>([
  [
    "the answer is lost",
    { kind: "drop", when: "after" },
    "ended without a usable answer (ECONNRESET), the code may be spent",
  ],
  ["a gateway fails", OUTAGE, "ended without a usable answer (HTTP_503), the code may be spent"],
  ["XT throttles", { kind: "reply", when: "before", status: 429, body: "" }, "locks accounts for 10 minutes"],
  [
    "the answer holds no refresh token",
    { kind: "reply", when: "after", status: 200, body: '{"rc":0,"result":{"access_token":"access-only"}}' },
    "holds no refresh token that can be read, the code is spent",
  ],
  [
    "the answer breaks off before the refresh token",
    { kind: "reply", when: "after", status: 200, body: '{"rc":0,"result":{"access_token":"access-only","refresh_tok' },
    "holds no refresh token that can be read, the code is spent",
  ],
])("leaves the old pair in use when %s, and ticks go on with it", async (_what, fault, sentence) => {
  const world = await startPeopleWorld({ token: "grant" });
  const old = refreshTokenIn(world, "AWSCURRENT");
  world.xt.setFaults(() => fault);

  const run = await runAuthorize(world);
  const labels = world.aws.labels("token");
  mend(world);
  world.advance(15 * MINUTE_MS);
  const ticked = await world.tick();

  expect(run.exit).toBe(1);
  expect(run.screen.at(-1)).toContain(sentence);
  expect(labels["XT_UNSPENT"]).toBe(labels["XT_ATTEMPT"]);
  expect(labels["XT_ISSUED"]).toBeUndefined();
  expect(ticked.outcome).toBe("rotated");
  expect(world.xt.exchanges.at(-1)).toMatchObject({ presented: old, verdict: "granted" });
});

it("writes nothing to an empty secret when XT refuses the code", async () => {
  const world = await startPeopleWorld();

  const run = await runAuthorize(world, { person: createPerson("no-such-code") });

  expect(run.exit).toBe(1);
  expect(world.aws.versions("token")).toEqual([]);
});

it.each([
  ["a seeded secret", SEEDED],
  ["an empty one", undefined],
])("presents nothing where %s may not be written to", async (_what, token) => {
  const world = await startPeopleWorld(token === undefined ? {} : { token });
  world.aws.setFaults(({ operation }) =>
    operation === "PutSecretValue"
      ? { kind: "reply", when: "before", status: 400, body: '{"__type":"AccessDeniedException"}' }
      : undefined,
  );

  const run = await runAuthorize(world);

  expect(run.exit).toBe(1);
  expect(run.screen.at(-1)).toMatch(/^xt-token: PutSecretValue on token failed with AccessDeniedException, allow/);
  expect(world.xt.exchanges).toEqual([]);
});

it("is finished by the next tick when it dies after staging", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  world.aws.setFaults(({ operation }) =>
    operation === "UpdateSecretVersionStage" ? { kind: "drop", when: "before" } : undefined,
  );

  const run = await runAuthorize(world);
  mend(world);
  const ticked = await world.tick();

  expect(run.exit).toBe(3);
  expect(run.screen.at(-1)).toMatch(
    /^xt-token: the pair is safe in version \w{64} of token under XT_ISSUED .* the next tick moves it/,
  );
  expect(ticked.outcome).toBe("settled");
  expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
});

it.each<[string, boolean]>([
  ["staged", false],
  ["escrowed", true],
])(
  "leaves a pair that is %s beside a value that is no pair to a recovery, since ticks halt there",
  async (_where, isDown) => {
    const world = await startPeopleWorld({ token: "plain text" });
    if (isDown) failFromTheGrantOn(world, { parameterStore: false });
    else {
      world.aws.setFaults(({ operation }) =>
        operation === "UpdateSecretVersionStage" ? { kind: "drop", when: "before" } : undefined,
      );
    }

    const run = await runAuthorize(world, { person: createPerson(true, world.xt.code()) });
    mend(world);
    const ticked = await world.tick();
    const recovered = await runRecover(world, { person: createPerson("1", true) });

    expect(run.exit).toBe(3);
    expect(run.screen.at(-1)).not.toMatch(/\btick\b/);
    expect(run.screen.at(-1)).toMatch(/type npx xt-token recover /);
    expect(ticked.outcome).toBe("halted");
    expect(recovered.exit).toBe(0);
    expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
  },
);

it("leaves AWSCURRENT to whoever moved it meanwhile, and keeps the pair", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const reseed = () => void world.aws.put("token", '{"refresh_token":"seeded"}', { versionId: "a".repeat(64) });
  world.aws.setFaults(({ operation }) =>
    operation === "UpdateSecretVersionStage" ? { kind: "act", when: "before", act: reseed } : undefined,
  );

  const run = await runAuthorize(world);

  expect(run.exit).toBe(3);
  expect(run.screen.at(-1)).toMatch(/^xt-token: AWSCURRENT of token was moved to version a{64} /);
  expect(refreshTokenIn(world, "AWSCURRENT")).toBe("seeded");
  expect(world.xt.isLive(refreshTokenIn(world, "XT_ISSUED"))).toBe(true);
});

it("writes once when the answer to a write is lost", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  world.aws.setFaults(({ operation, nth }) =>
    operation === "PutSecretValue" && nth <= 2 ? { kind: "drop", when: "after" } : undefined,
  );

  const run = await runAuthorize(world);

  expect(run.exit).toBe(0);
  expect(world.aws.versions("token")).toHaveLength(3);
});

it("puts the pair into the escrow when Secrets Manager is down, from where a tick brings it home", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  failFromTheGrantOn(world, { parameterStore: false });

  const run = await runAuthorize(world);
  const escrowed = Object.keys(world.parameterStore.parameters());
  mend(world);
  world.advance(11 * MINUTE_MS);
  const ticked = await world.tick();

  expect(run.exit).toBe(3);
  expect(run.screen.at(-1)).toMatch(
    /^xt-token: Secrets Manager did not take the pair \(\w+\), it is safe in the escrow as version \w{64}, a tick brings it home from 2026-11-23 12:10:47Z on/,
  );
  expect(escrowed).toEqual([expect.stringMatching(/^\/xt\/escrow\/\w{64}$/)]);
  expect(ticked.outcome).toBe("settled");
  expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
  expect(world.parameterStore.parameters()).toEqual({});
});

it("goes on trying after both stores were down for longer than a rotation could wait", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  let stagings = 0;
  failFromTheGrantOn(world, { parameterStore: true }, () => {
    stagings += 1;
    return stagings > 8;
  });

  const run = await runAuthorize(world);

  expect(run.exit).toBe(0);
  expect(run.screen.filter((line) => line.includes("still trying"))).toHaveLength(1);
  expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
});

it.each([
  ["shows the pair", true],
  ["lets the pair go", false],
])("%s when the person gives up and answers %s", async (_what, isShown) => {
  const world = await startPeopleWorld({ token: SEEDED });
  failFromTheGrantOn(world, { parameterStore: true });
  const person = createPerson(world.xt.code(), isShown);
  const interruption = new AbortController();
  const { complain } = person.io;
  person.io.complain = (sentence) => {
    complain(sentence);
    if (sentence.includes("press Ctrl-C")) interruption.abort();
  };

  const run = await runAuthorize(world, { person, givenUp: interruption.signal });

  expect(run.exit).toBe(4);
  expect(run.screen).toContain(
    "xt-token: XT granted a pair and no store took it (GIVEN_UP), it is gone when this command ends",
  );
  expect(run.questions.at(-1)).toBe("show the pair in plain text, so that you can seed it by hand?");
  expect(run.screen.filter((line) => line.includes(world.xt.newestRefreshToken ?? "no token"))).toHaveLength(
    isShown ? 1 : 0,
  );
  expect(writesOf(world).filter((write) => write.endsWith("AWSCURRENT"))).toEqual([]);
});
