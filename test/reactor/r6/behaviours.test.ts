// Checks every behaviour of HTTP on r6, with each poller that can run here, and on two threads.
import { describe } from "vitest";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { ALL, someOf } from "../../requirements.ts";
import { holdsAllHttp } from "../r8/hold.ts";

describe.each(someOf(availablePollers()))("with $name", ({ name }) => {
  holdsAllHttp("r6-reactor", "--poller", name);
});

describe.runIf(ALL && process.platform === "linux")("on two threads", () => {
  holdsAllHttp("r6-reactor", "--threads", "2");
});
