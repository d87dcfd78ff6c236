import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/build-steps.ts",
    // Nothing takes so long: it is there for what hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most tests wait for servers, and servers start while others answer: some more at a
    // time than there are cores.
    maxWorkers: 3,
    maxConcurrency: 8,
    slowTestThreshold: 10_000,
  },
});
