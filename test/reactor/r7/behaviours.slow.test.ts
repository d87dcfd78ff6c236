// Every behaviour of HTTP, held against r7 on several threads, with each proactor that can run
// here, and with as few ports as there can be clients at a time.
import { describe } from "vitest";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { holdsAllHttp } from "../r8/hold.ts";

const POLLERS = availablePollers().map(({ name }) => name);

describe.each([...new Set(["adapter", ...POLLERS])])("by %s", (name) => {
  holdsAllHttp("r7-ioserver", "--poller", name, "--threads", "3");
});

describe("always waking", () => {
  holdsAllHttp("r7-ioserver", "--wake", "always", "--threads", "2");
});
