import { defineConfig } from "vitest/config";

/** The tests that the core has to itself. What runs the whole bundle would be repeated for each of a thousand mutants. */
export default defineConfig({
  test: {
    include: ["test/rotation/**/*.test.ts", "test/properties/**/*.test.ts"],
    setupFiles: ["test/mutation/fixed-seed.ts"],
  },
});
