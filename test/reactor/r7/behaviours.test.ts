// Checks every behaviour of HTTP on r7 in its default setup. The slow tests use other
// proactors and more threads.
import { holdsAllHttp } from "../r8/hold.ts";

holdsAllHttp("r7-ioserver");
