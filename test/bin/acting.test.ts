import { expect, it } from "vitest";
import type { Inspection } from "../../lambda/inspection.ts";
import {
  type Answer,
  answer,
  CRASH,
  ESCROWED,
  HANGUP,
  LOST,
  NOT_CONNECTED,
  PAIR,
  result,
  type Scene,
  V2,
  WELL,
} from "./fixtures/aws.ts";
import { play } from "./fixtures/play.ts";

const ROTATED = answer(result("rotated", "renewed: the pair was due"));
const SETTLED = answer(result("settled", "promoted: the pair is in use"));
const SEED = '{"client_id":"client-1","client_secret":"secret-1","refresh_token":"refresh-1"}';
const PAIR_ALONE = '{"refresh_token":"refresh-1"}';
const REDIRECT = { outputs: { RedirectUri: "https://desk.example/cb" } };

it.each<[string, readonly Answer[], number, readonly unknown[]]>([
  ["rotate", [ROTATED], 0, [{}]],
  ["rotate", [answer(result("idle", "not-due: nothing to do"))], 0, [{}]],
  ["rotate --now", [ROTATED], 0, [{ force: true }]],
  ["rotate", [answer(result("halted", "lost: a person is needed")), answer(LOST)], 4, [{}, { inspect: true }]],
  ["rotate", [CRASH, answer(LOST)], 4, [{}, { inspect: true }]],
  ["rotate", [CRASH, answer(WELL)], 1, [{}, { inspect: true }]],
])("ends %j after %j with %i", async (words, answers, exit, events) => {
  const played = await play(words, { answers });

  expect([played.exit, played.events]).toEqual([exit, events]);
});

it("invokes once where the answer gets lost, and says that the function may be at work", async () => {
  const { exit, stderr, events } = await play("rotate --now", { answers: [HANGUP] });

  expect([exit, events]).toEqual([1, [{ force: true }]]);
  expect(stderr).toMatch(
    /may still be running\. Do not type this again\. In two minutes, type npx --no xt-token status\n$/,
  );
});

it("lists every pair and names the command to type where nobody can be asked", async () => {
  const { exit, stdout, events } = await play("recover", { answers: [answer(LOST)] });

  expect([exit, events]).toEqual([4, [{ inspect: true }]]);
  expect(stdout).toMatch(/^22222222 {2}in the escrow\n {2}can be put in use: it came after the pair in use\n/);
  expect(stdout).toMatch(
    /\n {2}type npx --no xt-token authorize\n {2}type npx --no xt-token recover --promote 22222222 --yes\n$/,
  );
});

it("ends a promotion with what is left to do", async () => {
  const scene = { answers: [answer(LOST), SETTLED, answer({ ...LOST, pairs: [] })] };

  const { exit, stdout, events } = await play("recover --promote 2 --yes", scene);

  expect([exit, events[1]]).toEqual([4, { promote: { versionId: V2 } }]);
  expect(stdout).toMatch(
    /\nsettled {2}promoted: the pair is in use\n.*\n✗ the pair .* is lost\n {2}type npx --no xt-token authorize\n$/,
  );
});

it.each([
  ["3", 2, /no kept version has an id that begins so/],
  ["22", 2, /2 versions have an id that begins so, give more digits/],
  ["1", 1, /version 11111111 stays as it is: it is the pair in use/],
])("promotes nothing for --promote %s", async (id, exit, sentence) => {
  const pairs = [ESCROWED, { ...ESCROWED, versionId: "22" }, PAIR];

  const played = await play(`recover --promote ${id} --yes`, { answers: [answer({ ...LOST, pairs })] });

  expect([played.exit, played.events.length]).toEqual([exit, 1]);
  expect(played.stderr).toMatch(sentence);
});

it("reads the code from standard input and hands it to the function alone", async () => {
  const scene = { ...REDIRECT, answers: [answer(WELL), answer(result("authorized", "authorized: done"))] };

  const { exit, stdout, stderr, events } = await play("authorize --replace-account", scene, "c0de-1\n");

  expect([exit, events[1]]).toEqual([0, { authorize: { code: "c0de-1", replaceAccount: true } }]);
  expect(stderr).toMatch(/\nhttps:\/\/www\.xt\.com\/en\/accounts\/oauth2\?.*&client_id=client-1&.*&state=[\w-]{22}\n$/);
  expect(stdout + stderr).not.toContain("c0de-1");
});

it.each<[string, Scene, number, RegExp]>([
  ["no redirect URI", {}, 2, /--redirect-uri is missing/],
  [
    "no client id",
    { ...REDIRECT, answers: [answer({ ...WELL, settings: { ...WELL.settings, clientId: null } })] },
    1,
    /seed --credentials-only\n$/,
  ],
  [
    "a function that cannot be asked",
    { ...REDIRECT, answers: [CRASH] },
    1,
    /Type this first: npx --no xt-token doctor\n$/,
  ],
])("asks for no code with %s", async (_what, scene, exit, sentence) => {
  const played = await play("authorize", scene, "c0de-1");

  expect(played.exit).toBe(exit);
  expect(played.stderr).toMatch(sentence);
});

it("seeds the credentials, then the pair under XT_SEED, and lets the function promote it", async () => {
  const expired = { ...WELL, current: { ...PAIR, refreshExpiresAt: "2020-01-01T00:00:00.000Z" } };

  const { exit, stdout, stderr, writes, events } = await play(
    "seed",
    { answers: [answer(expired), SETTLED, answer(WELL)] },
    SEED,
  );

  expect(exit).toBe(0);
  expect(writes.map(({ SecretString, VersionStages }) => [SecretString, VersionStages])).toEqual([
    ['{"client_id":"client-1","client_secret":"secret-1"}', undefined],
    ['{"schema":1,"client_id":"client-1","refresh_token":"refresh-1"}', ["XT_SEED"]],
  ]);
  expect(events[1]).toEqual({ promote: { versionId: writes[1]?.["ClientRequestToken"] } });
  expect(stdout + stderr).not.toMatch(/secret-1|refresh-1/);
});

