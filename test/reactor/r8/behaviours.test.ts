// Every behaviour of HTTP, held against r8 in its usual style. The others are in the slow tests,
// and all three on the simulated network.
import { holdsAllHttp } from "./hold.ts";

holdsAllHttp("r8-runtime");
