import { expect, it } from "vitest";
import { rotate } from "../../lambda/rotation/rotate.ts";
import { createWorld, issuedDocument, recordOfPeer, seededSecret } from "./world.ts";

/** What the gauge was told, in short: the current version, and the attempt's state behind it where there is one. */
function told({ seen }: ReturnType<typeof createWorld>): readonly string[] {
  return seen.map(({ current, attempt }) =>
    [current.kind === "absent" ? "absent" : current.versionId, attempt?.state].filter(Boolean).join(" "),
  );
}

it("tells what it saw, and the pair that came into use", async () => {
  // given
  const world = createWorld();

  // when
  await rotate(world.ports, world.request());

  // then
  expect(told(world)).toEqual(["v1", "issued-1-of-v1"]);
});

it("tells of an interrupted run's pair that it promotes", async () => {
  // given
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  const world = createWorld({ secret });

  // when
  await rotate(world.ports, world.request());

  // then
  expect(told(world)).toEqual(["v1", "issued-1-of-v1"]);
});

it("tells of a peer at work", async () => {
  // given
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT");
  const world = createWorld({ secret, time: "12:05" });

  // when
  await rotate(world.ports, world.request());

  // then
  expect(told(world)).toEqual(["v1 open"]);
});

it("does not tell of a promotion that was refused", async () => {
  // given
  const secret = seededSecret();
  secret.put("issued-1-of-v1", issuedDocument("v1"), "XT_ISSUED");
  const world = createWorld({
    secret,
    store: { moveCurrent: async () => ({ kind: "refused", code: "AccessDeniedException" }) },
  });

  // when
  await rotate(world.ports, world.request()).catch(() => undefined);

  // then
  expect(told(world)).toEqual(["v1"]);
});
