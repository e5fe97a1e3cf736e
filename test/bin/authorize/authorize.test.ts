import { expect, it } from "vitest";
import { refreshTokenIn, runAuthorize, writesOf } from "../fixtures/authorizing.ts";
import { createPerson, MINUTE_MS, startPeopleWorld } from "../fixtures/people-world.ts";
import { issuedPair } from "../fixtures/stored-pair.ts";

const SEEDED = '{"refresh_token":"dead"}';

it("puts the pair of a new grant in the place of a dead one, fenced and staged like a rotation's", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const { AWSCURRENT: before } = world.aws.labels("token");

  const run = await runAuthorize(world);

  const { AWSCURRENT: current, ...labels } = world.aws.labels("token");
  expect(run.exit).toBe(0);
  expect(writesOf(world)).toEqual([
    "PutSecretValue XT_ATTEMPT",
    "PutSecretValue XT_ISSUED",
    "UpdateSecretVersionStage AWSCURRENT",
  ]);
  expect(labels).toEqual({ AWSPREVIOUS: before, XT_ATTEMPT: expect.any(String), XT_ISSUED: current });
  expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
  expect(JSON.parse(world.aws.value("token") ?? "")).toMatchObject({
    parent: before,
    attempt: 1,
    client_id: "client-1",
  });
  expect(world.xt.exchanges.map(({ grantType, verdict }) => [grantType, verdict])).toEqual([
    ["authorization_code", "granted"],
  ]);
});

it("takes nothing over from the grant before, perhaps another user's", async () => {
  const world = await startPeopleWorld({ token: issuedPair({ user_id: "another", scope: "everything" }) });
  const body = '{"rc":0,"result":{"access_token":"access-new","refresh_token":"refresh-new"}}';
  world.xt.setFaults(() => ({ kind: "reply", when: "after", status: 200, body }));

  await runAuthorize(world, { isSure: true });

  const stored = JSON.parse(world.aws.value("token") ?? "");
  expect(stored).toMatchObject({ client_id: "client-1", access_token: "access-new", refresh_token: "refresh-new" });
  expect(Object.keys(stored)).not.toEqual(expect.arrayContaining(["user_id"]));
  expect(Object.keys(stored)).not.toEqual(expect.arrayContaining(["scope"]));
});

it("shows the link, asks for the code without echo, and says where the pair is and when it is renewed", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const { AWSCURRENT: before } = world.aws.labels("token");

  const { screen, questions } = await runAuthorize(world);

  const { AWSCURRENT: current } = world.aws.labels("token");
  expect(questions).toEqual(["code or redirected URL (not shown)"]);
  expect(screen).toEqual([
    "open this link and grant access:\nhttps://www.xt.com/en/accounts/oauth2?response_type=code&client_id=client-1" +
      "&redirect_uri=https%3A%2F%2Fdesk.example%2Fback&scope=userinfo",
    `token pair: written to token as version ${current}, version ${before} is AWSPREVIOUS now\n` +
      "next: the access token lives until 2026-11-24 12:00:00Z, a tick renews it from 2026-11-24 04:00:00Z on",
  ]);
});

it("is followed by ticks that keep the new grant alive", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  await runAuthorize(world);
  const first = await world.tick();

  world.advance(17 * 60 * MINUTE_MS);
  const later = await world.tick();

  expect([first.outcome, later.outcome]).toEqual(["idle", "rotated"]);
  expect(refreshTokenIn(world, "AWSCURRENT")).toBe(world.xt.newestRefreshToken);
});

it("reads the redirected URL from standard input where there is no terminal", async () => {
  const world = await startPeopleWorld({ token: SEEDED });

  const run = await runAuthorize(world, {
    person: createPerson(),
    piped: `https://desk.example/back?code=${world.xt.code()}\n`,
  });

  expect(run).toMatchObject({ exit: 0, questions: [] });
});

it("fills an empty secret in one write", async () => {
  const world = await startPeopleWorld();

  const run = await runAuthorize(world);

  const { AWSCURRENT: current, ...labels } = world.aws.labels("token");
  expect(run.exit).toBe(0);
  expect(writesOf(world)).toEqual(["PutSecretValue XT_ISSUED"]);
  expect(labels).toEqual({ XT_ISSUED: current });
  expect(JSON.parse(world.aws.value("token") ?? "")).not.toHaveProperty("parent");
  expect((await world.tick()).outcome).toBe("idle");
});

it("keeps both pairs of two people who fill an empty secret at once, and tells the slower one", async () => {
  const world = await startPeopleWorld();
  world.aws.setFaults(({ operation, input }) => {
    if (operation !== "PutSecretValue" || !("SecretString" in input)) return undefined;
    world.aws.setFaults(undefined);
    return { kind: "act", when: "before", act: async () => void (await runAuthorize(world)) };
  });

  const slower = await runAuthorize(world);

  expect(slower.exit).toBe(3);
  expect(slower.screen.at(-1)).toMatch(
    /^xt-token: AWSCURRENT of token was moved to version \w{64} .* under XT_ISSUED, to use/,
  );
  expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
  expect(world.xt.isLive(refreshTokenIn(world, "XT_ISSUED"))).toBe(true);
  expect(world.aws.labels("token")["AWSCURRENT"]).not.toBe(world.aws.labels("token")["XT_ISSUED"]);
});
