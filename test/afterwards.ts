// After each file of tests: ends the commands that it has left. Files share a worker, and with
// it the modules: a hook that a module sets when it loads would serve the first file only.
// This file runs again before each (setupFiles in vitest.config.ts).
import { afterAll } from "vitest";
import { endCommands } from "./run.ts";

afterAll(endCommands);
