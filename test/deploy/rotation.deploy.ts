import { expect } from "vitest";
import type { Rotation } from "./deployment.ts";
import { deployment, itDeploys, itRuns } from "./played.ts";

function rotation(): Rotation {
  const { rotation } = deployment();
  if (rotation === undefined) throw new Error("the function was not run");
  return rotation;
}

itDeploys("is seeded by the command that its outputs name", () => {
  // given a deployment
  // when
  const { seeding } = deployment();

  // then
  expect(seeding).toMatchObject({ exit: 0, stderr: "" });
});

itRuns("runs the code that Lambda says it has", () => {
  // given a deployment whose function was run
  // when
  const { isIntact } = rotation();

  // then
  expect(isIntact).toBe(true);
});

itRuns("rotates at the schedule's first tick, and idles at its second", () => {
  // given a deployment whose function was run
  // when
  const [first, second] = rotation().endings;

  // then
  expect(first).toMatchObject({ kind: "response", body: { outcome: "rotated" } });
  expect(second).toMatchObject({ kind: "response", body: { outcome: "idle" } });
});

itRuns("asks XT once, and holds the living refresh token afterwards", () => {
  // given a deployment whose function was run
  // when
  const { verdicts, isLive } = rotation();

  // then
  expect(verdicts).toEqual(["granted"]);
  expect(isLive).toBe(true);
});

itRuns("keeps the seeded pair as the previous one, and labels what it stored", () => {
  // given
  const { beforeUpdate } = deployment();

  // when
  const labels = Object.values(Object(beforeUpdate.labels)).map((held) => [...Object(held)].sort());

  // then
  expect(labels).toHaveLength(3);
  expect(labels).toEqual(expect.arrayContaining([["AWSPREVIOUS"], ["XT_ATTEMPT"], ["AWSCURRENT", "XT_ISSUED"]]));
});

itRuns("is healthy to the command that finds it by the stack's name", () => {
  // given
  const { status } = deployment();

  // when
  const document = JSON.parse(status.stdout);

  // then
  expect(document).toMatchObject({
    health: "healthy",
    stack: "XtTokenRotation",
    findings: [],
    current: { attempt: 1 },
  });
  expect(status.exit).toBe(0);
});

itRuns("refuses by name an event that is none", () => {
  // given a deployment whose function was run
  // when
  const { endings } = rotation();

  // then
  expect(endings[2]).toMatchObject({
    kind: "error",
    body: { errorType: "InvalidEvent", errorMessage: expect.stringContaining("nope is unknown") },
  });
});

itRuns("writes every log line as JSON and shows no secret, also where it fails", () => {
  // given
  const { output, leaks } = rotation();

  // when
  const lines = output.trim().split("\n");

  // then
  expect(leaks).toEqual([]);
  for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
});
