import { expect, it } from "vitest";
import { type Facts, receivedAndUnusedSinceMs } from "../../lambda/rotation/facts.ts";
import { at, attemptOnV1, facts, issued } from "./given.ts";
import { createWorld, issuedDocument, recordOfPeer, seededSecret, tick, type World } from "./world.ts";

/** What a run told, in short: the current version, and the attempt's state behind it where there is one. */
function told({ seen }: World): readonly string[] {
  return seen.map(({ current, attempt }) => [current.versionId, attempt?.state].filter(Boolean).join(" "));
}

it("are told as they were seen, and once more when a pair comes into use", async () => {
  const world = createWorld();

  await tick(world);

  expect(told(world)).toEqual(["v1", "issued-1-of-v1"]);
});

it("are told of an interrupted run's pair that is promoted", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  const world = createWorld({ secret });

  await tick(world);

  expect(told(world)).toEqual(["v1", "issued-1-of-v1"]);
});

it("are told of a peer at work", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:05" });

  await tick(world);

  expect(told(world)).toEqual(["v1 open"]);
});

it("are not told of a promotion that was refused", async () => {
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  const moveCurrent = async () => ({ kind: "refused", code: "AccessDeniedException" }) as const;
  const world = createWorld({ secret, store: { moveCurrent } });

  await tick(world).catch(() => undefined);

  expect(told(world)).toEqual(["v1"]);
});

it.each<[string, Partial<Facts>, number | undefined]>([
  ["a staged pair that succeeds the one in use", { staged: issued("v1") }, at("12:00")],
  ["an attempt without an answer", { attempt: attemptOnV1("open") }, at("12:00")],
  ["another grant's pair", { staged: issued("v0") }, undefined],
  ["an attempt that spent nothing", { attempt: attemptOnV1("unspent") }, undefined],
  ["an attempt that was settled", { attempt: attemptOnV1("unknown") }, undefined],
  ["nothing", {}, undefined],
])("say since when a received pair is not in use: %s", (_, given, expected) => {
  expect(receivedAndUnusedSinceMs(facts(given))).toBe(expected);
});
