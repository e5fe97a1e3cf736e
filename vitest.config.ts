import { defineConfig } from "vitest/config";

/** Suites that change what a worker shares: modules loaded anew, time that is virtual. */
const ALONE = ["adapters", "examples", "secrecy", "simulation"].map((folder) => `test/${folder}/**/*.test.ts`);
const E2E = "test/e2e/**/*.test.ts";

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // The default leaves one core to the terminal, which on two cores doubles the time.
    maxWorkers: "100%",
    projects: [
      { extends: true, test: { name: "alone", include: [...ALONE, "test/handler*.test.ts"] } },
      {
        extends: true,
        // The files share the bundle and the processes that run it, since a process starts longer than a test takes.
        test: { name: "e2e", include: [E2E], isolate: false, globalSetup: "test/e2e/fixtures/global-setup.ts" },
      },
      {
        extends: true,
        // Loading the CDK and the AWS SDK once for each file would take as long as all the rest.
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [...ALONE, E2E, "test/handler*.test.ts"],
          isolate: false,
        },
      },
    ],
  },
});
