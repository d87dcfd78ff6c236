import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/build-steps.ts",
    // Nothing takes so long: it is there for what hangs.
    testTimeout: 60_000,
    // Servers start while others answer: some more than there are cores.
    maxConcurrency: 8,
    slowTestThreshold: 10_000,
  },
});
