// Every behaviour of HTTP, held against r7 as it usually is. With other proactors, and on more
// threads, in the slow tests.
import { holdsAllHttp } from "../r8/hold.ts";

holdsAllHttp("r7-ioserver");