it("fills an empty secret by its first version, and steals AWSCURRENT from none that it did not see", async () => {
  const scene = { answers: [answer({ ...WELL, labels: {}, current: null }), answer(WELL)] };

  const { exit, writes, events } = await play("seed", scene, SEED);

  expect([exit, events]).toEqual([0, [{ inspect: true }, { inspect: true }]]);
  expect(writes[1]).toMatchObject({
    SecretString: '{"schema":1,"client_id":"client-1","refresh_token":"refresh-1"}',
    VersionStages: ["XT_SEED"],
  });
});

it.each<[string, unknown, string, RegExp]>([
  ["a living pair", WELL, "seed", /holds a pair in use, .*\n.*to overwrite type npx --no xt-token seed --overwrite\n$/],
  ["a value that is no pair", { ...WELL, current: null }, "seed", /holds a value that is not a token pair/],
  [
    "another client's credentials",
    { ...WELL, settings: { ...WELL.settings, clientId: "client-2" } },
    "seed --credentials-only",
    /holds the credentials of another client, client-2\n.* seed --credentials-only --overwrite\n$/,
  ],
])("writes nothing over %s unless it is told to", async (_what, inspection, words, sentence) => {
  const input = words === "seed" ? SEED : '{"client_id":"client-1","client_secret":"secret-1"}';

  const { exit, stderr, writes } = await play(words, { answers: [answer(inspection)] }, input);

  expect([exit, writes]).toEqual([1, []]);
  expect(stderr).toMatch(sentence);
});

it("writes nothing where the function cannot be asked or the input is wrong", async () => {
  const blind = await play("seed", { answers: [CRASH] }, SEED);
  const wrong = await play("seed", {}, '{"client_id":"client-1"}');

  expect([blind.exit, blind.writes, wrong.exit, wrong.events]).toEqual([1, [], 2, []]);
  expect(blind.stderr).toContain("Only the function can tell what would be overwritten, so nothing is written");
});

it("seeds a new connection: makes two secrets with the function's key, and leaves the schedule to the census", async () => {
  const scene = { answers: [answer(NOT_CONNECTED)] };

  const { exit, stdout, stderr, writes, events } = await play("seed --connection user-42", scene, PAIR_ALONE);

  expect([exit, events]).toEqual([0, [{ connection: "user-42", inspect: true }]]);
  const alike = {
    ClientRequestToken: expect.stringMatching(/^[\w-]{36}$/),
    KmsKeyId: "key-1",
    Tags: [{ Key: "application", Value: "xt-token-rotation" }],
  };
  expect(writes).toEqual([
    { Name: "xt/user-42/access-token", ...alike },
    {
      Name: "xt/user-42/pair",
      SecretString: '{"schema":1,"client_id":"client-1","refresh_token":"refresh-1"}',
      ...alike,
    },
  ]);
  expect(
    stdout,
  ).toBe(`✓ user-42 is a connection now. Within the hour the census makes its schedule, then ticks renew the pair
  type npx --no xt-token status --connection user-42
`);
  expect(stdout + stderr).not.toContain("refresh-1");
});

it("seeds an existing further connection like default, but without client credentials", async () => {
  const expired = { ...WELL, current: { ...PAIR, refreshExpiresAt: "2020-01-01T00:00:00.000Z" } };
  const scene = { answers: [answer(expired), SETTLED, answer(WELL)] };

  const { exit, writes, events } = await play("seed --connection user-42", scene, PAIR_ALONE);

  expect(exit).toBe(0);
  expect(writes.map(({ SecretString, VersionStages }) => [SecretString, VersionStages])).toEqual([
    ['{"schema":1,"client_id":"client-1","refresh_token":"refresh-1"}', ["XT_SEED"]],
  ]);
  expect(events[1]).toEqual({ connection: "user-42", promote: { versionId: writes[0]?.["ClientRequestToken"] } });
});

it.each<[string, Inspection, string, number, RegExp]>([
  ["a client secret", NOT_CONNECTED, SEED, 2, /: client_secret must be left out, all connections have the same client/],
  [
    "a pair of another client",
    NOT_CONNECTED,
    '{"client_id":"client-2","refresh_token":"refresh-1"}',
    2,
    /the pair was issued to another client, the client secret holds the credentials of client-1/,
  ],
  [
    "no client",
    { ...NOT_CONNECTED, settings: { ...WELL.settings, clientId: null } },
    PAIR_ALONE,
    1,
    /write them first: npx --no xt-token seed --credentials-only --connection user-42\n$/,
  ],
  ["a living pair", WELL, PAIR_ALONE, 1, /type npx --no xt-token seed --overwrite --connection user-42\n$/],
])("writes nothing for a further connection with %s", async (_what, inspection, input, exit, sentence) => {
  const played = await play("seed --connection user-42", { answers: [answer(inspection)] }, input);

  expect([played.exit, played.writes]).toEqual([exit, []]);
  expect(played.stderr).toMatch(sentence);
});

it("says before the link that the code makes a new connection", async () => {
  const scene = { ...REDIRECT, answers: [answer(NOT_CONNECTED), answer(result("authorized", "authorized: done"))] };

  const { exit, stderr, events } = await play("authorize --connection user-42", scene, "c0de-1\n");

  expect([exit, events[1]]).toEqual([0, { connection: "user-42", authorize: { code: "c0de-1" } }]);
  expect(stderr).toContain("\nuser-42 is not connected: the function makes the connection when the code arrives\nopen");
});
