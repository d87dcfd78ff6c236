// Checks every behaviour of HTTP on r8 in its default style. The slow tests check the
// others, and simulated.test.ts all three on the simulated network.
import { holdsAllHttp } from "./hold.ts";

holdsAllHttp("r8-runtime");
