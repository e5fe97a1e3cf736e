import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { startEscrow, V2 } from "./fixtures/escrow-over-http.ts";

/** Modules of the SDK's client for SSM that this process has loaded. Alone in its file, since loading can't be undone. */
function loadedModules(): number {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).filter((path) => path.includes("/@aws-sdk/client-ssm/")).length;
}

it("loads the SDK's client at the first call and not before", async () => {
  // given
  const { escrow } = await startEscrow();
  const before = loadedModules();

  // when
  await escrow.discard(V2);

  // then
  expect(before).toBe(0);
  expect(loadedModules()).toBeGreaterThan(0);
});
