// The chat as a log does all that step 18 does.
import { join } from "node:path";
import { inject } from "vitest";
import { ALL } from "../requirements.ts";
import { holdStep } from "../steps.ts";

holdStep("m1-log, as 18", {
  step: 18,
  command: () => [process.execPath, join(inject("built"), "m1-log/server.js")],
  alone: false,
  // Those that flood it take as long as all others together.
  leaveOut: ({ flags }) => (flags.length > 0 && !ALL ? "only by --all" : undefined),
});
