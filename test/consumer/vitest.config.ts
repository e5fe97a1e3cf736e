import { defineConfig } from "vitest/config";

/** What the published package is to people who have nothing else. It is packed and installed once, before the tests. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.package.ts"],
    globalSetup: ["install.ts"],
    // A machine that is busy gets its time.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    isolate: false,
  },
});
