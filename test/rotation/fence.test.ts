import { expect, it } from "vitest";
import { type Fence, fence, type Run } from "../../lambda/rotation/fence.ts";
import type { TokenStore } from "../../lambda/rotation/ports.ts";
import { Sensitive } from "../../lambda/rotation/sensitive.ts";
import { at } from "./given.ts";
import { createWorld, recordOfPeer, seededSecret, type World } from "./world.ts";

const RUN: Run = { id: "run-1", nonce: "nonce-1", deadlineAtMs: at("12:02"), exchangeTimeoutMs: 20_000 };

/** Fences attempt 1 on `v1` at noon. */
function fenceV1({ ports }: World, run: Run = RUN): Promise<Fence> {
  return fence(ports, run, { arn: "arn:token-secret", parent: "v1", attempt: 1 });
}

it("writes a record of who it is and until when it may be at work", async () => {
  const world = createWorld();

  const fenced = await fenceV1(world);

  expect(fenced).toEqual({ kind: "held", versionId: "attempt-1-of-v1" });
  expect(world.secret.versions.get("attempt-1-of-v1")?.text?.reveal()).toBe(
    '{"schema":1,"kind":"attempt","parent":"v1","attempt":1,"run":"run-1","nonce":"nonce-1",' +
      '"started_at":"2026-11-23T12:00:00.000Z","deadline_at":"2026-11-23T12:02:00.000Z"}',
  );
});

it("keeps an authorization code out of its record", async () => {
  const world = createWorld();

  await fence(world.ports, RUN, { arn: "arn:token-secret", parent: new Sensitive("code-1"), attempt: 1 });

  const record = world.secret.versions.get("attempt-1-of-code-1")?.text?.reveal();
  expect(record).toContain('"parent":"authorization"');
  expect(record).not.toContain("code-1");
});

it.each([
  ["ten seconds where there is plenty", "12:02", "12:00:10"],
  ["what the exchange and thirty seconds of storing leave", "12:00:55", "12:00:05"],
])("gives the write %s", async (_, deadline, expected) => {
  const times: number[] = [];
  const write: TokenStore["fence"] = async (_id, _record, untilMs) => {
    times.push(untilMs);
    return "held";
  };

  await fenceV1(createWorld({ store: { fence: write } }), { ...RUN, deadlineAtMs: at(deadline) });

  expect(times).toEqual([at(expected)]);
});

it("throws NotEnoughTime before the write where a millisecond is lacking", async () => {
  const world = createWorld();

  const fenced = fenceV1(world, { ...RUN, deadlineAtMs: at("12:00:49.999") });

  await expect(fenced).rejects.toMatchObject({
    name: "NotEnoughTime",
    message: "49999 ms are left and a rotation needs 50000 ms, nothing is spent and the next tick tries again",
  });
  expect(world.calls).toEqual([]);
});

it("goes ahead where the time is just enough", async () => {
  const fenced = await fenceV1(createWorld(), { ...RUN, deadlineAtMs: at("12:00:50") });

  expect(fenced.kind).toBe("held");
});

it("returns the newest attempt where it collides", async () => {
  const secret = seededSecret();
  for (const attempt of [1, 2, 3]) secret.put(`attempt-${attempt}-of-v1`, recordOfPeer("12:00", attempt));
  const world = createWorld({ secret });

  const fenced = await fenceV1(world);

  expect(fenced).toMatchObject({
    kind: "collided",
    newest: { versionId: "attempt-3-of-v1", record: { attempt: 3 } },
  });
  expect(world.calls).toEqual([
    "fence attempt-1-of-v1",
    "readVersion attempt-1-of-v1",
    "readVersion attempt-2-of-v1",
    "readVersion attempt-3-of-v1",
    "readVersion attempt-4-of-v1",
  ]);
});

it("returns no attempt where the one that it collided with cannot be read yet", async () => {
  const world = createWorld({ store: { fence: async () => "collided" } });

  expect(await fenceV1(world)).toEqual({ kind: "collided", newest: undefined });
});
