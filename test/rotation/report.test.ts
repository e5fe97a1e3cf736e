import { expect, it } from "vitest";
import { asCurrent, report } from "../../lambda/rotation/report.ts";
import { rotate } from "../../lambda/rotation/rotate.ts";
import { answered, at, current, issued } from "./given.ts";
import { memorySecret } from "./memory-store.ts";
import { createWorld, type Scene } from "./world.ts";

it("reports a pair's times and none of its tokens", () => {
  const seeded = current({ refreshExpiresAtMs: at("20:00") });

  expect(report("default", "idle", "not-due: in a while", seeded)).toEqual({
    outcome: "idle",
    reason: "not-due: in a while",
    connection: "default",
    versionId: "v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    refreshExpiresAt: "2026-11-23T20:00:00.000Z",
    nextRenewalAt: "2026-11-23T12:00:00.000Z",
  });
});

it("reports null for times that are unknown", () => {
  const result = report("default", "idle", "not-due: in a while", current({ expiresAtMs: undefined }));

  expect(result).toMatchObject({
    expiresAt: null,
    refreshExpiresAt: null,
    nextRenewalAt: "2026-11-23T06:00:00.000Z",
  });
});

it.each([
  ["absent", { kind: "absent", versionId: undefined }, null],
  ["malformed", { kind: "malformed", versionId: "v1", problem: "the value must be JSON" }, "v1"],
  ["elsewhere", { kind: "unread", versionId: "v2" }, "v2"],
  ["unread", { kind: "unread", versionId: undefined }, null],
] as const)("reports the version alone where the pair in use is %s", (_, known, versionId) => {
  expect(report("default", "halted", "malformed: as it is", known)).toEqual({
    outcome: "halted",
    reason: "malformed: as it is",
    connection: "default",
    versionId,
    expiresAt: null,
    refreshExpiresAt: null,
    nextRenewalAt: null,
  });
});

it("takes a promoted pair for the current one, as old as its issue", () => {
  const known = asCurrent(issued("v1"));

  expect(report("default", "rotated", "renewed: just now", known)).toMatchObject({
    versionId: "issued-1-of-v1",
    expiresAt: "2026-11-23T15:00:00.000Z",
    nextRenewalAt: "2026-11-23T14:00:00.000Z",
  });
});

it.each<[string, Scene, number]>([
  ["a halt", { secret: memorySecret() }, 4],
  ["an idle tick", { time: "11:00" }, 0],
  ["a renewal", {}, 0],
  ["a deferral", { answer: answered(429, "") }, 3],
])("tells how bad %s is", async (_, scene, severity) => {
  const { ports, request } = createWorld(scene);

  expect(await rotate(ports, request())).toMatchObject({ severity });
});
