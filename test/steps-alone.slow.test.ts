// Every behaviour against every step of its range, each in a process of its own, as `just
// check` holds it against the server of a reader.
import { holdSteps } from "./steps.ts";

holdSteps({ alone: true });
