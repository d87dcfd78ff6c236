// Checks every behaviour of HTTP on each style of r8, with each poller that can run here.
import { describe } from "vitest";
import { availablePollers } from "../../../examples/shared/poll/readiness/pollers.ts";
import { holdsAllHttp } from "./hold.ts";
import { STYLES } from "./server.ts";

const runs = STYLES.flatMap((style) =>
  availablePollers().map(({ name }) => ({ style, name })),
);

describe.each(runs)("$style with $name", ({ style, name }) => {
  holdsAllHttp("r8-runtime", "--style", style, "--poller", name);
});
