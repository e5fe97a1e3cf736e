import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The default leaves one core to the terminal, which on two cores doubles the time.
    maxWorkers: "100%",
  },
});
