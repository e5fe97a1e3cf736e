import { expect, it } from "vitest";
import { refreshTokenIn, runAuthorize, writesOf } from "./fixtures/authorizing.ts";
import { createPerson, MINUTE_MS, startPeopleWorld } from "./fixtures/people-world.ts";
import { issuedPair } from "./fixtures/stored-pair.ts";

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

it("warns where nobody said where the escrow is", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const target = { ...world.target, config: { ...world.target.config, escrow: undefined } };

  const run = await runAuthorize({ ...world, target });

  expect(run.exit).toBe(0);
  expect(run.screen[0]).toMatch(/^xt-token: nobody said where the escrow is, /);
});

it("does nothing on a machine whose clock is off", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  world.aws.setFaults(({ operation }) =>
    operation === "DescribeSecret"
      ? {
          kind: "reply",
          when: "before",
          status: 200,
          headers: { "content-type": "application/x-amz-json-1.1", date: "Mon, 23 Nov 2026 12:03:00 GMT" },
          body: '{"ARN":"arn:aws:secretsmanager:us-east-1:123456789012:secret:token"}',
        }
      : undefined,
  );

  const run = await runAuthorize(world);

  expect(run.exit).toBe(1);
  expect(run.screen).toEqual([
    expect.stringMatching(/^xt-token: this machine's clock is 3 min behind AWS's, set it first/),
  ]);
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

it("asks before it passes over a living pair, and leaves everything alone at no", async () => {
  const world = await startPeopleWorld({ token: issuedPair() });

  const run = await runAuthorize(world, { person: createPerson(false, "a-code") });

  expect(run.exit).toBe(1);
  expect(run.questions).toEqual(["put another pair in its place all the same?"]);
  expect(run.screen).toEqual([
    expect.stringMatching(
      /^xt-token: version \S+ of token \(AWSCURRENT\) holds a pair that was issued to a rotation at /,
    ),
    "xt-token: stopped, nothing is changed; to go on without being asked add --yes",
  ]);
  expect(writesOf(world)).toEqual([]);
  expect(world.xt.exchanges).toEqual([]);
});

it.each([
  ["at yes", { person: true, isSure: false }],
  ["with --yes, unasked", { person: false, isSure: true }],
])("passes over a living pair %s", async (_how, { person, isSure }) => {
  const world = await startPeopleWorld({ token: issuedPair() });
  const answers = person ? [true, world.xt.code()] : [world.xt.code()];

  const run = await runAuthorize(world, { person: createPerson(...answers), isSure });

  expect(run.exit).toBe(0);
  expect(run.questions).toHaveLength(answers.length);
});

it.each(["plain text", '{"password":"x"}'])("replaces %j, which is no pair, once the person agrees", async (token) => {
  const world = await startPeopleWorld({ token });
  const { AWSCURRENT: before } = world.aws.labels("token");

  const run = await runAuthorize(world, { person: createPerson(true, world.xt.code()) });

  expect(run.exit).toBe(0);
  expect(run.screen[0]).toMatch(/^xt-token: version \S+ of token \(AWSCURRENT\) is no token pair, /);
  expect(world.aws.labels("token")).toMatchObject({ AWSPREVIOUS: before });
  expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
});

it("asks again where a rotation began while the person was at XT", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const { AWSCURRENT: parent } = world.aws.labels("token");
  const person = createPerson(world.xt.code(), false);
  const times = { started_at: "2026-11-23T12:00:00Z", deadline_at: "2026-11-23T12:02:00Z" };
  const record = { kind: "attempt", parent, attempt: 1, run: "run-1", nonce: "n", ...times };
  const ask = person.io.ask.bind(person.io);
  person.io.ask = async (question, echo) => {
    world.aws.put("token", JSON.stringify(record), { labels: ["XT_ATTEMPT"] });
    return ask(question, echo);
  };

  const run = await runAuthorize(world, { person });

  expect(run.exit).toBe(1);
  expect(run.screen.at(-2)).toBe("xt-token: a rotation may be at work on token until 2026-11-23T12:12:00.000Z");
  expect(world.xt.exchanges).toEqual([]);
});

it("presents no code where another person passes the fence first", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  world.aws.setFaults(({ operation }) => {
    if (operation !== "PutSecretValue") return undefined;
    world.aws.setFaults(undefined);
    return { kind: "act", when: "before", act: async () => void (await runAuthorize(world)) };
  });

  const slower = await runAuthorize(world);

  expect(slower.exit).toBe(1);
  expect(slower.screen.at(-1)).toMatch(
    /^xt-token: a rotation or somebody else began to work .* the code was not presented/,
  );
  expect(world.xt.exchanges).toHaveLength(1);
  expect(world.xt.isLive(refreshTokenIn(world, "AWSCURRENT"))).toBe(true);
});

it("says how to write the client credentials where there are none", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  world.aws.put("client", "plain text");

  const run = await runAuthorize(world);

  expect(run.exit).toBe(1);
  expect(run.screen).toEqual([
    expect.stringMatching(/^xt-token: client must hold .* type aws secretsmanager put-secret-value/),
  ]);
});

it.each([
  ["https://desk.example/back?error=access_denied", 1, "the browser was sent back with access_denied: "],
  ["two words", 2, "the code must be one word"],
])("changes nothing when %j is pasted", async (pasted, exit, sentence) => {
  const world = await startPeopleWorld({ token: SEEDED });

  const run = await runAuthorize(world, { person: createPerson(pasted) });

  expect(run.exit).toBe(exit);
  expect(run.screen.at(-1)).toContain(sentence);
  expect(writesOf(world)).toEqual([]);
});

it("stops when the person gives up at the prompt", async () => {
  const world = await startPeopleWorld({ token: SEEDED });

  const run = await runAuthorize(world, { person: createPerson() });

  expect(run.exit).toBe(1);
  expect(run.screen.at(-1)).toBe("xt-token: stopped at the prompt, nothing is changed");
});
