import { expect, it } from "vitest";
import { rotate } from "../../lambda/rotation/rotate.ts";
import { createWorld, recordOfPeer, seededSecret } from "./world.ts";

it("rotates under force although another run's attempt is backing off", async () => {
  const secret = seededSecret();
  secret.put("attempt-1-of-v1", recordOfPeer("12:00"), "XT_ATTEMPT", "XT_UNSPENT");
  const world = createWorld({ secret, time: "12:05" });

  const result = await rotate(world.ports, world.request({ force: true }));

  expect(result).toMatchObject({ outcome: "rotated", versionId: "issued-2-of-v1" });
});
