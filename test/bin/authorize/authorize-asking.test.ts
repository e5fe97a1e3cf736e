import { expect, it } from "vitest";
import { authorizeCommand } from "../../../bin/authorize/authorize-command.ts";
import { versionIdOf } from "../../../lambda/adapters/version-id.ts";
import { refreshTokenIn, runAuthorize, writesOf } from "../fixtures/authorizing.ts";
import { createPerson, startPeopleWorld } from "../fixtures/people-world.ts";
import { issuedPair } from "../fixtures/stored-pair.ts";

const SEEDED = '{"refresh_token":"dead"}';

it("warns where nobody said where the escrow is", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const target = { ...world.target, config: { ...world.target.config, escrow: undefined } };

  const run = await runAuthorize({ ...world, target });

  expect(run.exit).toBe(0);
  expect(run.screen[0]).toMatch(/^xt-token: nobody said where the escrow is, /);
});

it("asks for no redirect URI where the stack names one", async () => {
  const world = await startPeopleWorld();
  const stack = { stackName: "stack-1", functionName: "f:live", redirectUri: "https://desk.example/back" };
  const target = { ...world.target, stack, config: { ...world.target.config, tokenSecretId: "nobody" } };

  const command = authorizeCommand.run(target, {}, world.surroundings(createPerson()));

  // It went on to look at the secrets.
  await expect(command).rejects.toThrow(/^DescribeSecret on nobody failed with ResourceNotFoundException/);
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

it("passes over a run at work once the person agrees, as the next attempt", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  const { AWSCURRENT: parent } = world.aws.labels("token");
  const times = { started_at: "2026-11-23T12:00:00Z", deadline_at: "2026-11-23T12:02:00Z" };
  const record = { kind: "attempt", parent, attempt: 1, run: "run-1", nonce: "n", ...times };
  const versionId = versionIdOf({ arn: world.arn, parent: parent ?? "", kind: "attempt", attempt: 1 });
  world.aws.put("token", JSON.stringify(record), { versionId, labels: ["XT_ATTEMPT"] });

  const run = await runAuthorize(world, { person: createPerson(true, world.xt.code()) });

  expect(run.exit).toBe(0);
  expect(JSON.parse(world.aws.value("token") ?? "")).toMatchObject({ parent, attempt: 2 });
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

it("says that the two secrets may be exchanged where neither holds what it should", async () => {
  const world = await startPeopleWorld({ token: '{"client_id":"client-1","client_secret":"sandbox-client-secret"}' });
  world.aws.put("client", SEEDED);

  const run = await runAuthorize(world);

  expect(run.exit).toBe(1);
  expect(run.screen).toEqual([
    expect.stringMatching(
      /^xt-token: token holds no pair and client no credentials: the two secrets may be exchanged, check both names before anything is written to either, look with npx xt-token recover /,
    ),
  ]);
});

it("has the client credentials seeded alone where the client secret has no value", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  world.aws.createSecret("client-2");
  const target = { ...world.target, config: { ...world.target.config, clientSecretId: "client-2" } };

  const run = await runAuthorize({ ...world, target });

  expect(run.exit).toBe(1);
  expect(run.screen).toEqual([
    expect.stringMatching(
      /^xt-token: client-2 has no value, write the client credentials first with npx xt-token seed --credentials-only --token-secret token /,
    ),
  ]);
});

it("says how to write the client credentials where there are none", async () => {
  const world = await startPeopleWorld({ token: SEEDED });
  world.aws.put("client", "plain text");

  const run = await runAuthorize(world);

  expect(run.exit).toBe(1);
  expect(run.screen).toEqual([
    expect.stringMatching(
      /^xt-token: client must hold .* write the client credentials first with npx xt-token seed --credentials-only/,
    ),
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
