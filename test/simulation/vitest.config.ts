import { defineConfig } from "vitest/config";

/** Everything that the simulation can play in a few minutes; `npm test` plays a part of it. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["full/*.simulation.ts"],
    testTimeout: 600_000,
    maxWorkers: 2,
    // What was explored and from which seed is part of the result.
    silent: false,
  },
});
