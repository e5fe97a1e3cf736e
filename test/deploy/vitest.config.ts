import { defineConfig } from "vitest/config";

/** A deployment with real tools, played once before the tests that look at it. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.deploy.ts"],
    globalSetup: ["global-setup.ts"],
    // Everything was done before, so that what a test does is to compare.
    isolate: false,
  },
});
