import { defineConfig } from "vitest/config";

// `just test --all` sets it; a slow test that is named runs too.
if (process.argv.some((word) => word.includes(".slow"))) process.env.TEST_ALL = "1";
const all = process.env.TEST_ALL === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // What takes long, or needs more than Node: a browser, a terminal, a compiler, other Nodes.
    exclude: all ? [] : ["test/**/*.slow.test.ts"],
    globalSetup: "test/build-steps.ts",
    // A worker of its own for each file would take a quarter of a second of a core, and each
    // would load its modules again. So no module of the tests may set hooks when it loads.
    isolate: false,
    setupFiles: "test/afterwards.ts",
    // Nothing takes so long, not even on a busy machine: it is there for what hangs.
    testTimeout: all ? 180_000 : 120_000,
    hookTimeout: all ? 180_000 : 120_000,
    // Most tests wait for servers, and servers start while others answer: some more at a
    // time than there are cores.
    maxWorkers: 3,
    maxConcurrency: 8,
    slowTestThreshold: 10_000,
  },
});
