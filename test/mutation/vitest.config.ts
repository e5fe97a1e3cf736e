import { defineConfig } from "vitest/config";

/** The tests that the core has to itself. What runs the whole bundle would be repeated for each of a thousand mutants. */
export default defineConfig({
  test: {
    include: ["test/rotation/**/*.test.ts", "test/properties/**/*.test.ts"],
    // It reads the source, which is not the project's own while it is mutated.
    exclude: ["test/rotation/advice.test.ts"],
    setupFiles: ["test/mutation/fixed-seed.ts"],
  },
});
