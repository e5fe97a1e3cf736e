import { defineConfig } from "vitest/config";

/** Suites that change what a worker shares: modules loaded anew, time that is virtual, processes that are used again. */
const ALONE = ["adapters", "e2e", "examples", "secrecy", "simulation"].map((folder) => `test/${folder}/**/*.test.ts`);

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
        // Loading the CDK and the AWS SDK once for each file would take as long as all the rest.
        test: {
          name: "shared",
          include: ["test/**/*.test.ts"],
          exclude: [...ALONE, "test/handler*.test.ts"],
          isolate: false,
        },
      },
    ],
  },
});
