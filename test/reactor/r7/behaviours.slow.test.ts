// Checks every behaviour of HTTP on r7 with several threads, with each proactor that runs
// here, and with as few ports as concurrent clients.
import { describe } from "vitest";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { holdsAllHttp } from "../r8/hold.ts";

const POLLERS = availablePollers().map(({ name }) => name);

describe.each([...new Set(["adapter", ...POLLERS])])("with %s", (name) => {
  holdsAllHttp("r7-ioserver", "--poller", name, "--threads", "3");
});

describe("always waking", () => {
  holdsAllHttp("r7-ioserver", "--wake", "always", "--threads", "2");
});
