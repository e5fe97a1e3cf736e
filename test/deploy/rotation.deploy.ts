import { expect } from "vitest";
import type { Rotation } from "./deployment.ts";
import { deployment, itRuns } from "./played.ts";

function rotation(): Rotation {
  const { rotation } = deployment();
  if (rotation === undefined) throw new Error("the function was not run");
  return rotation;
}

itRuns("runs the code that Lambda says it has", () => {
  // given a deployment whose function was run
  // when
  const { isIntact } = rotation();

  // then
  expect(isIntact).toBe(true);
});

itRuns("is seeded by the command that its outputs name", () => {
  // given a deployment whose function was run
  // when
  const { seeding } = rotation();

  // then
  expect(seeding.stdout).toContain("the next tick renews the pair");
  expect(seeding.exit).toBe(0);
});

itRuns("rotates at the schedule's first tick, and idles at its second", () => {
  // given a deployment whose function was run
  // when
  const { ticks } = rotation();

  // then
  expect(ticks).toMatchObject([
    { kind: "response", body: { outcome: "rotated" } },
    { kind: "response", body: { outcome: "idle" } },
  ]);
});

itRuns("keeps the seeded pair as the previous one, and labels what it stored", () => {
  // given
  const { rotated } = rotation();

  // when
  const labels = Object.values(Object(rotated.labels)).map((held) => [...Object(held)].sort());

  // then
  expect(labels).toHaveLength(3);
  expect(labels).toEqual(
    expect.arrayContaining([["AWSPREVIOUS", "XT_SEED"], ["XT_ATTEMPT"], ["AWSCURRENT", "XT_ISSUED"]]),
  );
});

itRuns("publishes the access token of the pair in use under the pair's own VersionId", () => {
  // given
  const { rotated } = rotation();
  const { beforeUpdate } = deployment();

  // when
  const published = [rotated, beforeUpdate].map(({ accessToken: { versionId, value }, token }) => ({
    isSameVersion: versionId === token.versionId,
    isSameToken: Object(value).access_token === Object(token.value).access_token,
    fields: Object.keys(Object(value)).sort(),
  }));

  // then
  const fields = ["access_token", "connection", "expires_at", "scope", "user_id"];
  expect(published).toEqual([
    { isSameVersion: true, isSameToken: true, fields },
    { isSameVersion: true, isSameToken: true, fields },
  ]);
});

itRuns("authorizes with a code, and puts the new pair in use", () => {
  // given
  const { authorizing, rotated } = rotation();

  // when
  const { token } = deployment().beforeUpdate;

  // then
  expect(authorizing.stdout).toMatch(/^authorized {2}authorized: XT granted a new pair\n/);
  expect(authorizing.exit).toBe(0);
  expect(token.value).toMatchObject({ user_id: "12345678", parent: rotated.token.versionId });
});

itRuns("asks XT once for each pair, and holds the living refresh token afterwards", () => {
  // given a deployment whose function was run
  // when
  const { exchanges, isLive } = rotation();

  // then
  expect(exchanges).toEqual(["refresh_token granted", "authorization_code granted"]);
  expect(isLive).toBe(true);
});

itRuns("is well to the command that finds it by the stack's name, and may do on each secret what it needs", () => {
  // given
  const { status } = rotation();
  const { beforeUpdate } = deployment();

  // when
  const inspection = JSON.parse(status.stdout);

  // then
  expect(inspection).toMatchObject({
    schema: 1,
    connection: "default",
    verdict: { severity: 0, code: "not-due", next: null },
    current: { versionId: beforeUpdate.token.versionId, labels: expect.arrayContaining(["AWSCURRENT"]) },
    escrow: { state: "asked" },
  });
  expect(inspection.checks).toMatchObject([
    { name: "token-secret", severity: 0 },
    { name: "client-secret", severity: 0 },
    { name: "access-token-secret", severity: 0 },
    { name: "escrow", severity: 0 },
    { name: "xt", severity: 0 },
    { name: "clock", severity: 0 },
  ]);
  expect(status.exit).toBe(0);
});

itRuns("lists every pair that is kept, and asks nothing without a terminal", () => {
  // given
  const { recovering } = rotation();

  // when
  const uses = recovering.stdout.match(/^ {2}(in use|cannot be put in use|can be put in use)(?=:)/gm);

  // then
  expect(uses).toEqual(["  in use", "  cannot be put in use", "  cannot be put in use"]);
  expect(recovering.exit).toBe(0);
});

itRuns("refuses by name an event that is none", () => {
  // given a deployment whose function was run
  // when
  const { refused } = rotation();

  // then
  expect(refused).toMatchObject({
    kind: "error",
    body: { errorType: "InvalidEvent", errorMessage: expect.stringContaining("nope is unknown") },
  });
});

itRuns("writes every log line as JSON, and its metrics where the alarms look", () => {
  // given
  const { printed, functionName } = rotation();

  // when
  const lines = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

  // then
  const namespaces = lines.flatMap(({ _aws }) => _aws?.CloudWatchMetrics ?? []).map(({ Namespace }) => Namespace);
  expect(namespaces).toEqual([`XtTokenRotation/${functionName}`, `XtTokenRotation/${functionName}`]);
});

itRuns("shows no secret in what the function and the commands print or answer", () => {
  // given a deployment whose function was run
  // when
  const { leaks } = rotation();

  // then
  expect(leaks).toEqual([]);
});
