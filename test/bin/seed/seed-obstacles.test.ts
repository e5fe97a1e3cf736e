import { expect, it } from "vitest";
import { CREDENTIALS, SEEDED, start, writes } from "../fixtures/seeding-world.ts";
import { issuedPair } from "../fixtures/stored-pair.ts";

it("refuses to replace a live pair that was issued to a rotation, until it is told to", async () => {
  const world = await start({ token: issuedPair(), client: CREDENTIALS });
  const { AWSCURRENT: versionId } = world.aws.labels("token");

  const refused = await world.seed();

  expect(refused).toEqual({
    kind: "refused",
    obstacles: [
      `version ${versionId} of token (AWSCURRENT) holds a pair that was issued to a rotation at 2026-11-22T12:00:00.000Z and would live until 2027-05-22T12:00:00.000Z by its date, unless XT refuses it`,
    ],
  });
  expect(writes(world)).toEqual([]);
  await world.seed({ overwrite: true });
  expect(world.aws.value("token")).toBe(SEEDED);
  expect(world.aws.labels("token")).toMatchObject({ AWSPREVIOUS: versionId });
});

it("takes a pair of unknown expiry for live", async () => {
  const world = await start({ token: issuedPair({ refresh_expires_at: undefined }) });

  expect(await world.seed()).toMatchObject({
    kind: "refused",
    obstacles: [expect.stringMatching(/ and may live on, unless XT refuses it$/)],
  });
});

it("replaces an issued pair whose refresh token has expired", async () => {
  const world = await start({ token: issuedPair({ refresh_expires_at: "2026-11-23T12:00:00.000Z" }) });

  expect(await world.seed()).toMatchObject({ kind: "seeded", pair: { kind: "written" } });
});

it("refuses to pass over a live pair that waits under XT_ISSUED", async () => {
  const world = await start({ token: '{"refresh_token":"spent"}' });
  const versionId = world.aws.put("token", issuedPair(), { labels: ["XT_ISSUED"] });

  expect(await world.seed()).toEqual({
    kind: "refused",
    obstacles: [
      `version ${versionId} of token (XT_ISSUED) holds a pair that was issued to a rotation at 2026-11-22T12:00:00.000Z and would live until 2027-05-22T12:00:00.000Z by its date, unless XT refuses it`,
    ],
  });
});

it("seeds the very pair that waits under XT_ISSUED", async () => {
  const world = await start({ token: '{"refresh_token":"spent"}' });
  world.aws.put("token", issuedPair({ refresh_token: "refresh-1" }), { labels: ["XT_ISSUED"] });

  expect(await world.seed()).toMatchObject({ kind: "seeded", pair: { kind: "written" } });
});

it.each([
  ["2026-11-23T11:50:00.001Z", "refused"],
  ["2026-11-23T11:50:00.000Z", "seeded"],
])("with an open attempt whose deadline is %s the seeding is %s", async (deadlineAt, kind) => {
  const world = await start({ token: '{"refresh_token":"mistyped"}' });
  const { AWSCURRENT: parent } = world.aws.labels("token");
  const run = { run: "run-1", nonce: "nonce-1", started_at: "2026-11-23T11:48:00Z", deadline_at: deadlineAt };
  const record = { kind: "attempt", parent, attempt: 1, ...run };
  world.aws.put("token", JSON.stringify(record), { labels: ["XT_ATTEMPT"] });

  expect((await world.seed()).kind).toBe(kind);
});

it.each([
  ["plain text", "the value must be JSON"],
  ['{"password":"x"}', "refresh_token must be a string, got nothing"],
])("refuses to replace %j, which is not ours, until it is told to", async (token, problem) => {
  const world = await start({ token });
  const { AWSCURRENT: versionId } = world.aws.labels("token");

  const refused = await world.seed();

  expect(refused).toEqual({
    kind: "refused",
    obstacles: [`version ${versionId} of token (AWSCURRENT) is no token pair, ${problem}`],
  });
  await world.seed({ overwrite: true });
  expect(world.aws.value("token", "AWSPREVIOUS")).toBe(token);
});

it("finds every obstacle in both secrets and writes to neither", async () => {
  const world = await start({ token: "plain text", client: '{"client_id":"client-2","client_secret":"secret-2"}' });

  expect(await world.seed()).toEqual({
    kind: "refused",
    obstacles: [
      expect.stringMatching(/^version \S+ of client \(AWSCURRENT\) holds the credentials of another client$/),
      expect.stringMatching(/^version \S+ of token \(AWSCURRENT\) is no token pair/),
    ],
  });
  expect(writes(world)).toEqual([]);
});

it("replaces what is not ours in the client secret as a whole once it is told to", async () => {
  const world = await start({ client: '{"password":"x"}' });
  expect(await world.seed()).toMatchObject({
    obstacles: [
      expect.stringMatching(
        /^version \S+ of client \(AWSCURRENT\) is not ours, it must hold client credentials, client_id must be a str/,
      ),
    ],
  });

  await world.seed({ overwrite: true });

  expect(world.aws.value("client")).toBe(CREDENTIALS);
});
